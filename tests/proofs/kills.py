"""``make kill-proof``: whatever is killed and whenever, run again and the books are the same.

A shop's days are caught up while parts of the system are killed (SIGKILL) at random moments: the
process of an apply task, the worker that watches over it, the scheduler, the api-server, the
database, and the supervisor of everything; and the database stands still for a minute. Then each
day is run once more. The books must be those of a world in which nobody was killed, every day must
be reconciled, and one more run of all must write nothing.

``--upgrade-from`` lets the disturbed world begin with the Airflow of another environment, and go on
with this one when its supervisor is killed: an upgrade in the middle of a backfill.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.proofs.applies import Applies, Apply, child_of, parent_of
from tests.proofs.days_again import catch_up, idle_writes, red_days, run_all
from tests.proofs.served import Served, served
from tests.support.end_to_end import living_invoices, stop_cleanly

from fortnox.demo import processes, world
from fortnox.demo.day import DAILY

_PAUSE_S = (2.0, 12.0)
_MOMENT_S = (0.0, 3.0)
_STANDSTILL_S = 60.0


def main() -> int:
    """Prints each kill, and at the end whether the books are the same; 0 when they are."""
    chosen = _arguments()
    stop_cleanly()
    chance = random.Random(chosen.seed)  # noqa: S311 - moments, not secrets
    day = world.demo_day(world.utc_now())
    size = {"days": chosen.days, "orders_per_day": chosen.orders_per_day}
    with served(day, **size) as calm:
        catch_up(calm)
        expected = _books(calm.books())
    print(f"undisturbed: {len(expected['invoices'])} invoices", flush=True)
    victims = [name for name in chosen.victims.split(",") for _ in range(chosen.times)]
    chance.shuffle(victims)
    with served(day, **size, python=chosen.upgrade_from) as disturbed:
        disturbed.api.unpause(DAILY)
        killed = sum(_killed(disturbed, victim, chance) for victim in victims)
        catch_up(disturbed)
        run_all(disturbed)
        faults = _differences(expected, _books(disturbed.books())) + red_days(disturbed)
        faults += idle_writes(disturbed)
    print(f"{killed} of {len(victims)} killed; seed {chosen.seed}")
    print("\n".join(faults) or "the books are the same")
    return 1 if faults or killed < len(victims) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.kills")
    parser.add_argument("--victims", default=",".join(VICTIMS), help="separated by commas")
    parser.add_argument("--times", type=int, default=2, help="kills of each (default: 2)")
    parser.add_argument("--days", type=int, default=10, help="(default: 10)")
    parser.add_argument("--orders-per-day", type=int, default=8, help="(default: 8)")
    parser.add_argument("--seed", type=int, default=random.randrange(1000))  # noqa: S311
    parser.add_argument(
        "--upgrade-from", default=sys.executable, help="Python of an environment to begin with"
    )
    return parser.parse_args()


def _killed(airflow: Served, victim: str, chance: random.Random) -> bool:
    """Hits one part at a random moment while an apply runs; whether there was one to hit."""
    time.sleep(chance.uniform(*_PAUSE_S))
    apply = Applies(airflow).next_one()
    time.sleep(chance.uniform(*_MOMENT_S))
    what = VICTIMS[victim](airflow, apply)
    print(f"{victim}: {what or 'not there'}", flush=True)
    return bool(what)


def _kill(pid: int | None) -> str:
    if pid is None:
        return ""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return f"killed process {pid}"


def _kill_supervisor(airflow: Served, _: Apply | None) -> str:
    """What a person does who types the command again follows."""
    killed = _kill(airflow.process.pid)
    airflow.process.wait()
    airflow.start_again()
    return killed


def _hold_database(airflow: Served, _: Apply | None) -> str:
    """Every process of the database stands still: connections hang, none is refused."""
    held = processes.marked(airflow.mark, "postgres")
    for process in held:
        processes.send(process, signal.SIGSTOP)
    time.sleep(_STANDSTILL_S)
    for process in held:
        processes.send(process, signal.SIGCONT)
    return f"stood still for {_STANDSTILL_S:.0f} s" if held else ""


VICTIMS: dict[str, Callable[[Served, Apply | None], str]] = {
    "task": lambda _, apply: _kill(apply and apply.pid),
    "worker": lambda _, apply: _kill(apply and parent_of(apply.pid)),
    "scheduler": lambda airflow, _: _kill(child_of(airflow, "scheduler")),
    "api-server": lambda airflow, _: _kill(child_of(airflow, "api-server")),
    "database": lambda airflow, _: _kill(child_of(airflow, "postgres")),
    "database-away": _hold_database,
    "supervisor": _kill_supervisor,
}


def _books(state: Any) -> dict[str, Any]:
    """What must be the same: living invoices by reference, and the ledger by day and account.

    Numbers are left out; they are given in the order of the requests.
    """
    ledger: Counter[tuple[str, int]] = Counter()
    for voucher in state["vouchers"]:
        for row in voucher["VoucherRows"]:
            amount = round((float(row["Debit"]) - float(row["Credit"])) * 100)
            ledger[voucher["TransactionDate"], int(row["Account"])] += amount
    return {
        "invoices": sorted(
            (
                row["ExternalInvoiceReference1"],
                row["ExternalInvoiceReference2"],
                row["InvoiceDate"],
                str(row["Total"]),
                bool(row["Booked"]),
            )
            for row in living_invoices(state)
        ),
        "ledger": {key: amount for key, amount in ledger.items() if amount},
        "customers": sorted(row["CustomerNumber"] for row in state["customers"]),
    }


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    faults = []
    for name, wanted in expected.items():
        if found[name] != wanted:
            lost = Counter(wanted) - Counter(found[name])
            extra = Counter(found[name]) - Counter(wanted)
            faults.append(f"{name} differ: lost {dict(lost)}, extra {dict(extra)}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
