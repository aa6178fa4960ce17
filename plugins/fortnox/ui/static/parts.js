// Building blocks of all pages. Every text goes through React as text, never as markup.

import { ROOT } from "./api.js";
import { STYLE } from "./style.js";
import { LANGUAGES, T, choose, language } from "./texts.js";
import { formatOre } from "./values.js";

const { createElement: h, useState } = globalThis.React;

export function Page({ children }) {
  return h("article", { className: "fortnox-report", lang: language() }, h("style", null, STYLE), h(LanguageChoice), children);
}

/** Remembered in this browser, and for all pages. */
function LanguageChoice() {
  const option = ([code, name]) => h("option", { key: code, value: code, lang: code }, name);
  const select = { "aria-label": T.language, value: language(), onChange: (event) => choose(event.target.value) };
  return h("div", { className: "language" }, h("select", select, Object.entries(LANGUAGES).map(option)));
}

export function Section({ title, note, id, children }) {
  return h("section", { id }, h("h2", { tabIndex: id ? -1 : undefined }, title), note ? h("p", { className: "note" }, note) : null, children);
}

/** columns: [{title, of(row), number?, head?}]; the head column names the row. look: a class. */
export function Table({ caption, columns, rows, look = "" }) {
  const cell = (column, row, key) =>
    h(
      column.head ? "th" : "td",
      { key, className: column.number ? "number" : undefined, scope: column.head ? "row" : undefined },
      column.of(row),
    );
  const head = (column) =>
    h("th", { key: column.title, scope: "col", className: column.number ? "number" : undefined }, column.title);
  return h(
    "div",
    { className: `scroll ${look}`, role: "region", "aria-label": caption, tabIndex: 0 },
    h(
      "table",
      null,
      h("caption", null, caption),
      h("thead", null, h("tr", null, columns.map(head))),
      h(
        "tbody",
        null,
        rows.map((row, index) => h("tr", { key: index }, columns.map((column) => cell(column, row, column.title)))),
      ),
    ),
  );
}

export const money = (title, of) => ({ title, number: true, of: (row) => formatOre(of(row)) });
export const text = (title, of, head = false) => ({ title, head, of: (row) => of(row) ?? "" });

/** A place outside of Airflow: opens beside this page; without an address it is plain text. */
export function Outside({ href, label, children }) {
  if (!href) return children;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", "aria-label": label }, children);
}

/** A place in Airflow's UI: goes there without loading the UI anew. */
export function Inside({ path, label, className, title, children }) {
  const href = new URL(path, ROOT).pathname;
  const go = (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState({}, "", href);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };
  return h("a", { href, onClick: go, "aria-label": label, className, title }, children);
}

export function Button({ onClick, disabled, label, className, children }) {
  return h("button", { type: "button", onClick, disabled, "aria-label": label, className }, children);
}

/** Puts a value into the clipboard, for a search elsewhere; browsers permit it over https only. */
export function Copied({ value }) {
  const [done, setDone] = useState(false);
  if (!globalThis.navigator?.clipboard) return null;
  const copy = () => navigator.clipboard.writeText(String(value)).then(() => setDone(true), () => {});
  return h(Button, { className: "copy", onClick: copy, label: T.copyValue(value) }, done ? T.copied : T.copy);
}

/** Previous and next, when there is more than one page; `turn` gets the number of the new page. */
export function Pages({ page, pages, turn, label }) {
  if (pages <= 1) return null;
  const step = (by, name) => h(Button, { onClick: () => turn(page + by), disabled: page + by < 0 || page + by >= pages }, name);
  return h("nav", { "aria-label": label }, step(-1, T.previous), T.pageOf(page + 1, pages), step(1, T.next));
}

export function States({ caption, rows }) {
  return h(Table, {
    caption,
    rows,
    columns: [text(T.step, (row) => row.task, true), text(T.state, (row) => row.state)],
  });
}
