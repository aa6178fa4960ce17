// State of an accounting day -> its look, and a sign that says the same without colours.

export const TONES = {
  reconciled: "success",
  held: "warning",
  differs: "error",
  failed: "error",
  not_delivered: "error",
  missing: "missing",
  running: "info",
  not_yet: "",
  before_start: "",
};

export const SIGNS = {
  reconciled: "✓",
  held: "!",
  differs: "≠",
  failed: "✕",
  not_delivered: "✕",
  missing: "○",
  running: "…",
  not_yet: "",
  before_start: "",
};
