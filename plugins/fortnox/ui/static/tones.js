// State of an accounting day -> its look; the sign beside it says the same without colours.

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
