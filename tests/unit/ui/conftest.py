"""A database of Airflow's own tables, and clients of the app with real tokens of real roles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow import settings
from airflow.api_fastapi.app import purge_cached_app
from airflow.models.backfill import Backfill
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagrun import DagRun
from airflow.models.pool import Pool
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from fastapi.testclient import TestClient
from sqlalchemy import delete, text
from ui_airflow_tables import ClientOf, Database, add_basics, connect, make_tables, signed_in

from fortnox.ui.app import app


@pytest.fixture(scope="module")
def airflow_tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Airflow's ORM on a database of our own, given back after each module.

    Not longer: modules run in random order, and others have a database of theirs.
    """
    with pytest.MonkeyPatch.context() as patch:
        folder: Path = tmp_path_factory.mktemp("airflow_db")
        patch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", f"sqlite:///{folder}/airflow.db")
        patch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "only-for-these-tests-" * 4)
        patch.setenv("AIRFLOW__API_AUTH__JWT_ISSUER", "tests")
        make_tables()
        yield
    purge_cached_app()
    connect()


@pytest.fixture
def database(airflow_tables: None) -> Iterator[Database]:
    """Empty but for the bundle and the default pool."""
    assert settings.Session is not None
    with settings.Session() as session:
        session.execute(text("PRAGMA foreign_keys=OFF"))
        for model in (Backfill, XComModel, TaskInstance, DagRun, DagModel, DagBundleModel, Pool):
            session.execute(delete(model))
        add_basics(session)
        yield Database(session)


@pytest.fixture
def client_of(database: Database) -> ClientOf:
    """Makes clients that are signed in with a role of Airflow's."""
    return signed_in


@pytest.fixture
def anonymous(database: Database) -> TestClient:
    """Nobody is signed in."""
    return TestClient(app)


@pytest.fixture
def summary() -> dict[str, Any]:
    """A small report with every part that the page shows, and hostile texts in it."""
    return {
        "schema": "fortnox.reconciliation/1",
        "verdict": "differs",
        "headline": "Not reconciled: difference 12.50 SEK",
        "company": {
            "organisation_number": "556000-0000",
            "name": "<script>alert(1)</script>",
            "fortnox_conn_id": "fortnox_demo",
        },
        "shop": {"key": "demo", "name": "Demo shop", "shop_conn_id": "woocommerce_demo"},
        "window": {
            "kind": "accounting_day",
            "start_utc": "2026-11-19T23:00:00+00:00",
            "end_utc": "2026-11-20T23:00:00+00:00",
            "day": "2026-11-20",
            "label": "2026-11-20",
        },
        "made_at": "2026-11-21T03:30:12+00:00",
        "currency": "SEK",
        "counts": {
            "orders": 3,
            "documents": 2,
            "held": 1,
            "created": 2,
            "booked": 2,
            "unchanged": 0,
            "not_due": 0,
            "refunds": 0,
        },
        "totals_ore": {
            "shop": 12_345_650,
            "documents": 12_244_400,
            "held": 100_000,
            "ledger": None,
            "difference": 1_250,
        },
        "vat": [{"rate_pct": "25", "shop_ore": 2_500, "ledger_ore": 2_499, "rounding_ore": 1}],
        "accounts": [
            {
                "account": 3001,
                "name": "Försäljning 25 %",
                "expected_ore": -10_000,
                "ledger_ore": -8_750,
                "difference_ore": 1_250,
            }
        ],
        "differences": [
            {
                "order_id": "7",
                "order_number": "7",
                "reference": "demo:7",
                "document_number": None,
                "shop_ore": 1_250,
                "document_ore": None,
                "difference_ore": 1_250,
                "cause": "<img src=x onerror=alert(2)>",
                "remedy": "Run the day again.",
            }
        ],
        "held": [
            {
                "order_id": "8",
                "order_number": "8",
                "kind": "order",
                "amount_ore": 100_000,
                "code": "unmapped_payment_method",
                "reason": "Payment method swish is not mapped.",
                "remedy": "Add it to document_types.csv.",
            }
        ],
        "steps": [{"step": "extract", "state": "success"}],
        "requests": {"reads": 9, "writes": 4, "forecast": 14, "seconds": 3},
        "notes": ["A note with <b>markup</b>."],
        "details": {"rows": 3, "pages": 1, "page_rows": 500},
    }
