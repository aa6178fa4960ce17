// The tab "Accounting days" of a daily DAG: a year at a glance, and runs for the days that need one.

import { askAirflow, failureText, useJson } from "./api.js";
import { Calendar } from "./calendar.js";
import { Button, Inside, Page, Section, Table, text } from "./parts.js";
import { commandsFor, requestsFor, runsFor } from "./selection.js";
import { T } from "./texts.js";
import { SIGNS } from "./tones.js";
import { dayText, formatOre } from "./values.js";

const { createElement: h, useState } = globalThis.React;

// States that call for somebody, the worst first.
const CALLS_FOR_ACTION = ["differs", "failed", "not_delivered", "missing", "held"];
const LISTED_DAYS = 10;
const SAID = "fortnox-said";
const BUSY_STATUS = 503; // SQLite under a live scheduler; Airflow says to try again
const TRIES = 5;

export default function AccountingDays({ dagId }) {
  const [year, setYear] = useState(0);
  const [round, setRound] = useState(0);
  const path = `dags/${encodeURIComponent(dagId ?? "")}/days`;
  const query = `?${year ? `year=${year}&` : ""}round=${round}`;
  const answer = useJson(`${path}${query}`, ({ body }) => body?.days?.some(({ state }) => state === "running"));
  const [last, setLast] = useState({ body: null });
  // While a newer answer is on its way the page stays as it was.
  if (answer && answer !== last) setLast(answer);
  const shown = answer ?? (last.body ? last : null);
  if (!shown) return h(Page, null, h("p", { role: "status" }, T.loading));
  if (shown.status !== 200) return h(Page, null, h("p", { role: "alert" }, failureText(shown.status, shown.body)));
  if (!shown.body.daily) return h(Page, null, h("p", null, T.noShopDag));
  return h(Page, null, h(Year, { dagId, year: shown.body, setYear, reload: () => setRound(round + 1) }));
}

function Year({ dagId, year, setYear, reload }) {
  const [selected, setSelected] = useState(new Set());
  const [said, setSaid] = useState("");
  const toggle = (day) => {
    const next = new Set(selected);
    if (!next.delete(day)) next.add(day);
    setSelected(next);
  };
  // The buttons go with the selection: the keyboard's place must not go with them.
  const clear = () => {
    document.getElementById(SAID)?.focus();
    setSelected(new Set());
  };
  const turn = (by) => {
    setSelected(new Set());
    setYear(year.year + by);
  };
  return h(
    Section,
    { title: `${T.days} ${year.year}${year.shop ? ` · ${year.shop}` : ""}`, note: T.selectHint },
    h(
      "nav",
      { "aria-label": T.days },
      h(Button, { onClick: () => turn(-1), label: T.yearBefore }, `‹ ${year.year - 1}`),
      h(Button, { onClick: () => turn(1), label: T.yearAfter }, `${year.year + 1} ›`),
      CALLS_FOR_ACTION.map((state) => h(SelectAll, { key: state, state, days: year.days, setSelected })),
    ),
    h(Attention, { dagId, days: year.days, selected, toggle }),
    h("p", { role: "status", id: SAID, tabIndex: -1 }, said),
    selected.size ? h(Selection, { dagId, year, selected, clear, setSaid, reload }) : null,
    h(Calendar, { days: year.days, selected, toggle, clear: () => setSelected(new Set()) }),
  );
}

/** What is wrong, in words, and the way to the report that says why. */
function Attention({ dagId, days, selected, toggle }) {
  const found = days.filter(({ state }) => CALLS_FOR_ACTION.includes(state));
  if (found.length === 0) return h("p", null, T.nothingToDo);
  const rank = ({ state }) => CALLS_FOR_ACTION.indexOf(state);
  const rows = [...found].sort((a, b) => rank(a) - rank(b) || b.day.localeCompare(a.day)).slice(0, LISTED_DAYS);
  const choice = ({ day }) =>
    h(
      "button",
      { type: "button", onClick: () => toggle(day), "aria-pressed": selected.has(day), "aria-label": T.chooseDay(dayText(day)) },
      T.choose,
    );
  return h(
    "div",
    null,
    found.length > LISTED_DAYS ? h("p", { className: "note" }, T.onlyFirst(LISTED_DAYS)) : null,
    h(Table, {
      caption: T.attention,
      look: "dates",
      rows,
      columns: [
        text(T.day, ({ day }) => dayText(day), true),
        text(T.state, ({ state, headline }) => `${SIGNS[state]} ${headline || T.dayStates[state]}`),
        text(T.openReportShort, (day) => h(ReportLink, { dagId, ...day })),
        text(T.choose, choice),
        text(T.whatToDo, ({ state }) => T.dayRemedies[state]),
      ],
    }),
  );
}

function ReportLink({ dagId, day, run_id }) {
  if (!run_id) return "–";
  const path = `dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(run_id)}/plugin/reconciliation`;
  return h(Inside, { path, label: T.openReport(dayText(day)) }, T.openReportShort);
}

function SelectAll({ state, days, setSelected }) {
  const found = days.filter((day) => day.state === state).map(({ day }) => day);
  if (found.length === 0) return null;
  return h(Button, { onClick: () => setSelected(new Set(found)) }, T.selectAll(T.dayStates[state], found.length));
}

function Selection({ dagId, year, selected, clear, setSaid, reload }) {
  const runs = runsFor(year.days, selected);
  const days = year.days.filter(({ day }) => selected.has(day));
  const obstacle = obstacleOf(year);
  const start = async () => {
    setSaid(T.loading);
    const failure = await send(requestsFor(dagId, runs));
    setSaid(failure ? T.startFailed(failure) : T.started(selected.size));
    if (!failure) clear();
    reload();
  };
  return h(
    Section,
    { title: T.selected(selected.size) },
    h(SelectedDays, { dagId, days }),
    h("h3", null, T.command),
    h("pre", { tabIndex: 0, "aria-label": T.command }, commandsFor(dagId, runs).join("\n")),
    obstacle ? h("p", { role: "alert" }, obstacle) : null,
    h(
      "nav",
      { "aria-label": T.selected(selected.size) },
      h(Button, { onClick: start, disabled: Boolean(obstacle) }, T.start),
      h(Button, { onClick: clear }, T.clearSelection),
    ),
  );
}

function obstacleOf({ may_start, paused, backfill_running }) {
  if (!may_start) return T.mayNotStart;
  if (paused) return T.paused;
  return backfill_running ? T.backfillRuns : "";
}

/** One request after the other; the text of the first that Airflow refuses, or "". */
async function send(requests) {
  for (const [path, body] of requests) {
    let answer = await askAirflow("POST", path, body);
    for (let tries = 1; answer.status === BUSY_STATUS && tries < TRIES; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
      answer = await askAirflow("POST", path, body);
    }
    if (answer.status >= 400 || answer.status === 0) {
      const detail = answer.body?.detail;
      return typeof detail === "string" ? detail : failureText(answer.status, null);
    }
  }
  return "";
}

function SelectedDays({ dagId, days }) {
  return h(Table, {
    caption: T.dayDetails,
    look: "dates",
    rows: days,
    columns: [
      text(T.day, ({ day }) => dayText(day), true),
      text(T.state, ({ state, headline }) => headline || T.dayStates[state]),
      { title: T.shop, number: true, of: ({ shop_ore }) => formatOre(shop_ore) },
      text(T.openReportShort, (day) => h(ReportLink, { dagId, ...day })),
    ],
  });
}

globalThis.AirflowPlugin = AccountingDays;
