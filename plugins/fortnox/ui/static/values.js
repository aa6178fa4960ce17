// Values to text. Amounts arrive as whole öre and are only ever divided where the division is exact.

import { T } from "./texts.js";

/** 123456 -> "1 234.56" (no-break space between thousands); null -> a dash. */
export function formatOre(ore) {
  if (!Number.isSafeInteger(ore)) return "–";
  const amount = Math.abs(ore);
  const cents = amount % 100;
  const whole = String((amount - cents) / 100).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return `${ore < 0 ? "-" : ""}${whole}.${String(cents).padStart(2, "0")}`;
}

/** "unmapped_payment_method" -> "Unmapped payment method". */
export function words(code) {
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
    case "dry_run":
      return { tone: "warning", sign: "i", title: T.dryRun };
    default:
      return { tone: "warning", sign: "?", title: words(report.verdict) || T.noVerdict };
  }
}

export function windowText(range) {
  if (!range) return "";
  if (range.day) return T.accountingDay(range.day);
  return T.changesFromTo(utcText(range.start_utc), utcText(range.end_utc));
}

export function utcText(iso) {
  return iso ? `${String(iso).slice(0, 16).replace("T", " ")} UTC` : "";
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

/** Country and rate -> "25 %"; Sweden is not named, others are: "DE 19 %". */
export function rateText(country, rate) {
  return `${country && country !== "SE" ? `${country} ` : ""}${rate} %`;
}

/** A template with {id} and a number -> an address; "" without one. */
export function linkTo(template, id) {
  return template && id ? template.replaceAll("{id}", encodeURIComponent(id)) : "";
}
