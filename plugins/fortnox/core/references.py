"""The identity that each document carries in Fortnox itself (rules of the books 1 and 2).

``ExternalInvoiceReference1`` says which sale, ``ExternalInvoiceReference2`` which accounting day
and which content. Both hold 80 characters, are shown in Fortnox's lists and can be filtered on
(contains match), so what exists can always be found, whatever crashed.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

_HASH_LENGTH = 12
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)
_REFUND = ":r:"
#: ``:c1`` credits the first version of a sale, ``:v2`` is the version after it.
_CORRECTION = re.compile(r"(?P<sale>[^:]+:[^:]+):(?P<kind>[cv])(?P<number>\d+)")
#: Below this many possible ids one list call is cheaper than another split of the range.
_RANGE_IDS = 5_000


def sale_reference(key: str, order_id: str) -> str:
    """``demo:1042``: the sale of one order."""
    return f"{key}:{order_id}"


def refund_reference(key: str, order_id: str, refund_id: str) -> str:
    """``demo:1042:r:77``: the credit invoice of one refund."""
    return f"{refund_prefix(sale_reference(key, order_id))}{refund_id}"


def refund_prefix(sale: str) -> str:
    """What the references of all refunds of a sale begin with."""
    return f"{sale}{_REFUND}"


def version_reference(sale: str, version: int) -> str:
    """``demo:1042:v2``: a sale whose first version was credited; the first is the sale's own."""
    return sale if version == 1 else f"{sale}:v{version}"


def correction_reference(sale: str, version: int) -> str:
    """``demo:1042:c1``: the credit invoice of a whole version."""
    return f"{sale}:c{version}"


def sale_of(reference: str) -> str:
    """The sale that a version or its credit invoice belongs to; any other reference itself."""
    found = _CORRECTION.fullmatch(reference)
    return found["sale"] if found else reference


def version_of(reference: str) -> int:
    """The number of a version, from 1, or of the version that a correction credits."""
    found = _CORRECTION.fullmatch(reference)
    return int(found["number"]) if found else 1


def order_of(key: str, reference: str) -> str | None:
    """The order id of any reference of this shop (sale, refund, ...); None for others'."""
    rest = reference.removeprefix(f"{key}:")
    if rest == reference:
        return None
    return rest.partition(":")[0] or None


def order_of_sale(key: str, reference: str) -> str | None:
    """The order id of a sale's reference, of any version; None for others (refunds, ...)."""
    order_id = order_of(key, reference)
    if not order_id or is_credit(reference):
        return None
    return order_id if sale_of(reference) == sale_reference(key, order_id) else None


def is_refund(reference: str) -> bool:
    """Whether a reference is a refund's."""
    return _REFUND in reference


def is_credit(reference: str) -> bool:
    """Whether a reference's document must be negative: a refund, or the credit of a version."""
    found = _CORRECTION.fullmatch(reference)
    return is_refund(reference) or (found is not None and found["kind"] == "c")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReference:
    """``<key>:<accounting day>:<hash12>``, the second reference of a document."""

    key: str
    day: date
    content_hash: str

    def __str__(self) -> str:
        return f"{day_prefix(self.key, self.day)}{self.content_hash}"

    @classmethod
    def parse(cls, text: str) -> "DayReference | None":
        """The inverse of ``str``; None when the text is not one of ours."""
        parts = text.split(":")
        if len(parts) != 3 or len(parts[2]) != _HASH_LENGTH:  # noqa: PLR2004 - key, day, hash
            return None
        try:
            day = date.fromisoformat(parts[1])
        except ValueError:
            return None
        return cls(key=parts[0], day=day, content_hash=parts[2])


def day_prefix(key: str, day: date) -> str:
    """What all second references of a day begin with: one list finds the day's documents."""
    return f"{key}:{day.isoformat()}:"


def content_hash(content: Mapping[str, object]) -> str:
    """First 12 hex digits of SHA-256 over canonical JSON; tells unchanged from edited."""
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()[:_HASH_LENGTH]


def guest_token(email: str) -> str:
    """What stands for a guest in a customer number: 12 hex of SHA-256 of the e-mail."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:12]


def vat_number_token(vat_number: str) -> str:
    """What stands for a VAT number in a customer number: 8 hex of its SHA-256."""
    return hashlib.sha256(vat_number.encode()).hexdigest()[:8]


def range_prefixes(order_ids: Iterable[str]) -> list[str]:
    """Few id prefixes that together cover all ids; each is one list call (contains filter).

    A lone id stands for itself (an exact look-up); ids close together share their leading digits.
    """
    by_length: dict[int, list[str]] = {}
    for order_id in sorted(set(order_ids)):
        by_length.setdefault(len(order_id) if order_id.isdigit() else -1, []).append(order_id)
    prefixes: list[str] = list(by_length.pop(-1, []))
    for ids in by_length.values():
        prefixes.extend(_cover(ids))
    return sorted(prefixes)


def _cover(ids: list[str]) -> list[str]:
    if len(ids) == 1:
        return ids
    first, last = ids[0], ids[-1]
    common = next(i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
    if 10 ** (len(first) - common) <= _RANGE_IDS:
        return [first[:common]] if common else [*_split(ids, 0)]
    return [*_split(ids, common)]


def _split(ids: list[str], at: int) -> list[str]:
    groups: dict[str, list[str]] = {}
    for order_id in ids:
        groups.setdefault(order_id[: at + 1], []).append(order_id)
    return [prefix for group in groups.values() for prefix in _cover_group(group, at + 1)]


def _cover_group(ids: list[str], length: int) -> list[str]:
    if len(ids) == 1:
        return ids
    if 10 ** (len(ids[0]) - length) <= _RANGE_IDS:
        return [ids[0][:length]]
    return _cover(ids)
