// The order rows: searched and filtered by the server, over all pages, and downloaded as they are.

import { apiUrl, failureText, inLanguage, useJson } from "./api.js";
import { Button, Copied, Outside, Pages, Section, Table, money, text } from "./parts.js";
import { T, language } from "./texts.js";
import { formatOre, lineName, linkTo, words } from "./values.js";

const { createElement: h, Fragment, useEffect, useState } = globalThis.React;

const STATES = ["differs", "missing", "held", "unbooked", "booked"];
const TYPING_MS = 250;

/** The query of a filter; empty fields are left out. */
export function queryOf({ q, state, part, page }) {
  const query = new URLSearchParams();
  if (page !== undefined) query.set("page", page);
  for (const [name, value] of Object.entries({ q, state, part })) if (value) query.set(name, value);
  return query.toString();
}

export function Orders({ report, path, filter, setFilter }) {
  const [page, setPage] = useState(0);
  const [typed, setTyped] = useState(filter.q);
  const rows = report.details?.rows ?? 0;
  useEffect(() => setPage(0), [filter]);
  useEffect(() => {
    if (typed === filter.q) return undefined;
    const timer = setTimeout(() => setFilter({ ...filter, q: typed }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  if (rows === 0) return h(Section, { title: rowsName(report), id: "fortnox-orders" }, h("p", null, T.noRows));
  const query = queryOf(filter);
  // The button goes with the filter: the keyboard's place must not go with it.
  const clear = () => {
    setTyped("");
    setFilter({ q: "", state: "", part: "" });
    document.querySelector("#fortnox-orders input")?.focus();
  };
  const file = (kind, name) => h("a", { className: "button", href: String(apiUrl(inLanguage(`${path}/orders.${kind}${query ? `?${query}` : ""}`, language()))), download: true }, name);
  return h(
    Section,
    { title: rowsName(report), note: isOfPayouts(report) ? null : T.orderCount(rows), id: "fortnox-orders" },
    h(
      "div",
      { className: "tools", role: "search" },
      h("input", { type: "search", "aria-label": T.searchOrders, placeholder: T.searchOrders, value: typed, onChange: (event) => setTyped(event.target.value) }),
      h(
        "select",
        { "aria-label": T.state, value: filter.state, onChange: (event) => setFilter({ ...filter, state: event.target.value }) },
        h("option", { value: "" }, T.allStates),
        STATES.map((state) => h("option", { key: state, value: state }, words(state))),
      ),
      filter.part ? h("span", { className: "chosen" }, T.chosen(lineName(filter.part))) : null,
      query ? h(Button, { onClick: clear }, T.clear) : null,
      file("csv", T.downloadCsv),
      file("xlsx", T.downloadXlsx),
    ),
    h(OrdersPage, { path: `${path}/orders?${queryOf({ ...filter, page })}`, filter, page, setPage, report }),
  );
}

function OrdersPage({ path, filter, page, setPage, report }) {
  const answer = useJson(path);
  if (!answer) return h("p", { role: "status" }, T.loadingOrders);
  if (answer.status !== 200) return h("p", { role: "alert" }, failureText(answer.status, answer.body));
  const { rows, note, found, pages, sum_ore } = answer.body;
  if (note) return h("p", null, note);
  const turn = h(Pages, { page, pages: pages ?? report.details.pages, turn: setPage, label: T.pagesOfOrders });
  const filtered = filter.q || filter.state || filter.part;
  return h(
    "div",
    null,
    filtered ? h("p", { role: "status" }, T.found(found, report.details.rows, formatOre(sum_ore))) : null,
    turn,
    h(OrdersTable, { rows, links: linksOf(report), title: rowName(report), part: filter.part }),
    turn,
  );
}

function OrdersTable({ rows, links, title, part }) {
  return h(Table, {
    caption: T.everyOrder,
    rows,
    columns: [
      orderColumn(links, title),
      text(T.state, (row) => words(row.state)),
      money(T.shop, (row) => row.shop_ore),
      documentColumn(links),
      money(T.fortnox, (row) => row.document_ore),
      text(T.voucher, (row) => row.voucher),
      ...(part ? [money(T.chosenFigure, (row) => row.part_ore)] : [money(T.difference, (row) => row.difference_ore)]),
      text(T.currency, (row) => row.currency ?? "SEK"),
      text(T.market, (row) => row.market),
      text(T.reason, (row) => row.reason),
    ],
  });
}

/** The payouts' report is one of the same form, whose rows are payouts and vouchers. */
export const isOfPayouts = (report) => Array.isArray(report.clearing);

const rowsName = (report) => (isOfPayouts(report) ? T.payouts : T.orders);

export const rowName = (report) => (isOfPayouts(report) ? T.payout : T.order);

/** Neither a payout nor a voucher is to be found where orders and invoices are. */
export const linksOf = (report) => (isOfPayouts(report) ? {} : (report.links ?? {}));

export function orderColumn(links, title = T.order) {
  return text(
    title,
    (row) => h(Outside, { href: linkTo(links.order, row.order_id), label: T.openOrder(row.order_number) }, row.order_number),
    true,
  );
}

/** With `copied` and no address of a document, its number can be copied, to be searched for. */
export function documentColumn(links, copied = false) {
  return text(T.document, ({ document_number: number }) => {
    if (!number) return T.none;
    const shown = h(Outside, { href: linkTo(links.document, number), label: T.openDocument(number) }, number);
    return copied && !links.document ? h(Fragment, null, shown, " ", h(Copied, { value: number })) : shown;
  });
}
