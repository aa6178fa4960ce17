"""The demo's second shop, if wanted: a Textalk shop that sells into the same company.

Only with ``DEMO_TEXTALK=1``, since its day costs another run of the whole DAG. It has a reference
key of its own; the pool and the lock are the company's, so the two never write at once.
"""

import csv
import io
import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from fortnox.demo import world
from fortnox.demo.airflow_api import AirflowApi
from fortnox.demo.settings import Layout
from fortnox.demo.supervisor import Child

SHOP = "demo-textalk"
CONN_ID = "textalk_demo"
VARIABLE = "DEMO_TEXTALK"
_RANK_SANDBOX = 1
_SEED = "7"
_COLUMNS = {
    "shop": SHOP,
    "name": "Demo shop (Textalk)",
    "reference_key": "demo-tx",
    "platform": "textalk",
    "shop_conn_id": CONN_ID,
    "statuses": "",
}
#: The sandbox's payment methods: uid -> the date of the sale, days to pay, and where the money is.
#: A bank transfer's payment stays with a person: the shop does not tell when it came.
_METHODS = {
    "342601": ("paid", "0", "1686"),
    "342602": ("paid", "0", "1686"),
    "342603": ("paid", "0", "1930"),
    "342604": ("paid", "0", ""),
    "342605": ("delivered", "30", ""),
    "342606": ("delivered", "10", ""),
}


def is_wanted(variables: Mapping[str, str]) -> bool:
    """Whether the caller asked for it."""
    return variables.get(VARIABLE, "") not in {"", "0"}


def add_rows(mappings: Path) -> None:
    """Add the shop to a folder of mapping files: as the first one, but for what is its own."""
    shops = mappings / "shops.csv"
    header, first = _content(shops)[:2]
    _append(shops, world.set_columns(f"{header}\n{first}\n", _COLUMNS).splitlines()[1:])
    rows = io.StringIO()
    names = _content(mappings / "document_types.csv")[0].split(",")
    writer = csv.DictWriter(rows, names, restval="", lineterminator="\n")
    for uid, (document_date, days, account) in _METHODS.items():
        writer.writerow(
            {
                "shop": SHOP,
                "payment_method": uid,
                "document_type": "invoice",
                "document_date": document_date,
                "bookkeep": "yes",
                "terms_of_payment": days,
                "payment": "book" if account else "none",
                "payment_account": account,
            }
        )
    _append(mappings / "document_types.csv", rows.getvalue().splitlines())


def child(layout: Layout, port: int, day: date) -> Child:
    """The shop's process. Its memory is a file, as the other sandboxes'."""
    layout.sandbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Child(
        name="textalk",
        argv=(
            *(sys.executable, "-m", "fortnox", "sandbox", "--only", "textalk", "--control"),
            *("--textalk-port", str(port), "--state-dir", str(layout.sandbox)),
            *("--end-day", day.isoformat(), "--seed", _SEED),
        ),
        env=dict(os.environ),
        log=layout.logs / "textalk.log",
        cwd=layout.folder,
        rank=_RANK_SANDBOX,
    )


def connect(api: AirflowApi, port: int) -> None:
    """The connection, in Airflow's database so that the UI has it."""
    # Imported here: the web server below it is the sandbox process's business.
    from fortnox.sandbox.textalk import DEFAULT_TOKEN, WEBSHOP  # noqa: PLC0415

    api.put_connection(
        CONN_ID,
        {
            "conn_type": "textalk",
            "description": "Sandbox Textalk shop of the demo",
            "host": f"http://{world.LOOPBACK}:{port}",
            "password": DEFAULT_TOKEN,
            "extra": json.dumps({"webshop": WEBSHOP, "eu_vat": "origin"}),
        },
    )


def _content(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _append(path: Path, rows: list[str]) -> None:
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text("\n".join([text, *rows, ""]), encoding="utf-8")
