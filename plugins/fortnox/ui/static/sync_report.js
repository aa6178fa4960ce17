// The report of articles, stock, customers or a smoke test: nothing in it is money, so it counts.

import { failureText, useJson } from "./api.js";
import { Pages, Section, Table, text } from "./parts.js";
import { T } from "./texts.js";
import { words } from "./values.js";

const { createElement: h, Fragment, useState } = globalThis.React;

const KINDS = new Set(["articles", "stock", "customers", "smoke"]);
const LIST_LIMIT = 50; // of the summary's schema
const SIGNS = new Map([[true, "✓"], [false, "✕"]]);

/** Whether a report is one of these. */
export function isSync(report) {
  return KINDS.has(report.kind);
}

export function SyncReport({ report, path }) {
  const parts = report.kind === "smoke" ? [SmokeChecks] : [Counts, Differences, Held, Done, Rows];
  return h(Fragment, null, parts.map((part) => h(part, { key: part.name, report, path })));
}

function Counts({ report }) {
  const counts = Object.entries(report.counts ?? {});
  return h(
    Section,
    { title: T.counts, note: report.direction === "import" ? T.fromFortnox : T.toFortnox },
    h(
      "dl",
      { className: "figures" },
      counts.map(([name, count]) => h("div", { key: name }, h("dt", null, words(name)), h("dd", null, String(count)))),
    ),
  );
}

/** The number in Fortnox, or what the shop calls it: an article's, or a customer's. */
function nameOf(row) {
  return row.order_number || row.customer_number || row.order_id || row.customer_id;
}

function Differences({ report }) {
  const rows = (report.differences ?? []).map((row) => (typeof row === "string" ? { cause: row } : row));
  if (rows.length === 0) return null;
  const columns = [text(T.number, nameOf, true), text(T.cause, (row) => row.cause), text(T.whatToDo, (row) => row.remedy)];
  return h(Section, { title: T.differences, note: cutNote(rows) }, h(Table, { caption: T.syncDifferences, rows, columns }));
}

function Held({ report }) {
  const rows = report.held ?? [];
  if (rows.length === 0) return null;
  const columns = [
    text(T.number, nameOf, true),
    text(T.idInShop, (row) => row.customer_id ?? row.order_id),
    text(T.reason, (row) => row.reason || words(row.code)),
    text(T.whatToDo, (row) => row.remedy),
  ];
  return h(Section, { title: T.heldBack, note: `${T.syncHeldNote} ${cutNote(rows)}` }, h(Table, { caption: T.syncHeld, rows, columns }));
}

/** Customers tell what was written; articles tell it in their counts. */
function Done({ report }) {
  const rows = report.changes ?? [];
  if (rows.length === 0) return null;
  const columns = [
    text(T.number, nameOf, true),
    text(T.idInShop, (row) => row.customer_id),
    text(T.action, (row) => words(row.state)),
    text(T.reason, (row) => row.reason),
  ];
  return h(Section, { title: T.syncDone, note: cutNote(rows) }, h(Table, { caption: T.syncDone, rows, columns }));
}

/** What differs, is held or stands on one side only, from the report's pages. */
function Rows({ report, path }) {
  const [page, setPage] = useState(0);
  if (!report.details?.rows) return null;
  return h(Section, { title: T.syncRows }, h(RowsPage, { path: `${path}/orders?page=${page}`, page, setPage }));
}

function RowsPage({ path, page, setPage }) {
  const answer = useJson(path);
  if (!answer) return h("p", { role: "status" }, T.loadingReport);
  if (answer.status !== 200) return h("p", { role: "alert" }, failureText(answer.status, answer.body));
  const { rows, note, pages } = answer.body;
  const columns = [
    text(T.number, nameOf, true),
    text(T.idInShop, (row) => row.order_id),
    text(T.state, (row) => words(row.state)),
    text(T.reason, (row) => row.reason),
  ];
  return h(
    Fragment,
    null,
    note ? h("p", { role: "status" }, note) : null,
    h(Table, { caption: T.syncRows, rows, columns }),
    h(Pages, { page, pages: pages ?? 1, turn: setPage, label: T.syncRows }),
  );
}

function SmokeChecks({ report }) {
  const columns = [
    text(T.checkOf, (row) => row.what, true),
    text(T.state, (row) => `${SIGNS.get(row.passed) ?? "–"} ${T.smokeStates[String(row.passed)] ?? ""}`),
    text(T.checkSeen, (row) => row.seen),
  ];
  return h(Section, { title: T.checks }, h(Table, { caption: T.checksTable, rows: report.checks ?? [], columns }));
}

function cutNote(rows) {
  return rows.length >= LIST_LIMIT ? T.onlyFirst(rows.length) : "";
}
