"""Mapping files with a Textalk shop beside the standard one."""

import shutil
from pathlib import Path


def add_textalk_shop(source: Path, target: Path) -> None:
    """Copy the mapping files, and add ``demo-textalk`` in the same company."""
    shutil.copytree(source, target)
    shops = target / "shops.csv"
    header, row = shops.read_text(encoding="utf-8").splitlines()[1:3]
    names, values = header.split(","), row.split(",")
    changed = dict(zip(names, values, strict=True)) | {
        "shop": "demo-textalk",
        "name": "Demo Textalk",
        "reference_key": "tx",
        "platform": "textalk",
        "shop_conn_id": "textalk_demo",
        "statuses": "",
    }
    _append(shops, [",".join(changed.values())])
    dated = {"342601": "paid,yes,0", "342602": "paid,yes,0", "342603": "paid,yes,0",
             "342604": "paid,yes,0", "342605": "delivered,yes,30",
             "342606": "delivered,yes,10"}  # fmt: skip
    rows = [f"demo-textalk,{uid},invoice,{rest},,," for uid, rest in dated.items()]
    _append(target / "document_types.csv", rows)


def _append(path: Path, rows: list[str]) -> None:
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text("\n".join([text, *rows, ""]), encoding="utf-8")
