// Requests to our JSON routes and to Airflow's own API, with the session of whoever is signed in.

import { T, language, speak, useChosenLanguage } from "./texts.js";

const { useEffect, useState } = globalThis.React;

const API = new URL("../api/", import.meta.url);
/** Where Airflow's UI begins, below a base path as well. */
export const ROOT = new URL("../../", import.meta.url);
const POLL_MS = 5000;

export function failureText(status, body) {
  if (typeof body?.detail === "string" && status === 404) return body.detail;
  if (status === 401) return T.signedOut;
  if (status === 403) return T.forbidden;
  if (status === 404) return T.noReport;
  if (status === 0) return T.unreachable;
  return T.serverError(status);
}

export function apiUrl(path) {
  return new URL(path, API);
}

async function request(url, options) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { status: 0, body: null };
  }
  const body = await response.json().catch(() => null);
  return { status: response.ok && body === null ? 500 : response.status, body };
}

/** A request to Airflow's own API, which asks for its own permission; all writes go there. */
export function askAirflow(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const content = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  return request(new URL(`api/v2/${path}`, ROOT), { method, ...content });
}

/** One of our own JSON routes, once. */
export function askOnce(path) {
  return request(apiUrl(inLanguage(path, language())), {});
}

/** The address with the reader's own choice of language, for what the server says in words. */
export function inLanguage(path, chosen) {
  return chosen ? `${path}${path.includes("?") ? "&" : "?"}lang=${chosen}` : path;
}

/**
 * Fetches again whenever path or language change, and every few seconds while `again(answer)` says
 * so. While only the language changes the answer stays, so that nothing on the page closes.
 */
export function useJson(path, again = () => false) {
  const [answer, setAnswer] = useState(null);
  const chosen = useChosenLanguage();
  useEffect(() => {
    const abort = new AbortController();
    let timer;
    const load = () =>
      request(apiUrl(inLanguage(path, chosen)), { signal: abort.signal }).then(
        (fresh) => {
          speak(fresh.body?.language);
          setAnswer({ path, ...fresh });
          if (again(fresh)) timer = setTimeout(load, POLL_MS);
        },
        () => {}, // aborted: the tab was left
      );
    load();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, chosen]);
  return answer?.path === path ? answer : null;
}
