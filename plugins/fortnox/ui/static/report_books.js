// What the report says of the books: the bridge to the ledger, VAT, accounts, currencies, clearing.

import { Button, Section, Table, money, text } from "./parts.js";
import { T } from "./texts.js";
import { formatOre, lineName, rateText, words } from "./values.js";

const { createElement: h } = globalThis.React;

/** An amount that shows its orders when it is chosen. */
export function Figure({ ore, name, onClick }) {
  return h(Button, { className: "figure", onClick, label: T.showOrders(name, formatOre(ore)) }, formatOre(ore));
}

export function Bridge({ report, drill }) {
  const sections = report.bridge ?? [];
  if (sections.length === 0) return null;
  return h(
    Section,
    { title: T.bridge, note: T.bridgeNote },
    h("div", { className: "bridge" }, sections.map((section) => h(BridgeSection, { key: section.section, section, drill }))),
  );
}

function BridgeSection({ section, drill }) {
  const sum = { key: null, amount_ore: section.total_ore, orders: null };
  const figure = ({ key, amount_ore }) =>
    key ? h(Figure, { ore: amount_ore, name: lineName(key), onClick: () => drill({ part: key }) }) : h("strong", null, formatOre(amount_ore));
  return h(Table, {
    caption: T.sections[section.section] ?? words(section.section),
    rows: [...section.lines, sum],
    columns: [
      text(T.line, ({ key }) => (key ? lineName(key) : T.sum), true),
      { title: T.orders, number: true, of: ({ orders }) => orders ?? "" },
      { title: T.amount, number: true, of: figure },
    ],
  });
}

/** Per clearing account: what the settlement reports say, and what the ledger has. */
export function Clearing({ report }) {
  const rows = report.clearing ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: T.clearing },
    h(Table, {
      caption: T.clearingTable,
      rows,
      columns: [
        text(T.accountNumber, (row) => `${row.account} ${(row.providers ?? []).join(", ")}`, true),
        money(T.opening, (row) => row.opening_ore),
        money(T.lines.sales, (row) => row.sales_ore),
        money(T.lines.refunds, (row) => row.refunds_ore),
        money(T.kinds.fee, (row) => row.fees_ore),
        money(T.payouts, (row) => row.payouts_ore),
        money(T.closing, (row) => row.closing_ore),
        money(T.ledger, (row) => row.ledger_ore),
        money(T.difference, (row) => row.difference_ore),
      ],
    }),
  );
}

export function Currencies({ report }) {
  const rows = report.currencies ?? [];
  if (rows.length === 0) return null;
  return h(
    Section,
    { title: T.otherCurrencies, note: T.otherCurrenciesNote },
    h(Table, {
      caption: T.otherCurrenciesTable,
      rows,
      columns: [
        text(T.currency, (row) => row.currency, true),
        money(T.shop, (row) => row.shop_ore),
        money(T.fortnox, (row) => row.documents_ore),
        money(T.heldBack, (row) => row.held_ore),
        money(T.difference, (row) => row.difference_ore),
        money(T.bookedSek, (row) => row.booked_sek_ore),
      ],
    }),
  );
}

export function Vat({ report, drill }) {
  const rows = report.vat ?? [];
  if (rows.length === 0) return null;
  const rate = (row) => rateText(row.country, row.rate_pct);
  const part = ({ country, rate_pct }) => `vat:${country ?? "SE"}:${rate_pct}`;
  const shop = (row) => h(Figure, { ore: row.shop_ore, name: T.vatLine(rate(row)), onClick: () => drill({ part: part(row) }) });
  return h(
    Section,
    { title: T.vat },
    h(Table, {
      caption: T.vatTable,
      rows,
      columns: [
        text(T.rate, rate, true),
        { title: T.shop, number: true, of: shop },
        money(T.ledger, (row) => row.ledger_ore),
        money(T.rounding, (row) => row.rounding_ore),
      ],
    }),
  );
}

export function Accounts({ report, drill }) {
  const rows = report.accounts ?? [];
  if (rows.length === 0) return null;
  const booked = ({ account, ledger_ore }) => h(Figure, { ore: ledger_ore, name: T.account(account), onClick: () => drill({ part: `account:${account}` }) });
  return h(
    Section,
    { title: T.accounts, note: T.accountsNote },
    h(Table, {
      caption: T.accountsTable,
      rows,
      columns: [
        text(T.accountNumber, (row) => row.account, true),
        text(T.accountName, (row) => row.name),
        money(T.expected, (row) => row.expected_ore),
        { title: T.ledger, number: true, of: booked },
        money(T.difference, (row) => row.difference_ore),
      ],
    }),
  );
}
