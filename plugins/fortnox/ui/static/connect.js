// The page "Connect Fortnox": from client id and secret to a consent that runs can work by.
// Keys and results are stored by Airflow's own API, with the rights of whoever is signed in.

import { askAirflow, askOnce, failureText, useJson } from "./api.js";
import { Button, Copied, Inside, Page, Section, Table, text } from "./parts.js";
import { T } from "./texts.js";

const { createElement: h, Fragment, useState } = globalThis.React;

const API = "../../fortnox-connect/api/";
const CONFLICT = 409;

export default function Connect() {
  const [round, setRound] = useState(0);
  const [said, setSaid] = useState("");
  const answer = useJson(`${API}connections?round=${round}`);
  const outcome = useJson(`${API}outcome`);
  if (!answer || !outcome) return h(Page, null, h("p", { role: "status" }, T.loading));
  if (answer.status !== 200) return h(Page, null, h("p", { role: "alert" }, answer.status === 403 ? T.connectForbidden : failureText(answer.status, answer.body)));
  const { connections, redirect_uri } = answer.body;
  return h(
    Page,
    null,
    h("h1", null, T.connect),
    h(Outcome, { outcome: outcome.body ?? {}, said, setSaid, reload: () => setRound(round + 1) }),
    h(Section, { title: T.connectApp, note: T.connectAppNote }, h("p", null, h("code", null, redirect_uri), " ", h(Copied, { value: redirect_uri }))),
    h(Connections, { connections, reload: () => setRound(round + 1) }),
    h(Section, { title: T.connectNext, note: T.connectNextNote }, h("p", null, h(Inside, { path: "plugin/fortnox" }, T.overview))),
  );
}

function Connections({ connections, reload }) {
  const [chosen, setChosen] = useState("");
  const [said, setSaid] = useState("");
  const one = connections.find(({ connection_id }) => connection_id === chosen);
  const choose = ({ connection_id }) => h(Button, { onClick: () => setChosen(connection_id), label: `${T.choose}: ${connection_id}` }, T.choose);
  return h(
    Section,
    { title: T.connectChoose },
    connections.length === 0
      ? h("p", null, T.connectNone)
      : h(Table, {
          caption: T.connectTable,
          rows: connections,
          columns: [
            text(T.connection, (row) => row.connection_id, true),
            text(T.company, (row) => row.organisation_numbers.join(", ")),
            text(T.shop, (row) => row.shops.join(", ")),
            text(T.state, (row) => stateOf(row)),
            text(T.choose, choose),
          ],
        }),
    h("p", { role: "status" }, said),
    one ? h(Chosen, { key: one.connection_id, one, setSaid, reload }) : null,
  );
}

function stateOf({ kept_in, has_tenant }) {
  if (kept_in !== "stored") return T.connectStates[kept_in];
  return has_tenant ? T.connectStates.consented : T.connectStates.stored;
}

function Chosen({ one, setSaid, reload }) {
  const ask = async () => {
    setSaid(T.loading);
    const { status, body } = await askOnce(`${API}consent/${encodeURIComponent(one.connection_id)}`);
    if (status === 200) location.assign(body.url);
    else setSaid(status === CONFLICT ? `${body.detail} ${body.remedy}` : failureText(status, body));
  };
  return h(
    Fragment,
    null,
    one.kept_in === "missing" ? h(Keys, { one, setSaid, reload }) : null,
    one.kept_in === "environment" ? h("p", null, T.connectEnvironment) : null,
    h("h3", null, T.connectScopes),
    h("ul", null, one.scopes.map(({ scope, what }) => h("li", { key: scope }, h("strong", null, scope), `: ${what}`))),
    h("p", null, h(Button, { onClick: ask, disabled: one.kept_in !== "stored" }, T.connectAsk)),
  );
}

/** Goes to Airflow's own API, encrypted by it; nothing of it stays on the page. */
function Keys({ one, setSaid, reload }) {
  const send = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const [login, password, host] = ["login", "password", "host"].map((name) => form.elements[name].value.trim());
    const { status, body } = await askAirflow("POST", "connections", { connection_id: one.connection_id, conn_type: "fortnox", login, password, host: host || null });
    form.reset();
    setSaid(status < 300 && status > 0 ? T.connectKept(one.connection_id) : refusal(status, body));
    reload();
  };
  const field = (name, label, more) => h("label", null, label, h("input", { name, autoComplete: "off", spellCheck: false, ...more }));
  return h(
    "form",
    { className: "tools", onSubmit: send },
    field("login", T.clientId, { required: true }),
    field("password", T.clientSecret, { required: true, type: "password", autoComplete: "new-password" }),
    field("host", T.baseUrl, { type: "url" }),
    h("button", { type: "submit" }, T.connectKeep),
  );
}

/** What came back from Fortnox: told, and stored only when the reader says so. */
function Outcome({ outcome, said, setSaid, reload }) {
  if (!outcome.connection_id) return null;
  if (outcome.detail) {
    return h("header", { className: "verdict error", role: "alert" }, h("h2", null, T.connectFailed(outcome.connection_id)), h("p", null, `${outcome.detail} ${outcome.remedy}`));
  }
  const keep = async () => {
    const failure = await keepTenant(outcome);
    setSaid(failure || T.connectDone(outcome.connection_id));
    if (!failure) reload();
  };
  return h(
    "header",
    { className: `verdict ${outcome.findings.length ? "warning" : "success"}` },
    h("h2", null, T.consentOf(outcome.company, outcome.organisation_number)),
    outcome.findings.length ? h("ul", null, outcome.findings.map((finding) => h("li", { key: finding }, finding))) : h("p", null, T.connectTested),
    h("p", null, h(Button, { onClick: keep }, T.connectStore(outcome.tenant_id, outcome.connection_id))),
    h("p", { role: "status" }, said),
  );
}

/** The other extra fields stay; what Airflow masks it keeps by itself. A refresh token is needed no more. */
async function keepTenant({ connection_id, tenant_id, token_url }) {
  const path = `connections/${encodeURIComponent(connection_id)}`;
  const { status, body } = await askAirflow("GET", path);
  if (status !== 200) return refusal(status, body);
  const { refresh_token: _, ...extra } = JSON.parse(body.extra || "{}");
  const changed = { connection_id, conn_type: body.conn_type, extra: JSON.stringify({ ...(token_url ? { token_url } : {}), ...extra, tenant_id, flow: "client_credentials" }) };
  const kept = await askAirflow("PATCH", `${path}?update_mask=extra`, changed);
  return kept.status === 200 ? "" : refusal(kept.status, kept.body);
}

function refusal(status, body) {
  return T.startFailed(typeof body?.detail === "string" ? body.detail : failureText(status, null));
}

globalThis.AirflowPlugin = Connect;
