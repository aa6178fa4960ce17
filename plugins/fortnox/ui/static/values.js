// Values to text, in the reader's form. Amounts arrive as whole öre and are only ever divided where
// the division is exact.

import { T, language } from "./texts.js";

// English as it is written in Sweden: dates that everybody reads the same way.
const LOCALES = { en: "en-SE", nb: "nb-NO", sv: "sv-SE" };
const KRONOR = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

/** 123456 -> "1 234,56", in English "1 234.56" (no-break space between thousands); null -> a dash. */
export function formatOre(ore) {
  if (!Number.isSafeInteger(ore)) return "–";
  const cents = Math.abs(ore % 100);
  const whole = (Math.abs(ore) - cents) / 100;
  // As text: what Intl is given as text it does not round.
  const exact = `${ore < 0 ? "-" : ""}${whole}.${String(cents).padStart(2, "0")}`;
  if (language() !== "en") return new Intl.NumberFormat(LOCALES[language()], KRONOR).format(exact);
  return exact.replace(/\B(?=(\d{3})+\.)/g, "\u00a0");
}

/** "2026-11-20" -> "2026-11-20", in Norwegian "20.11.2026". */
export function dayText(day) {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return String(day ?? "");
  return new Intl.DateTimeFormat(LOCALES[language()], { dateStyle: "short", timeZone: "UTC" }).format(date);
}

/** A code in words: "held" -> "Held"; one that has none yet: "some_code" -> "Some code". */
export function words(code) {
  if (Object.hasOwn(T.words, code ?? "")) return T.words[code];
  const text = String(code ?? "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Verdict -> its look, its sign (colour is never the only carrier) and its words. */
export function verdictOf(report) {
  const currency = report.currency ?? "SEK";
  const difference = report.totals_ore?.difference ?? 0;
  switch (report.verdict) {
    case "reconciled":
      return { tone: "success", sign: "✓", title: T.reconciled };
    case "held":
      return { tone: "warning", sign: "!", title: T.reconciledHeld(report.counts?.held ?? 0) };
    case "differs":
      return {
        tone: "error",
        sign: "≠",
        // Differences of single orders may cancel out: then the sum says nothing.
        title: difference === 0 ? T.differs : T.differsBy(formatOre(Math.abs(difference)), currency),
      };
    case "not_delivered":
      return { tone: "error", sign: "✕", title: T.notDelivered };
    case "ready":
      return { tone: "success", sign: "✓", title: T.preflightReady };
    case "findings":
      return { tone: "warning", sign: "!", title: T.preflightFindings };
    case "not_ready":
      return { tone: "error", sign: "✕", title: T.preflightNotReady };
    case "passed":
      return { tone: "success", sign: "✓", title: T.smokePassed };
    case "failed":
      return { tone: "error", sign: "✕", title: T.smokeFailed };
    case "dry_run":
      return { tone: "warning", sign: "i", title: T.dryRun };
    default:
      return { tone: "warning", sign: "?", title: words(report.verdict) || T.noVerdict };
  }
}

export function windowText(range) {
  if (!range) return "";
  if (range.day) return T.accountingDay(dayText(range.day));
  return T.changesFromTo(timeText(range.start_utc), timeText(range.end_utc));
}

/** A time in UTC -> the reader's own clock, with the name of its zone. */
export function timeText(iso) {
  const time = new Date(iso ?? NaN);
  if (Number.isNaN(time.getTime())) return "";
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat(LOCALES[language()], { ...parts, hour12: false }).format(time);
}

/** A key of the bridge -> its words: "net:shipping:SE:25" -> "Freight, 25 %, without VAT". */
export function lineName(key) {
  const [what, first, ...rate] = String(key).split(":");
  if (what === "net") return T.netLine(T.kinds[first] ?? words(first), rateText(...rate));
  if (what === "vat") return T.vatLine(rateText(first, ...rate));
  if (what === "money") return T.paidOn(first);
  if (what === "account") return T.account(first);
  return T.lines[key] ?? words(key);
}

/** Country and rate -> "25 %", "FI 25,5 %"; Sweden is not named. */
export function rateText(country, rate) {
  const shown = language() === "en" ? rate : String(rate).replace(".", ",");
  return `${country && country !== "SE" ? `${country} ` : ""}${shown} %`;
}

/** A template with {id} and a number -> an address; "" without one. */
export function linkTo(template, id) {
  return template && id ? template.replaceAll("{id}", encodeURIComponent(id)) : "";
}
