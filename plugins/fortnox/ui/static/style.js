// Colours are the Airflow UI's (Chakra's variables follow its light and dark mode); paper is white.
export const STYLE = `
.fortnox-report { padding: 1rem; color: var(--chakra-colors-fg); display: grid; gap: 1.5rem; max-width: 90rem; grid-template-columns: minmax(0, 1fr); }
.fortnox-report h1 { font-size: 1.75rem; font-weight: 700; line-height: 1.25; }
.fortnox-report h3 { font-weight: 600; margin-top: 0.75rem; }
.fortnox-report h2 { font-size: 1.125rem; font-weight: 600; margin-bottom: 0.25rem; }
.fortnox-report .language { display: flex; justify-content: flex-end; margin-bottom: -0.75rem; }
.fortnox-report .note { color: var(--chakra-colors-fg-muted); font-size: 0.875rem; }
.fortnox-report .headline { font-size: 1.125rem; }
.fortnox-report .verdict { border-inline-start: 0.5rem solid; padding: 1rem; border-radius: 0.25rem; display: grid; gap: 0.25rem; }
.fortnox-report .verdict > p { color: var(--chakra-colors-fg); }
.fortnox-report .verdict.success { border-color: var(--chakra-colors-fg-success); background: var(--chakra-colors-bg-success); }
.fortnox-report .verdict.warning { border-color: var(--chakra-colors-fg-warning); background: var(--chakra-colors-bg-warning); }
.fortnox-report .verdict.error { border-color: var(--chakra-colors-fg-error); background: var(--chakra-colors-bg-error); }
.fortnox-report .sign { margin-inline-end: 0.5em; }
.fortnox-report .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.75rem; margin-top: 0.5rem; }
.fortnox-report .figures > div { border: 1px solid var(--chakra-colors-border); border-radius: 0.25rem; padding: 0.75rem; }
.fortnox-report .figures dd:not(.note) { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.fortnox-report .scroll { overflow-x: auto; margin-top: 0.5rem; }
.fortnox-report table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
.fortnox-report caption { text-align: start; color: var(--chakra-colors-fg-muted); padding-bottom: 0.25rem; }
.fortnox-report th, .fortnox-report td { text-align: start; vertical-align: top; padding: 0.375rem 0.75rem; border-bottom: 1px solid var(--chakra-colors-border); }
.fortnox-report th { font-weight: 600; }
.fortnox-report .dates tbody th { white-space: nowrap; }
.fortnox-report thead th { border-bottom-color: var(--chakra-colors-border-emphasized); white-space: nowrap; }
.fortnox-report .number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.fortnox-report ul { list-style: disc; padding-inline-start: 1.5rem; }
.fortnox-report nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem; padding-block: 0.5rem; font-size: 0.875rem; }
.fortnox-report button { border: 1px solid var(--chakra-colors-border-emphasized); border-radius: 0.25rem; padding: 0.25rem 0.75rem; cursor: pointer; font-size: 0.875rem; }
.fortnox-report button:disabled { opacity: 0.5; cursor: default; }
.fortnox-report .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-top: 0.5rem; }
.fortnox-report .tools input { flex: 1 1 16rem; }
.fortnox-report input, .fortnox-report select, .fortnox-report .button { border: 1px solid var(--chakra-colors-border-emphasized); border-radius: 0.25rem; padding: 0.25rem 0.75rem; background: var(--chakra-colors-bg); color: inherit; font-size: 0.875rem; }
.fortnox-report a { color: var(--chakra-colors-fg-info); text-decoration: underline; }
.fortnox-report button.figure { border: none; padding: 0; font: inherit; color: inherit; text-decoration: underline dotted; text-underline-offset: 0.2em; font-variant-numeric: tabular-nums; }
.fortnox-report :is(a, button, input, select, pre, .scroll, h2, [role="status"]):focus-visible { outline: 2px solid var(--chakra-colors-fg-info); outline-offset: 2px; }
.fortnox-report .bridge { columns: 22rem 2; column-gap: 1.5rem; }
.fortnox-report .bridge > * { break-inside: avoid; margin-bottom: 1rem; }
.fortnox-report .bridge tr:last-child > * { border-top: 2px solid var(--chakra-colors-border-emphasized); }
.fortnox-report .chosen { font-weight: 600; }
.fortnox-report .year { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); margin-top: 0.5rem; align-items: start; }
.fortnox-report .month { table-layout: fixed; }
.fortnox-report .month :is(th, td) { padding: 1px; text-align: center; border: none; font-weight: 400; font-size: 0.75rem; }
.fortnox-report .month caption { font-weight: 600; color: var(--chakra-colors-fg); }
.fortnox-report .day { width: 100%; min-height: 2rem; padding: 0; border: 1px solid var(--chakra-colors-border); font-size: 0.75rem; line-height: 1.1; }
.fortnox-report .day small { display: block; min-height: 1em; }
.fortnox-report .day.success { background: var(--chakra-colors-bg-success); border-color: var(--chakra-colors-fg-success); color: var(--chakra-colors-fg); }
.fortnox-report .day.warning { background: var(--chakra-colors-bg-warning); border-color: var(--chakra-colors-fg-warning); color: var(--chakra-colors-fg); }
.fortnox-report .day.error { background: var(--chakra-colors-bg-error); border-color: var(--chakra-colors-fg-error); color: var(--chakra-colors-fg); font-weight: 700; }
.fortnox-report .day.info { background: var(--chakra-colors-bg-info); border-color: var(--chakra-colors-fg-info); color: var(--chakra-colors-fg); }
.fortnox-report .day.missing { border: 2px dashed var(--chakra-colors-fg-error); color: var(--chakra-colors-fg); }
.fortnox-report .day[aria-pressed="true"] { outline: 3px solid var(--chakra-colors-fg-info); outline-offset: -1px; }
.fortnox-report pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--chakra-colors-border); border-radius: 0.25rem; padding: 0.75rem; font-family: monospace; font-size: 0.8125rem; }
.fortnox-report .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; margin-top: 1rem; font-size: 0.875rem; }
.fortnox-report .strip { display: flex; gap: 1px; font-size: 0.625rem; min-width: 19rem; }
.fortnox-report .strip > * { flex: 1; min-width: 0.5rem; min-height: 1.5rem; padding: 0; text-align: center; text-decoration: none; line-height: 1.5rem; }
/* Airflow lays its run and DAG pages out for 80rem and puts the grid beside; a phone shows the tab alone. */
@media screen and (max-width: 48rem) {
  body *:has(.fortnox-report) { min-width: 0 !important; }
  [data-panel-group]:has(.fortnox-report) > *:not(:has(.fortnox-report)) { display: none !important; }
  [data-panel]:has(.fortnox-report) { flex: 1 1 100% !important; }
  [data-testid="main-content"] .chakra-stack:has(~ div .fortnox-report) { flex-wrap: wrap; overflow-wrap: normal; word-break: normal; }
  .fortnox-report { padding: 0.5rem 0; }
  .fortnox-report :is(th, td) { padding-inline: 0.375rem; }
}
@media print {
  body *:not(:has(.fortnox-report), .fortnox-report, .fortnox-report *) { display: none !important; }
  html, body, body *:has(.fortnox-report) { display: block !important; position: static !important; width: auto !important; min-width: 0 !important; max-width: none !important; height: auto !important; min-height: 0 !important; max-height: none !important; overflow: visible !important; background: white !important; margin: 0 !important; padding: 0 !important; }
  .fortnox-report { padding: 0; --chakra-colors-fg: black; --chakra-colors-fg-info: black; --chakra-colors-fg-error: black; --chakra-colors-fg-muted: #444; --chakra-colors-border: #bbb; --chakra-colors-border-emphasized: #777; --chakra-colors-bg-success: white; --chakra-colors-bg-warning: white; --chakra-colors-bg-error: white; }
  .fortnox-report .scroll { overflow: visible; }
  .fortnox-report :is(nav, .tools, .language, .verdict a, button:not(.figure, .day)) { display: none; }
  .fortnox-report section:not(:has(p, table, dl, ul)) { display: none; }
  .fortnox-report button.figure { text-decoration: none; }
  .fortnox-report tr, .fortnox-report .verdict { break-inside: avoid; }
}
`;
