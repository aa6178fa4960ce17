"""Fortnox's OpenAPI document, where it is at hand: finds operations, checks bodies and answers.

The document is Fortnox's and not part of this repository.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[3] / "shared/data/fortnox-openapi.json"
REASON = f"Fortnox's OpenAPI document is not at {DOCUMENT}"

#: What live answers hold and the document leaves out (recordings, sections 4 and 5).
UNDOCUMENTED = {
    "Article": {"SupplierName", "CommodityCode"},
    "FinancialYear": {"accountCharts"},
    "Invoice": {"InvoiceReference"},
    "Invoice_EDIInformation": {"EDIStatus"},
    "Invoice_InvoiceRow": {"Cost"},
    "Order_OrderRow": {"Cost", "ReservedQuantity"},
}
#: What the document types otherwise than live answers do (recorded: left live, right document).
TYPED_OTHERWISE = {
    ("Invoice", "ContractReference"),  # text
    ("Invoice", "InvoicePeriodStart"),  # "" for no date
    ("Customer", "SalesAccount"),  # integer since 2023
    ("InvoiceListItem", "CurrencyRate"),  # text in lists
    ("ArticleListItem", "QuantityInStock"),  # text in lists
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
METHODS = ("get", "post", "put", "delete")


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    return dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))


def schema(name: str) -> dict[str, Any]:
    """A schema by its name without ``fortnox_``."""
    return dict(document()["components"]["schemas"][f"fortnox_{name}"])


def resolved(rule: dict[str, Any]) -> dict[str, Any]:
    """A schema behind its references."""
    while "$ref" in rule:
        rule = document()["components"]["schemas"][rule["$ref"].rpartition("/")[2]]
    return rule


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything in the document."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield method.upper(), path, operation


@cache
def _patterns() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    # Fixed parts win over parameters: "vouchers/sublist/A" is no voucher.
    ordered = sorted(operations(), key=lambda one: one[1].count("{"))
    return [
        (method, re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), operation)
        for method, path, operation in ordered
    ]


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """The document's operation for a request, ``path`` with its ``/3/``."""
    for known, pattern, operation in _patterns():
        if known == method and pattern.fullmatch(path.rstrip("/")):
            return operation
    return None


def answer_faults(method: str, path: str, status: int, body: Any) -> list[str]:
    """What in an answer the document does not know or types otherwise; [] = it fits."""
    operation = operation_of(method, path)
    if operation is None:
        return [f"{method} {path} is not in the document"]
    told = operation["responses"].get(str(status))
    if told is None:
        return [f"{method} {path} does not answer {status}"]
    content = told.get("content", {})
    rule = next(iter(content.values()), {}).get("schema", {})
    if not isinstance(body, dict) or "$ref" not in rule:
        return []
    properties = resolved(rule)["properties"]
    faults = [f"{name} is no envelope" for name in set(body) - {*properties, "MetaInformation"}]
    for name, inner in properties.items():
        if name in body:
            faults += list(_faults(name, inner, body[name]))
    return faults


def request_faults(method: str, path: str, body: dict[str, Any]) -> list[str]:
    """What in a request's body the document does not know or types otherwise; [] = it fits."""
    operation = operation_of(method, path)
    if operation is None or "requestBody" not in operation:
        return [f"{method} {path} takes no body"]
    content = next(iter(operation["requestBody"]["content"].values()))
    return list(_faults("body", content["schema"], body))


def _faults(name: str, rule: dict[str, Any], value: Any) -> Iterator[str]:
    if value is None:
        return
    if "$ref" in rule:
        yield from _object_faults(name, rule["$ref"].rpartition("/")[2], value)
        return
    kind = rule.get("type", "object")
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{name}: {value!r} is no {kind}"
    elif "enum" in rule and value != "" and value not in rule["enum"]:
        yield f"{name}: {value!r}"
    elif kind == "array":
        for item in value:
            yield from _faults(f"{name}[]", rule["items"], item)


def _object_faults(name: str, full_name: str, value: Any) -> Iterator[str]:
    short = full_name.removeprefix("fortnox_")
    if not isinstance(value, dict):
        yield f"{name}: {value!r} is no object"
        return
    properties = document()["components"]["schemas"][full_name].get("properties", {})
    for unknown in sorted(set(value) - set(properties) - UNDOCUMENTED.get(short, set())):
        yield f"{name}: {unknown} is not in the document"
    for field, content in value.items():
        if field in properties and (short, field) not in TYPED_OTHERWISE:
            yield from _faults(f"{name}.{field}", properties[field], content)
