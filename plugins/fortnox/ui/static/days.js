// The tab "Accounting days" of a daily DAG: a year at a glance, and runs for the days that need one.

import { failureText, postToAirflow, useJson } from "./api.js";
import { Button, Inside, Page, Section, Table, text } from "./parts.js";
import { commandsFor, isSelectable, requestsFor, runsFor } from "./selection.js";
import { T } from "./texts.js";
import { SIGNS, TONES } from "./tones.js";
import { formatOre } from "./values.js";

const { createElement: h, useState } = globalThis.React;

const CALLS_FOR_ACTION = ["missing", "differs", "failed", "not_delivered", "held"];
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
  const turn = (by) => {
    setSelected(new Set());
    setYear(year.year + by);
  };
  const months = T.months.map((name, index) => ({ name, days: year.days.filter(({ day }) => Number(day.slice(5, 7)) === index + 1) }));
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
    h(Legend),
    h("div", { className: "year" }, months.map((month) => h(Month, { key: month.name, ...month, selected, toggle }))),
    h("p", { role: "status" }, said),
    selected.size ? h(Selection, { dagId, year, selected, clear: () => setSelected(new Set()), setSaid, reload }) : null,
  );
}

function SelectAll({ state, days, setSelected }) {
  const found = days.filter((day) => day.state === state).map(({ day }) => day);
  if (found.length === 0) return null;
  return h(Button, { onClick: () => setSelected(new Set(found)) }, T.selectAll(T.dayStates[state], found.length));
}

function Legend() {
  return h(
    "ul",
    { className: "legend", "aria-label": T.legend },
    Object.entries(SIGNS)
      .filter(([, sign]) => sign)
      .map(([state, sign]) => h("li", { key: state }, `${sign} ${T.dayStates[state]}`)),
  );
}

/** Monday first; each day is a button that is pressed when it is selected. */
function Month({ name, days, selected, toggle }) {
  const first = (new Date(`${days[0]?.day ?? "2000-01-01"}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells = [...Array(first).fill(null), ...days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const cell = (day, index) => h("td", { key: index }, day ? h(DayButton, { day, pressed: selected.has(day.day), toggle }) : null);
  return h(
    "table",
    { className: "month" },
    h("caption", null, name),
    h("thead", null, h("tr", null, T.weekdays.map((weekday) => h("th", { key: weekday, scope: "col" }, weekday)))),
    h("tbody", null, weeks.map((week, index) => h("tr", { key: index }, week.map(cell)))),
  );
}

function DayButton({ day, pressed, toggle }) {
  const says = [day.day, T.dayStates[day.state] ?? day.state, day.headline].filter(Boolean).join(": ");
  return h(
    "button",
    {
      type: "button",
      className: `day ${TONES[day.state] ?? ""}`,
      "aria-label": says,
      "aria-pressed": pressed,
      title: says,
      disabled: !isSelectable(day),
      onClick: () => toggle(day.day),
    },
    Number(day.day.slice(8)),
    h("small", { "aria-hidden": true }, SIGNS[day.state] ?? "?"),
  );
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
    let answer = await postToAirflow(path, body);
    for (let tries = 1; answer.status === BUSY_STATUS && tries < TRIES; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
      answer = await postToAirflow(path, body);
    }
    if (answer.status >= 400 || answer.status === 0) {
      const detail = answer.body?.detail;
      return typeof detail === "string" ? detail : failureText(answer.status, null);
    }
  }
  return "";
}

function SelectedDays({ dagId, days }) {
  const run = ({ day, run_id }) =>
    run_id
      ? h(Inside, { path: `dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(run_id)}/plugin/reconciliation`, label: T.openReport(day) }, T.openReportShort)
      : "–";
  return h(Table, {
    caption: T.dayDetails,
    rows: days,
    columns: [
      text(T.day, ({ day }) => day, true),
      text(T.state, ({ state, headline }) => headline || T.dayStates[state]),
      { title: T.shop, number: true, of: ({ shop_ore }) => formatOre(shop_ore) },
      text(T.openReportShort, run),
    ],
  });
}

globalThis.AirflowPlugin = AccountingDays;
