// The page "Fortnox": all shops that the reader may see over the last 30 days, worst first.

import { failureText, useJson } from "./api.js";
import { Inside, Page, Pages, Section, Table, text } from "./parts.js";
import { T } from "./texts.js";
import { SIGNS, TONES } from "./tones.js";
import { dayText } from "./values.js";

const { createElement: h, useEffect, useState } = globalThis.React;

const TYPING_MS = 250;

export default function Overview() {
  const [page, setPage] = useState(0);
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => {
      setQ(typed);
      setPage(0);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const answer = useJson(`overview?page=${page}&q=${encodeURIComponent(q)}`);
  return h(
    Page,
    null,
    h(
      Section,
      { title: T.overview, note: T.overviewNote },
      h(
        "div",
        { className: "tools", role: "search" },
        h("input", { type: "search", "aria-label": T.searchShops, placeholder: T.searchShops, value: typed, onChange: (event) => setTyped(event.target.value) }),
      ),
      h(Shops, { answer, page, setPage }),
    ),
  );
}

function Shops({ answer, page, setPage }) {
  if (!answer) return h("p", { role: "status" }, T.loading);
  if (answer.status !== 200) return h("p", { role: "alert" }, failureText(answer.status, answer.body));
  const { shops, pages } = answer.body;
  if (shops.length === 0) return h("p", null, T.noShops);
  const turn = h(Pages, { page, pages, turn: setPage, label: T.pagesOfShops });
  const name = (shop) => h(Inside, { path: `dags/${encodeURIComponent(shop.dag_id)}/plugin/accounting-days` }, shop.shop);
  return h(
    "div",
    null,
    turn,
    h(Table, {
      caption: T.overviewTable,
      rows: shops,
      columns: [
        text(T.shop, name, true),
        text(T.company, (shop) => shop.company),
        text(T.state, (shop) => stateOf(shop)),
        text(T.lastDays, (shop) => h(Strip, { shop })),
      ],
    }),
    turn,
  );
}

/** "2 differ, 1 missing"; what is fine is not counted. */
function stateOf({ counts }) {
  const number = (...states) => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const wrong = { differs: number("differs"), failed: number("failed", "not_delivered"), missing: number("missing"), held: number("held") };
  const said = Object.entries(wrong).filter(([, days]) => days > 0).map(([state, days]) => `${days} ${T.shopStates[state]}`);
  return said.join(", ") || T.allReconciled;
}

/** A sign per day; those with a run lead to its report. */
function Strip({ shop }) {
  const one = (day) => {
    const says = [dayText(day.day), T.dayStates[day.state], day.headline].filter(Boolean).join(": ");
    const look = { key: day.day, className: `day ${TONES[day.state] ?? ""}`, title: says };
    const sign = SIGNS[day.state] || "·";
    if (!day.run_id) return h("span", { ...look, role: "img", "aria-label": says }, sign);
    const path = `dags/${encodeURIComponent(shop.dag_id)}/runs/${encodeURIComponent(day.run_id)}/plugin/reconciliation`;
    return h(Inside, { ...look, path, label: says }, sign);
  };
  return h("div", { className: "strip" }, shop.days.map(one));
}

globalThis.AirflowPlugin = Overview;
