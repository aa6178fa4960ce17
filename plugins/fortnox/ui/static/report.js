// The report of a run: verdict, totals, bridge, what differs or is held, VAT, accounts, the run.

import { Inside, Section, States, Table, money, text } from "./parts.js";
import { Orders, documentColumn, isOfPayouts, linksOf, orderColumn, rowName } from "./orders.js";
import { Plan } from "./plan.js";
import { Accounts, Bridge, Clearing, Currencies, Figure, Vat } from "./report_books.js";
import { SyncReport, isSync } from "./sync_report.js";
import { T } from "./texts.js";
import { formatOre, timeText, verdictOf, windowText, words } from "./values.js";

const { createElement: h, Fragment, useState } = globalThis.React;

const LIST_LIMIT = 50; // of the summary's schema
const REFUND = /:r:/; // in a reference

export function Report({ report, path, dagId }) {
  const [filter, setFilter] = useState({ q: "", state: "", part: "" });
  const drill = (more) => {
    setFilter({ q: "", state: "", part: "", ...more });
    const orders = document.getElementById("fortnox-orders");
    orders?.scrollIntoView({ block: "start" });
    orders?.querySelector("h2")?.focus({ preventScroll: true });
  };
  // A dry run has compared nothing: figures of 0 would look like a proof.
  if (report.verdict === "dry_run") {
    const few = [Verdict, Notes].map((part) => h(part, { key: part.name, report, dagId }));
    return h(Fragment, null, few, h(Plan, { path, report }));
  }
  if (report.kind === "preflight") return h(Fragment, null, h(Verdict, { report, dagId }), h(Checks, { report }));
  if (isSync(report)) {
    const run = report.steps ? h(Run, { report }) : null;
    return h(Fragment, null, h(Verdict, { report, dagId }), h(SyncReport, { report, path }), run, h(Notes, { report }));
  }
  const parts = [Verdict, Totals, Differences, Held, Clearing, Currencies, Bridge, Vat, Accounts, Run, Notes];
  return h(
    Fragment,
    null,
    parts.map((part) => h(part, { key: part.name, report, dagId, drill })),
    h(Plan, { path, report }),
    h(Orders, { report, path, filter, setFilter }),
  );
}

/** Where a document is, as long as nobody has said at which address it can be opened. */
function whereToLook(rows, report) {
  return isOfPayouts(report) || report.links?.document || !rows.some((row) => row.document_number) ? "" : T.whereDocuments;
}

/** Says so when the report holds only the beginning of a list. */
function cutNote(rows) {
  return rows.length >= LIST_LIMIT ? T.onlyFirst(rows.length) : "";
}

function Verdict({ report, dagId }) {
  const { tone, sign, title } = verdictOf(report);
  const shop = [report.shop?.name, report.company?.name, report.company?.organisation_number].filter(Boolean);
  return h(
    "header",
    { className: `verdict ${tone}` },
    h("h1", null, h("span", { className: "sign", "aria-hidden": true }, sign), title),
    saysMore(report.headline, title) ? h("p", { className: "headline" }, report.headline) : null,
    h("p", { className: "note" }, [...shop, windowText(report.window), T.made(timeText(report.made_at))].filter(Boolean).join(" · ")),
    report.window?.day && report.verdict !== "reconciled"
      ? h("p", null, h(Inside, { path: `dags/${encodeURIComponent(dagId)}/plugin/accounting-days` }, T.toDays))
      : null,
  );
}

/** The preflight's list: what was looked at, how bad it is, what to do. */
function Checks({ report }) {
  return h(
    Section,
    { title: T.checks, note: T.checksNote },
    h(Table, {
      caption: T.checksTable,
      rows: report.checks ?? [],
      columns: [
        text(T.checkOf, (row) => row.what, true),
        text(T.severity, (row) => T.severities[row.severity] ?? words(row.severity)),
        text(T.checkSeen, (row) => row.seen),
        text(T.whatToDo, (row) => row.remedy),
      ],
    }),
  );
}

/** Where the verdict is all there is to say, the headline is the title, but for its spaces. */
function saysMore(headline, title) {
  const bare = (text) => String(text ?? "").replaceAll(/\s/g, "");
  return Boolean(headline) && bare(headline) !== bare(title);
}

function Totals({ report, drill }) {
  const totals = report.totals_ore ?? {};
  const counts = report.counts ?? {};
  const figures = [
    [isOfPayouts(report) ? T.payouts : T.shop, totals.shop, isOfPayouts(report) ? String(counts.orders ?? 0) : T.ordersAndRefunds(counts.orders ?? 0, counts.refunds ?? 0), {}],
    [T.documentsInFortnox, totals.documents, T.documents(counts.documents ?? 0), {}],
    [T.heldBack, totals.held, T.heldCount(counts.held ?? 0), { state: "held" }],
    [T.ledger, totals.ledger, totals.ledger == null ? T.notRead : T.asBooked, null],
    [T.difference, totals.difference, T.notExplained, { state: "differs" }],
  ];
  const done = ["created", "booked", "unchanged", "not_due"].map((key) => `${words(key).toLowerCase()} ${counts[key] ?? 0}`);
  const value = (name, ore, more) => (more && ore != null ? h(Figure, { ore, name, onClick: () => drill(more) }) : formatOre(ore));
  return h(
    Section,
    { title: T.totals, note: T.totalsNote(report.currency ?? "SEK", done.join(", ")) },
    h(
      "dl",
      { className: "figures" },
      figures.map(([name, ore, small, more]) =>
        h("div", { key: name }, h("dt", null, name), h("dd", null, value(name, ore, more)), h("dd", { className: "note" }, small)),
      ),
    ),
  );
}

function Differences({ report }) {
  const rows = report.differences ?? [];
  if (rows.length === 0) return null;
  const links = linksOf(report);
  return h(
    Section,
    { title: T.differences, note: [T.differencesNote, cutNote(rows), whereToLook(rows, report)].filter(Boolean).join(" ") },
    h(Table, {
      caption: T.differencesTable,
      rows,
      columns: [
        orderColumn(links, rowName(report)),
        documentColumn(links, true),
        money(T.shop, (row) => row.shop_ore),
        money(T.fortnox, (row) => row.document_ore),
        money(T.difference, (row) => row.difference_ore),
        text(T.cause, (row) => row.cause),
        text(T.whatToDo, (row) => row.remedy),
      ],
    }),
  );
}

function Held({ report }) {
  // An order that was edited after it was booked differs and is held: it is told once.
  const differing = new Set((report.differences ?? []).map(({ order_id, reference }) => `${order_id} ${REFUND.test(reference)}`));
  const rows = (report.held ?? []).filter(({ order_id, kind }) => !differing.has(`${order_id} ${kind === "refund"}`));
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: T.heldBack, note: `${T.heldNote} ${cutNote(rows)}` },
    h(Table, {
      caption: T.heldTable,
      rows,
      columns: [
        orderColumn(linksOf(report), rowName(report)),
        text(T.kind, (row) => words(row.kind)),
        money(T.amount, (row) => row.amount_ore),
        text(T.currency, (row) => row.currency || "–"),
        text(T.reason, (row) => row.reason || words(row.code)),
        text(T.whatToDo, (row) => row.remedy),
      ],
    }),
  );
}

function Run({ report }) {
  const steps = report.steps ?? [];
  const requests = { reads: 0, writes: 0, forecast: 0, seconds: 0, ...report.requests };
  const rows = steps.map(({ step, state }) => ({ task: step, state: words(state) }));
  return h(Section, { title: T.run, note: T.runNote(requests) }, rows.length ? h(States, { caption: T.steps, rows }) : null);
}

function Notes({ report }) {
  const notes = report.notes ?? [];
  if (notes.length === 0) return null;
  return h(Section, { title: T.notes }, h("ul", null, notes.map((note, index) => h("li", { key: index }, note))));
}
