"""Runs of the order DAGs inside the test process, by Airflow's ``dag.test``."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pendulum
from tests.support.worlds import World, environment, lists_without_lag

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRun:
    """What a run left: its state, task states, report, and requests to Fortnox."""

    state: str
    tasks: dict[str, str]
    report: Any
    fortnox_reads: int
    findings: list[str]
    #: Where its report stands; its plan.
    run_id: str = ""
    plan: Any = None
    #: All of its XComs as JSON, where the runner keeps them.
    xcom_bytes: int = 0
    #: What failed tasks said, by task.
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRunner:
    """Runs days of one shop in one world, with staging in a folder of its own."""

    world: World
    folder: Path
    mappings: Path
    _count: list[int]
    shop: str = "demo"

    def run(self, day: date | str) -> DayRun:
        """Run the daily DAG for a day."""
        return self._run(f"fortnox_orders_daily__{self.shop}", {"day": str(day)} if day else {})

    def dry_run(self, day: date) -> DayRun:
        """Run the daily DAG for a day, as far as its plan."""
        return self._run(f"fortnox_orders_daily__{self.shop}", {"day": str(day), "dry_run": True})

    def run_hour(self) -> DayRun:
        """Run the hourly DAG; its window begins at the watermark in Airflow's database."""
        return self._run(f"fortnox_orders_hourly__{self.shop}", {})

    def run_payouts(self) -> DayRun:
        """Run the payouts DAG over what lies in :attr:`dropped`."""
        return self._run("fortnox_payouts__demo", {}, file="fortnox_payouts.py")

    @property
    def dropped(self) -> Path:
        """The demo shop's folder of settlement reports."""
        folder = self.folder / "payouts" / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def run_articles(self, resource: str = "articles") -> DayRun:
        """Run the shop's DAG of articles or stock; events.csv must turn it on."""
        return self._run(f"fortnox_{resource}__{self.shop}", {}, file=f"fortnox_{resource}.py")

    def set_event(self, resource: str, direction: str) -> None:
        """Let a resource flow this way, hourly."""
        path = self.mappings / "events.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(f"*,{resource},")]
        path.write_text("\n".join([*kept, f"*,{resource},{direction},hourly"]) + "\n")

    def set_shop(self, **columns: str) -> None:
        """Columns of the demo shop's row in shops.csv; new ones are added."""
        path = self.mappings / "shops.csv"
        comment, header, row = path.read_text(encoding="utf-8").splitlines()
        values = dict(zip(header.split(","), row.split(","), strict=True)) | columns
        path.write_text(f"{comment}\n{','.join(values)}\n{','.join(values.values())}\n")

    def set_owners(self, owner: str, *fields: str) -> None:
        """This side owns these fields of articles, and the other side the rest of them."""
        rows = "\n".join(f"*,{field},{owner}" for field in fields)
        text = f"shop,field,owner\n{rows}\n"
        (self.mappings / "article_fields.csv").write_text(text, encoding="utf-8")

    def run_customers(self) -> DayRun:
        """Run the customers DAG, in the direction that events.csv says."""
        return self._run(f"fortnox_customers__{self.shop}", {}, file="fortnox_customers.py")

    def run_smoke(self) -> DayRun:
        """Run the smoke test."""
        return self._run("fortnox_smoke__demo", {}, file="fortnox_smoke.py", proof="smoke")

    def say(self, file: str, old: str, new: str) -> None:
        """Change a mapping file."""
        path = self.mappings / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def _run(
        self,
        dag_id: str,
        conf: dict[str, Any],
        *,
        file: str = "fortnox_orders.py",
        proof: str = "reconcile",
    ) -> DayRun:
        from airflow.dag_processing.dagbag import DagBag

        self._count[0] += 1
        with environment(self.variables()), lists_without_lag():
            bag = DagBag(dag_folder=str(ROOT / "dags" / file))
            assert bag.import_errors == {}
            dag = bag.dags[dag_id]
            reads = self.requests("GET")
            run = dag.test(
                logical_date=pendulum.datetime(2026, 1, 1).add(seconds=self._count[0]),
                run_conf=conf,
            )
            reads = self.requests("GET") - reads
        instances = {ti.task_id: ti for ti in run.get_task_instances()}
        report = instances[proof].xcom_pull(task_ids=proof, key="reconciliation")
        checked = {}
        if "preflight" in instances:
            checked = instances["preflight"].xcom_pull(task_ids="preflight") or {}
        return DayRun(
            state=str(run.state),
            tasks={name: str(ti.state) for name, ti in instances.items()},
            report=report,
            fortnox_reads=reads,
            findings=checked.get("findings", []),
        )

    def variables(self) -> dict[str, str]:
        """The environment that a run finds its connections and folders by."""
        return {
            **self.world.environment(),
            "FORTNOX_STAGING": str(self.folder / "staging"),
            "FORTNOX_REPORTS": str(self.folder / "reports"),
            "FORTNOX_MAPPINGS_DIR": str(self.mappings),
            "FORTNOX_PAYOUTS_DIR": str(self.folder / "payouts"),
        }

    def requests(self, *methods: str) -> int:
        """How many requests Fortnox has received by these methods."""
        log = self.world.faults.requests()
        return sum(1 for one in log if one.method in methods and "/3/" in one.path)

    def writes(self) -> int:
        """How many requests that write Fortnox has received."""
        return self.requests("POST", "PUT", "DELETE")
