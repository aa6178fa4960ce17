// A year's months as tables of buttons; each day is one that is pressed when it is selected.

import { isSelectable } from "./selection.js";
import { T } from "./texts.js";
import { SIGNS, TONES } from "./tones.js";
import { dayText } from "./values.js";

const { createElement: h, Fragment } = globalThis.React;

const EMPTY = ["not_yet", "before_start"];

export function Calendar({ days, selected, toggle }) {
  const months = monthsOf(days).map((month) => h(Month, { key: month.name, ...month, selected, toggle }));
  return h(Fragment, null, h(Legend), h("div", { className: "year" }, months));
}

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
  const says = [dayText(day.day), T.dayStates[day.state] ?? day.state, day.headline].filter(Boolean).join(": ");
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
