// A year's months as tables of buttons; each day is one that is pressed when it is selected.

import { STEPS, dayAt, isSelectable } from "./selection.js";
import { T } from "./texts.js";
import { SIGNS, TONES } from "./tones.js";
import { dayText } from "./values.js";

const { createElement: h, Fragment, useState } = globalThis.React;

const EMPTY = ["not_yet", "before_start"];

/** One stop of the Tab key for the whole year; arrow keys lead from day to day, Escape lets all go. */
export function Calendar({ days, selected, toggle, clear }) {
  const [at, setAt] = useState("");
  const open = days.filter(isSelectable).map(({ day }) => day);
  const stop = open.includes(at) ? at : open.at(-1);
  const onKeyDown = (event) => {
    if (event.key === "Escape") clear();
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const next = dayAt(open, stop, STEPS[event.key]);
    if (!next) return;
    setAt(next);
    document.getElementById(idOf(next))?.focus();
  };
  const months = monthsOf(days).map((month) => h(Month, { key: month.name, ...month, selected, toggle, stop, setAt }));
  return h(Fragment, null, h(Legend), h("div", { className: "year", onKeyDown }, months));
}

const idOf = (day) => `fortnox-day-${day}`;

/** The newest month first; months without a day of the shop's are left out, unless all are. */
function monthsOf(days) {
  const months = T.months.map((name, index) => ({ name, days: days.filter(({ day }) => Number(day.slice(5, 7)) === index + 1) }));
  const own = months.filter((month) => month.days.some(({ state }) => !EMPTY.includes(state)));
  return own.length ? own.reverse() : months;
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
function Month({ name, days, selected, toggle, stop, setAt }) {
  const first = (new Date(`${days[0]?.day ?? "2000-01-01"}T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells = [...Array(first).fill(null), ...days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const cell = (day, index) => h("td", { key: index }, day ? h(DayButton, { day, pressed: selected.has(day.day), toggle, isStop: day.day === stop, setAt }) : null);
  return h(
    "table",
    { className: "month" },
    h("caption", null, name),
    h("thead", null, h("tr", null, T.weekdays.map((weekday) => h("th", { key: weekday, scope: "col" }, weekday)))),
    h("tbody", null, weeks.map((week, index) => h("tr", { key: index }, week.map(cell)))),
  );
}

function DayButton({ day, pressed, toggle, isStop, setAt }) {
  const says = [dayText(day.day), T.dayStates[day.state] ?? day.state, day.headline].filter(Boolean).join(": ");
  return h(
    "button",
    {
      type: "button",
      id: idOf(day.day),
      tabIndex: isStop ? 0 : -1,
      onFocus: () => setAt(day.day),
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
