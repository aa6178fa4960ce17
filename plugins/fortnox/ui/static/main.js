// The tab "Reconciliation" of a DAG run: one ES module, no build step.
// React and the look are the Airflow UI's own; every text goes through React as text, never as markup.
// Amounts arrive as whole öre and are only ever divided where the division is exact.

const { createElement: h, Fragment, useEffect, useState } = globalThis.React;

const API = new URL("../api/", import.meta.url);
const POLL_MS = 5000;
const LIST_LIMIT = 50; // of the summary's schema
const UNFINISHED = new Set(["queued", "running"]);

// ---------------------------------------------------------------- values to text

/** 123456 -> "1 234.56" (no-break space between thousands); null -> a dash. */
export function formatOre(ore) {
  if (!Number.isSafeInteger(ore)) return "–";
  const amount = Math.abs(ore);
  const cents = amount % 100;
  const whole = String((amount - cents) / 100).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return `${ore < 0 ? "-" : ""}${whole}.${String(cents).padStart(2, "0")}`;
}

/** "unmapped_payment_method" -> "Unmapped payment method". */
export function words(code) {
  const text = String(code ?? "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Verdict -> its look, its sign (colour is never the only carrier) and its words. */
export function verdictOf(report) {
  const currency = report.currency ?? "SEK";
  const difference = report.totals_ore?.difference ?? 0;
  const held = report.counts?.held ?? 0;
  switch (report.verdict) {
    case "reconciled":
      return { tone: "success", sign: "✓", title: "Reconciled" };
    case "held":
      return { tone: "warning", sign: "!", title: `Reconciled, ${held} held` };
    case "differs":
      return {
        tone: "error",
        sign: "≠",
        // Differences of single orders may cancel out: then the sum says nothing.
        title: difference === 0 ? "Differs" : `Differs by ${formatOre(Math.abs(difference))} ${currency}`,
      };
    case "not_delivered":
      return { tone: "error", sign: "✕", title: "Not delivered" };
    default:
      return { tone: "warning", sign: "?", title: words(report.verdict) || "No verdict" };
  }
}

function windowText(range) {
  if (!range) return "";
  if (range.day) return `Accounting day ${range.day}`;
  return `Changes from ${utcText(range.start_utc)} to ${utcText(range.end_utc)}`;
}

function utcText(iso) {
  return iso ? `${String(iso).slice(0, 16).replace("T", " ")} UTC` : "";
}

function failureText(status, body) {
  if (typeof body?.detail === "string" && status === 404) return body.detail;
  if (status === 401) return "You are not signed in any more. Sign in again and reload the page.";
  if (status === 403) return "You may not read this DAG's reports. Ask your Airflow administrator.";
  if (status === 404) return "There is no report for this run.";
  if (status === 0) return "Airflow can't be reached. Check the network and reload the page.";
  return `Airflow answered with an error (${status}). The api-server's log says why.`;
}

// ---------------------------------------------------------------- fetching

async function getJson(path, signal) {
  let response;
  try {
    response = await fetch(new URL(path, API), { credentials: "same-origin", signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { status: 0, body: null };
  }
  const body = await response.json().catch(() => null);
  return { status: response.ok && body === null ? 500 : response.status, body };
}

/** Fetches again whenever the path changes, and every few seconds while `again(answer)` says so. */
function useJson(path, again = () => false) {
  const [answer, setAnswer] = useState(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer;
    const load = () =>
      getJson(path, abort.signal).then(
        (fresh) => {
          setAnswer({ path, ...fresh });
          if (again(fresh)) timer = setTimeout(load, POLL_MS);
        },
        () => {}, // aborted: the tab was left
      );
    load();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path]);
  return answer?.path === path ? answer : null;
}

// ---------------------------------------------------------------- building blocks

function Section({ title, note, children }) {
  return h("section", null, h("h2", null, title), note ? h("p", { className: "note" }, note) : null, children);
}

/** columns: [{title, of(row), number?, head?}]; the head column names the row. */
function Table({ caption, columns, rows }) {
  const cell = (column, row, key) =>
    h(
      column.head ? "th" : "td",
      { key, className: column.number ? "number" : undefined, scope: column.head ? "row" : undefined },
      column.of(row),
    );
  return h(
    "div",
    { className: "scroll", role: "region", "aria-label": caption, tabIndex: 0 },
    h(
      "table",
      null,
      h("caption", null, caption),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          columns.map((column) =>
            h("th", { key: column.title, scope: "col", className: column.number ? "number" : undefined }, column.title),
          ),
        ),
      ),
      h(
        "tbody",
        null,
        rows.map((row, index) => h("tr", { key: index }, columns.map((column) => cell(column, row, column.title)))),
      ),
    ),
  );
}

const money = (title, of) => ({ title, number: true, of: (row) => formatOre(of(row)) });
const text = (title, of, head = false) => ({ title, head, of: (row) => of(row) ?? "" });

/** Says so when the report holds only the beginning of a list. */
function cutNote(rows) {
  return rows.length >= LIST_LIMIT ? `Only the first ${rows.length} are listed here.` : "";
}

// ---------------------------------------------------------------- parts of the report

function Verdict({ report }) {
  const { tone, sign, title } = verdictOf(report);
  const shop = [report.shop?.name, report.company?.name, report.company?.organisation_number].filter(Boolean);
  return h(
    "header",
    { className: `verdict ${tone}` },
    h("h1", null, h("span", { className: "sign", "aria-hidden": true }, sign), title),
    h("p", { className: "headline" }, report.headline ?? ""),
    h("p", { className: "note" }, [...shop, windowText(report.window), `made ${utcText(report.made_at)}`].join(" · ")),
  );
}

function Counts({ report }) {
  const counts = Object.entries(report.counts ?? {});
  return h(
    Section,
    { title: "Counts", note: report.direction === "import" ? "From Fortnox to the shop." : "From the shop to Fortnox." },
    h(
      "dl",
      { className: "figures" },
      counts.map(([name, count]) => h("div", { key: name }, h("dt", null, words(name)), h("dd", null, String(count)))),
    ),
  );
}

function Totals({ report }) {
  // Articles and stock: nothing in them is money.
  if (report.kind) return h(Counts, { report });
  const totals = report.totals_ore ?? {};
  const counts = report.counts ?? {};
  const figures = [
    ["Shop", totals.shop, `${counts.orders ?? 0} orders, ${counts.refunds ?? 0} refunds`],
    ["Documents in Fortnox", totals.documents, `${counts.documents ?? 0} documents`],
    ["Held back", totals.held, `${counts.held ?? 0} held`],
    ["Ledger", totals.ledger, totals.ledger == null ? "not read" : "as booked"],
    ["Difference", totals.difference, "not explained by the above"],
  ];
  const done = ["created", "booked", "unchanged", "not_due"].map((key) => `${words(key).toLowerCase()} ${counts[key] ?? 0}`);
  return h(
    Section,
    { title: "Totals", note: `Amounts in ${report.currency ?? "SEK"}, VAT included. Documents: ${done.join(", ")}.` },
    h(
      "dl",
      { className: "figures" },
      figures.map(([name, ore, small]) =>
        h("div", { key: name }, h("dt", null, name), h("dd", null, formatOre(ore)), h("dd", { className: "note" }, small)),
      ),
    ),
  );
}

function Differences({ report }) {
  const rows = report.differences ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: "Differences", note: `Largest first. ${cutNote(rows)}` },
    h(Table, {
      caption: "Orders whose document differs from the shop",
      rows,
      columns: [
        text("Order", (row) => row.order_number, true),
        text("Document", (row) => row.document_number ?? "none"),
        money("Shop", (row) => row.shop_ore),
        money("Fortnox", (row) => row.document_ore),
        money("Difference", (row) => row.difference_ore),
        text("Cause", (row) => row.cause),
        text("What to do", (row) => row.remedy),
      ],
    }),
  );
}

function Held({ report }) {
  const rows = report.held ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: "Held back", note: `Not booked. Remove the cause, then run the day again. ${cutNote(rows)}` },
    h(Table, {
      caption: "Orders and refunds that were held back",
      rows,
      columns: [
        text("Order", (row) => row.order_number, true),
        text("Kind", (row) => words(row.kind)),
        money("Amount", (row) => row.amount_ore),
        text("Currency", (row) => row.currency || "–"),
        text("Reason", (row) => row.reason || words(row.code)),
        text("What to do", (row) => row.remedy),
      ],
    }),
  );
}

function Currencies({ report }) {
  const rows = report.currencies ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: "Other currencies", note: "In no other sum. Each row in its own currency, the last column in SEK." },
    h(Table, {
      caption: "Sales in other currencies and what the books hold of them",
      rows,
      columns: [
        text("Currency", (row) => row.currency, true),
        money("Shop", (row) => row.shop_ore),
        money("Documents", (row) => row.documents_ore),
        money("Held", (row) => row.held_ore),
        money("Difference", (row) => row.difference_ore),
        money("Booked, SEK", (row) => row.booked_sek_ore),
      ],
    }),
  );
}

function Vat({ report }) {
  const rows = report.vat ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: "VAT per rate" },
    h(Table, {
      caption: "VAT in the shop and in the ledger",
      rows,
      columns: [
        text("Rate", (row) => `${row.country ?? ""} ${row.rate_pct} %`.trim(), true),
        money("Shop", (row) => row.shop_ore),
        money("Ledger", (row) => row.ledger_ore),
        money("Rounding", (row) => row.rounding_ore),
      ],
    }),
  );
}

function Accounts({ report }) {
  const rows = report.accounts ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: "Accounts", note: "Debit is positive, credit negative." },
    h(Table, {
      caption: "Ledger accounts: what the sales ask for and what is booked",
      rows,
      columns: [
        text("Account", (row) => row.account, true),
        text("Name", (row) => row.name),
        money("Expected", (row) => row.expected_ore),
        money("Ledger", (row) => row.ledger_ore),
        money("Difference", (row) => row.difference_ore),
      ],
    }),
  );
}

function Run({ report }) {
  const steps = report.steps ?? [];
  const { reads = 0, writes = 0, forecast = 0, seconds = 0 } = report.requests ?? {};
  return h(
    Section,
    { title: "The run", note: `Fortnox: ${reads} reads and ${writes} writes in ${seconds} s; ${forecast} were forecast.` },
    steps.length ? h(States, { caption: "Steps of the run", rows: steps.map(({ step, state }) => ({ task: step, state: words(state) })) }) : null,
  );
}

function States({ caption, rows }) {
  return h(Table, {
    caption,
    rows,
    columns: [text("Step", (row) => row.task, true), text("State", (row) => row.state)],
  });
}

function Notes({ report }) {
  const notes = report.notes ?? [];
  if (notes.length === 0) return null;
  return h(Section, { title: "Notes" }, h("ul", null, notes.map((note, index) => h("li", { key: index }, note))));
}

function Orders({ report, path }) {
  const [page, setPage] = useState(0);
  const pages = report.details?.pages ?? 0;
  if (pages === 0) return h(Section, { title: "Orders" }, h("p", null, "No orders in this window."));
  const step = (by, name) =>
    h("button", { type: "button", onClick: () => setPage(page + by), disabled: page + by < 0 || page + by >= pages }, name);
  const turn = pages > 1 ? h("nav", { "aria-label": "Pages of orders" }, step(-1, "Previous"), `Page ${page + 1} of ${pages}`, step(1, "Next")) : null;
  return h(Section, { title: "Orders", note: `${report.details.rows} orders.` }, turn, h(OrdersPage, { path: `${path}/orders?page=${page}` }), turn);
}

function OrdersPage({ path }) {
  const answer = useJson(path);
  if (!answer) return h("p", { role: "status" }, "Loading the orders…");
  if (answer.status !== 200) return h("p", { role: "alert" }, failureText(answer.status, answer.body));
  if (answer.body.note) return h("p", null, answer.body.note);
  return h(Table, {
    caption: "Every order of the window",
    rows: answer.body.rows,
    columns: [
      text("Order", (row) => row.order_number, true),
      text("State", (row) => words(row.state)),
      money("Shop", (row) => row.shop_ore),
      text("Document", (row) => row.document_number),
      money("Fortnox", (row) => row.document_ore),
      text("Voucher", (row) => row.voucher),
      money("Difference", (row) => row.difference_ore),
      text("Currency", (row) => row.currency ?? "SEK"),
      text("Market", (row) => row.market ?? ""),
      text("Reason", (row) => row.reason),
    ],
  });
}

// ---------------------------------------------------------------- the tab

function NoReport({ status, body }) {
  const tasks = body?.tasks ?? [];
  const unfinished = UNFINISHED.has(body?.run_state);
  const rows = tasks.map(({ task_id, state, count }) => ({ task: count > 1 ? `${task_id} (${count})` : task_id, state: state === "none" ? "Not started" : words(state) }));
  return h(
    Fragment,
    null,
    h(
      "header",
      { className: "verdict warning", role: status === 404 ? "status" : "alert" },
      h("h1", null, failureText(status, body)),
      body?.remedy ? h("p", { className: "headline" }, body.remedy) : null,
      unfinished ? h("p", { className: "note" }, "This page looks again every few seconds.") : null,
    ),
    rows.length ? h(Section, { title: "The run so far" }, h(States, { caption: "Tasks of the run", rows })) : null,
  );
}

function Report({ report, path }) {
  const parts = [Verdict, Totals, Currencies, Differences, Held, Vat, Accounts, Run, Notes];
  return h(Fragment, null, parts.map((part) => h(part, { key: part.name, report })), h(Orders, { report, path }));
}

export default function Reconciliation({ dagId, runId }) {
  const path = `runs/${encodeURIComponent(dagId ?? "")}/${encodeURIComponent(runId ?? "")}`;
  const answer = useJson(path, ({ body }) => UNFINISHED.has(body?.run_state));
  let content = h("p", { role: "status" }, "Loading the report…");
  if (answer?.status === 200) content = h(Report, { report: answer.body, path });
  else if (answer) content = h(NoReport, answer);
  return h("article", { className: "fortnox-report", lang: "en" }, h("style", null, STYLE), content);
}

// Colours are the Airflow UI's (Chakra's variables follow its light and dark mode); paper is white.
const STYLE = `
.fortnox-report { padding: 1rem; color: var(--chakra-colors-fg); display: grid; gap: 1.5rem; max-width: 90rem; grid-template-columns: minmax(0, 1fr); }
.fortnox-report h1 { font-size: 1.75rem; font-weight: 700; line-height: 1.25; }
.fortnox-report h2 { font-size: 1.125rem; font-weight: 600; margin-bottom: 0.25rem; }
.fortnox-report .note { color: var(--chakra-colors-fg-muted); font-size: 0.875rem; }
.fortnox-report .headline { font-size: 1.125rem; }
.fortnox-report .verdict { border-inline-start: 0.5rem solid; padding: 1rem; border-radius: 0.25rem; display: grid; gap: 0.25rem; }
.fortnox-report .verdict > p { color: var(--chakra-colors-fg); }
.fortnox-report .verdict.success { border-color: var(--chakra-colors-fg-success); background: var(--chakra-colors-bg-success); }
.fortnox-report .verdict.warning { border-color: var(--chakra-colors-fg-warning); background: var(--chakra-colors-bg-warning); }
.fortnox-report .verdict.error { border-color: var(--chakra-colors-fg-error); background: var(--chakra-colors-bg-error); }
.fortnox-report .sign { margin-inline-end: 0.5em; }
.fortnox-report .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.75rem; margin-top: 0.5rem; }
.fortnox-report .figures > div { border: 1px solid var(--chakra-colors-border); border-radius: 0.25rem; padding: 0.75rem; }
.fortnox-report .figures dd:not(.note) { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.fortnox-report .scroll { overflow-x: auto; margin-top: 0.5rem; }
.fortnox-report table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
.fortnox-report caption { text-align: start; color: var(--chakra-colors-fg-muted); padding-bottom: 0.25rem; }
.fortnox-report th, .fortnox-report td { text-align: start; vertical-align: top; padding: 0.375rem 0.75rem; border-bottom: 1px solid var(--chakra-colors-border); }
.fortnox-report th { font-weight: 600; }
.fortnox-report thead th { border-bottom-color: var(--chakra-colors-border-emphasized); white-space: nowrap; }
.fortnox-report .number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.fortnox-report ul { list-style: disc; padding-inline-start: 1.5rem; }
.fortnox-report nav { display: flex; align-items: center; gap: 0.75rem; padding-block: 0.5rem; font-size: 0.875rem; }
.fortnox-report button { border: 1px solid var(--chakra-colors-border-emphasized); border-radius: 0.25rem; padding: 0.25rem 0.75rem; cursor: pointer; }
.fortnox-report button:disabled { opacity: 0.5; cursor: default; }
@media print {
  body *:not(:has(.fortnox-report), .fortnox-report, .fortnox-report *) { display: none !important; }
  html, body, body *:has(.fortnox-report) { display: block !important; position: static !important; width: auto !important; min-width: 0 !important; max-width: none !important; height: auto !important; min-height: 0 !important; max-height: none !important; overflow: visible !important; background: white !important; margin: 0 !important; padding: 0 !important; }
  .fortnox-report { padding: 0; --chakra-colors-fg: black; --chakra-colors-fg-muted: #444; --chakra-colors-border: #bbb; --chakra-colors-border-emphasized: #777; --chakra-colors-bg-success: white; --chakra-colors-bg-warning: white; --chakra-colors-bg-error: white; }
  .fortnox-report .scroll { overflow: visible; }
  .fortnox-report nav { display: none; }
  .fortnox-report tr, .fortnox-report .verdict { break-inside: avoid; }
}
`;

globalThis.AirflowPlugin = Reconciliation;
