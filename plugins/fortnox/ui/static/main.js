// The tab "Reconciliation" of a DAG run: ES modules, no build step.
// React and the look are the Airflow UI's own.

import { failureText, useJson } from "./api.js";
import { Page, Section, States } from "./parts.js";
import { Plan } from "./plan.js";
import { Report } from "./report.js";
import { T } from "./texts.js";
import { words } from "./values.js";

const { createElement: h, Fragment } = globalThis.React;

const UNFINISHED = new Set(["queued", "running"]);

function NoReport({ status, body, path }) {
  const tasks = body?.tasks ?? [];
  const unfinished = UNFINISHED.has(body?.run_state);
  const rows = tasks.map(({ task_id, state, count }) => ({
    task: count > 1 ? `${task_id} (${count})` : task_id,
    state: words(state),
  }));
  return h(
    Fragment,
    null,
    h(
      "header",
      { className: "verdict warning", role: status === 404 ? "status" : "alert" },
      h("h1", null, failureText(status, body)),
      body?.remedy ? h("p", { className: "headline" }, body.remedy) : null,
      unfinished ? h("p", { className: "note" }, T.looksAgain) : null,
    ),
    body?.has_plan ? h(Plan, { path, report: null }) : null,
    rows.length ? h(Section, { title: T.runSoFar }, h(States, { caption: T.tasks, rows })) : null,
  );
}

export default function Reconciliation({ dagId, runId }) {
  const path = `runs/${encodeURIComponent(dagId ?? "")}/${encodeURIComponent(runId ?? "")}`;
  const answer = useJson(path, ({ body }) => UNFINISHED.has(body?.run_state));
  let content = h("p", { role: "status" }, T.loadingReport);
  if (answer?.status === 200) content = h(Report, { report: answer.body, path, dagId });
  else if (answer) content = h(NoReport, { ...answer, path });
  return h(Page, null, content);
}

globalThis.AirflowPlugin = Reconciliation;
