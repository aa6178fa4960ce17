"""Texts as WordPress stores and shows them: escaped names, slugs, prices, meta data."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.state import Registers

_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_LESS = re.compile(r"<(?![a-zA-Z/!])")
#: What a shop can reckon with.
_PRICE = re.compile(r"-?([0-9]{1,10}(\.[0-9]{0,10})?|\.[0-9]{1,10})")
_KRONA = "&#107;&#114;"


def escaped(text: str) -> str:
    """A name as it is stored when it is written over REST: ``&`` becomes ``&amp;``, tags stay."""
    return _LESS.sub("&lt;", _AMPERSAND.sub("&amp;", text))


def slug_of(name: str, taken: Iterable[str]) -> str:
    """The last part of an address made from a name; ``-2``, ``-3`` if another one has it."""
    plain = unicodedata.normalize("NFKD", re.sub(r"&\w+;|<[^>]*>", "", name))
    plain = plain.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "artikel"
    used, number, found = set(taken), 1, slug
    while found in used:
        number += 1
        found = f"{slug}-{number}"
    return found


def price_text(text: str) -> str:
    """A price as it is stored: the shop's comma becomes a point; "" for what is no number."""
    plain = re.sub(r"[^0-9.\-]", "", text.replace(",", "."))
    return plain if _PRICE.fullmatch(plain) else ""


def money_html(amount: str, *, hidden: bool = False) -> str:
    """An amount as the shop's pages show it."""
    value = Decimal(amount or 0).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    shown = f"{value:,}".replace(",", " ").replace(".", ",")
    aside = ' aria-hidden="true"' if hidden else ""
    return (
        f'<span class="woocommerce-Price-amount amount"{aside}><bdi>{shown}&nbsp;'
        f'<span class="woocommerce-Price-currencySymbol" translate="no">{_KRONA}</span>'
        "</bdi></span>"
    )


def plain_money(amount: str) -> str:
    """An amount within a sentence of the shop's pages."""
    value = Decimal(amount or 0).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{value:,}&nbsp;{_KRONA}".replace(",", " ").replace(".", ",")


def with_meta(old: list[Json], written: Iterable[Json], registers: Registers) -> list[Json]:
    """Meta data after a write: by id or by key; a value of null takes it away."""
    kept = [dict(meta) for meta in old]
    for meta in written:
        same = next((m for m in kept if _is(m, meta)), None)
        value: Any = meta.get("value")
        if same is not None and value is None:
            kept.remove(same)
        elif same is not None:
            same |= {"key": meta.get("key", same["key"]), "value": value}
        elif value is not None:
            kept.append({"id": registers.next_id("meta"), "key": meta.get("key", ""),
                         "value": value})  # fmt: skip
    return kept


def _is(meta: Json, written: Json) -> bool:
    if written.get("id"):
        return bool(meta["id"] == written["id"])
    return bool(meta["key"] == written.get("key"))
