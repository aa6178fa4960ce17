"""Whether every day of every shop is proven, and each sale stands once; and at what rate."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.scale.cluster import Cluster
from tests.scale.shops import Shop
from tests.support.end_to_end import control, living_invoices

from fortnox.core.names import RECONCILE_TASK, REPORT_KEY
from fortnox.demo import verdict

PERMITTED, WINDOW_S = 25, 5.0
_TOO_MANY = 429
#: Between the steps of an apply lie two seconds; between two applies more.
_PAUSE_S = 5.0
_FEWEST_WRITES = 20


@dataclass(slots=True, kw_only=True)
class Company:
    """What became of one company.

    Attributes:
        faults: Days that are not proven, and the doubled sales.
        doubled: Sales that stand more than once.
        proven: Days that are.
        orders: In the reports of its days.
        documents: That stand in Fortnox.
        requests: At Fortnox, all.
        refused: Of them for the rate.
        fullest_window: The most requests in any 5 s.
        seconds: From its first request to its last.
        writing_share_pct: Of the permitted rate, while an apply writes; one for each apply.
    """

    faults: list[str] = field(default_factory=list)
    doubled: int = 0
    proven: int = 0
    orders: int = 0
    documents: int = 0
    requests: int = 0
    refused: int = 0
    fullest_window: int = 0
    seconds: float = 0.0
    writing_share_pct: list[float] = field(default_factory=list)


def look_at(cluster: Cluster, shop: Shop) -> Company:
    """Reads the company's books, its request log, and the report of each of its days."""
    state = control(shop.fortnox_url, "GET", "state")
    living = living_invoices(state)
    found = Company(documents=len(living))
    doubled = _doubled(state, living)
    found.doubled = len(doubled)
    found.faults += [f"{shop.key}: {fault}" for fault in doubled]
    per_day = Counter(row["InvoiceDate"] for row in living)
    for day in cluster.all_days:
        summary, fault = _report(cluster, shop, day)
        if summary is not None:
            found.orders += summary["counts"]["orders"]
            documents = summary["counts"]["documents"]
            if documents != per_day[day.isoformat()]:
                fault += f" reports {documents} documents, has {per_day[day.isoformat()]}"
        if fault:
            found.faults.append(f"{shop.key} {day}: {fault.strip()}")
        else:
            found.proven += 1
    _count_requests(found, [row for row in state["requests"] if row["path"].startswith("/3/")])
    return found


def held_on(cluster: Cluster, shop: Shop, day: date) -> bool:
    """Whether the day's newest report holds anything."""
    summary, _ = _report(cluster, shop, day)
    return summary is not None and summary["counts"]["held"] > 0


def _report(cluster: Cluster, shop: Shop, day: date) -> tuple[Any, str]:
    """The report of a day's newest run, and what is wrong with it."""
    runs = cluster.api.call(
        "GET",
        f"dags/{shop.daily}/dagRuns",
        params={"partition_key_pattern": day.isoformat(), "order_by": "-run_after"},
    )["dag_runs"]
    if not runs:
        return None, "no run"
    run_id, state = runs[0]["dag_run_id"], runs[0]["state"]
    summary = cluster.api.xcom(shop.daily, run_id, RECONCILE_TASK, REPORT_KEY)
    if summary is None:
        return None, f"no report, the run is {state}"
    if state != "success" or not verdict.is_reconciled(summary):
        return summary, f"{state}, {verdict.last_line(summary)}"
    return summary, ""


def _doubled(state: Any, living: Sequence[Any]) -> list[str]:
    standing = Counter(row["ExternalInvoiceReference1"] for row in living)
    booked = Counter(row["ExternalInvoiceReference1"] for row in state["invoices"] if row["Booked"])
    return [f"{name} stands {n} times" for name, n in (standing | booked).items() if n > 1]


def _count_requests(found: Company, rows: Sequence[Any]) -> None:
    times_s = sorted(datetime.fromisoformat(row["at_utc"]).timestamp() for row in rows)
    found.requests = len(rows)
    found.refused = sum(row["status"] == _TOO_MANY for row in rows)
    found.fullest_window = fullest_window(times_s)
    found.seconds = times_s[-1] - times_s[0]
    writes_s = sorted(
        datetime.fromisoformat(row["at_utc"]).timestamp()
        for row in rows
        if row["method"] == "POST" and row["path"] in {"/3/invoices", "/3/customers"}
    )
    found.writing_share_pct = shares_pct(writes_s)


def fullest_window(times_s: Sequence[float]) -> int:
    """The most of these moments, in order, that lie in any 5 s."""
    most, first = 0, 0
    for last, moment_s in enumerate(times_s):
        while moment_s - times_s[first] >= WINDOW_S:
            first += 1
        most = max(most, last - first + 1)
    return most


def shares_pct(times_s: Sequence[float]) -> list[float]:
    """How much of the permitted rate each burst of requests used, in percent.

    A burst ends where nothing follows for some seconds; short ones say nothing.
    """
    bursts: list[list[float]] = []
    for moment_s in times_s:
        if not bursts or moment_s - bursts[-1][-1] > _PAUSE_S:
            bursts.append([])
        bursts[-1].append(moment_s)
    return [
        100 * (len(burst) - 1) / (burst[-1] - burst[0]) / (PERMITTED / WINDOW_S)
        for burst in bursts
        if len(burst) >= _FEWEST_WRITES
    ]
