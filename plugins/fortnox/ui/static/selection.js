// Which runs the selected days need, and the commands that make them. Pure.

const GREEN = new Set(["reconciled", "held"]);
const UNDONE = new Set(["missing", "differs", "failed", "not_delivered"]);

/** Days that can be run: all but those that are not over, not the shop's yet, or running. */
export function isSelectable({ state }) {
  return GREEN.has(state) || UNDONE.has(state);
}

/**
 * One backfill, if all days between are selected or green: a backfill passes green days over, so
 * those that are selected are single runs, as are days that lie scattered.
 */
export function runsFor(days, selected) {
  const chosen = days.filter(({ day }) => selected.has(day));
  const undone = chosen.filter(({ state }) => UNDONE.has(state)).map(({ day }) => day);
  const again = chosen.filter(({ state }) => GREEN.has(state)).map(({ day }) => day);
  const from = undone[0];
  const to = undone.at(-1);
  const between = days.filter(({ day }) => day >= from && day <= to);
  const fits = undone.length > 1 && between.every(({ day, state }) => GREEN.has(state) || (UNDONE.has(state) && selected.has(day)));
  if (fits) return { backfill: { from, to }, singles: again };
  return { backfill: null, singles: [...undone, ...again].sort() };
}

/** What somebody with a shell would type. */
export function commandsFor(dagId, { backfill, singles }) {
  const range = backfill
    ? [`airflow backfill create --dag-id ${dagId} --from-date ${backfill.from} --to-date ${backfill.to} --reprocess-behavior failed`]
    : [];
  return [...range, ...singles.map((day) => `airflow dags trigger ${dagId} --conf '{"day": "${day}"}'`)];
}

/** The same as requests to Airflow's API: [path, body]. */
export function requestsFor(dagId, { backfill, singles }) {
  const range = backfill
    ? [
        [
          "backfills",
          {
            dag_id: dagId,
            // The wall clock of the bounds is read in the DAG's own time zone: it is partitioned.
            from_date: `${backfill.from}T00:00:00Z`,
            to_date: `${backfill.to}T00:00:00Z`,
            reprocess_behavior: "failed",
          },
        ],
      ]
    : [];
  const runs = `dags/${encodeURIComponent(dagId)}/dagRuns`;
  return [...range, ...singles.map((day) => [runs, { logical_date: null, partition_key: day }])];
}

const DAY_MS = 86_400_000;
/** Keys of the calendar: days to go; Home and End lead to the first and the last one. */
export const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -Infinity, End: Infinity };

/** The day that a key leads to among those that can be chosen (oldest first), "" if there is none. */
export function dayAt(open, from, step) {
  if (!Number.isFinite(step)) return (step < 0 ? open[0] : open.at(-1)) ?? "";
  if (Math.abs(step) === 1) return open[open.indexOf(from) + step] ?? "";
  for (let at = shifted(from, step); at >= open[0] && at <= open.at(-1); at = shifted(at, step)) {
    if (open.includes(at)) return at;
  }
  return "";
}

function shifted(day, by) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}
