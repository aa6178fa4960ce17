// The texts in the reader's language: their own choice, else what the server answers in.

import { EN } from "./texts_en.js";
import { NB } from "./texts_nb.js";
import { SV } from "./texts_sv.js";

const { useEffect, useState } = globalThis.React;

export const LANGUAGES = { en: "English", nb: "Norsk bokmål", sv: "Svenska" };
const TABLES = { en: EN, nb: NB, sv: SV };
const REMEMBERED_AS = "fortnox.language";

/** What the pages say now; its fields follow the language. */
export const T = { ...EN };

let spoken = "en";
let chosen = remembered();
const readers = new Set();
if (chosen) speak(chosen);

function remembered() {
  try {
    const code = localStorage.getItem(REMEMBERED_AS);
    return code in LANGUAGES ? code : "";
  } catch {
    return ""; // no storage in this browser: the choice lasts as long as the page
  }
}

export function language() {
  return spoken;
}

/** The language that the server answered in; a choice of the reader's own outranks it. */
export function speak(code) {
  if (!(code in TABLES) || (chosen && code !== chosen)) return;
  spoken = code;
  Object.assign(T, TABLES[code]);
}

export function choose(code) {
  chosen = code;
  try {
    localStorage.setItem(REMEMBERED_AS, code);
  } catch {
    // as above
  }
  speak(code);
  readers.forEach((again) => again());
}

/** The reader's own choice, "" without one; who asks is rendered anew when it changes. */
export function useChosenLanguage() {
  const [, setRound] = useState(0);
  useEffect(() => {
    const again = () => setRound((round) => round + 1);
    readers.add(again);
    return () => readers.delete(again);
  }, []);
  return chosen;
}
