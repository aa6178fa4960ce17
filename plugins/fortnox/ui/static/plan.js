// What a run planned, beside what it did: counts, forecast, and each document with its reason.

import { useJson } from "./api.js";
import { Button, Pages, Section, Table, money, text } from "./parts.js";
import { T } from "./texts.js";
import { words } from "./values.js";

const { createElement: h, useState } = globalThis.React;

// Actions of the plan, and the count of the report that says how many were carried out.
const COUNTS = [
  ["created", ["create", "credit", "day_vouchers"], "created"],
  ["changed", ["change"], null],
  ["cancelled", ["cancel"], null],
  ["booked", ["book"], null],
  ["paid", ["pay"], "paid"],
  ["sent", ["send"], null],
  ["held", ["hold"], "held"],
  ["unchanged", ["unchanged"], "unchanged"],
];

/** `report` is null while the run still waits: then the plan stands open. */
export function Plan({ path, report }) {
  const [open, setOpen] = useState(report === null || report.verdict === "dry_run");
  if (report !== null && !report.has_plan) return null;
  const toggle = h(Button, { onClick: () => setOpen(!open) }, open ? T.planHide : T.planShow);
  return h(Section, { title: T.plan }, report === null ? null : toggle, open ? h(PlanDetails, { path, report }) : null);
}

function PlanDetails({ path, report }) {
  const [page, setPage] = useState(0);
  const answer = useJson(`${path}/plan?page=${page}`);
  if (!answer) return h("p", { role: "status" }, T.loading);
  if (answer.status !== 200) return report === null ? null : h("p", null, T.planGone);
  const { plan, rows, note } = answer.body;
  const counted = COUNTS.map(([name, actions, done]) => ({
    name: T.planCounts[name],
    planned: actions.reduce((sum, action) => sum + (plan.counts?.[action] ?? 0), 0),
    done: report?.counts?.[done],
  })).filter((row) => row.planned || row.done);
  return h(
    "div",
    null,
    h("p", { className: "note" }, T.planNote(plan)),
    plan.approval_reasons?.length ? h("ul", null, plan.approval_reasons.map((reason) => h("li", { key: reason }, reason))) : null,
    counted.length === 0 ? null : h(Table, {
      caption: T.planVersusDone,
      rows: counted,
      columns: [
        text(T.action, (row) => row.name, true),
        { title: T.planned, number: true, of: (row) => row.planned },
        { title: T.done, number: true, of: (row) => row.done ?? "–" },
      ],
    }),
    note ? h("p", null, note) : h(PlanRows, { rows }),
    h(Pages, { page, pages: plan.details?.pages ?? 0, turn: setPage, label: T.plan }),
  );
}

function PlanRows({ rows }) {
  if (rows.length === 0) return h("p", null, T.planEmpty);
  const changes = (row) => (row.changes ?? []).map(({ field, before, after }) => T.change(field, before, after)).join("; ");
  return h(Table, {
    caption: T.planTable,
    rows,
    columns: [
      text(T.order, (row) => row.order_number, true),
      text(T.action, (row) => words(row.action)),
      money(T.amount, (row) => row.amount_ore),
      text(T.currency, (row) => row.currency),
      text(T.document, (row) => row.document_number),
      text(T.changes, changes),
      text(T.reason, (row) => row.reason),
      text(T.whatToDo, (row) => row.remedy),
    ],
  });
}
