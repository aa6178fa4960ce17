"""What a test order must look like once it is in Fortnox. Pure: one check each, with what was seen.

A check that does not apply (no article in Fortnox) is told as such and fails nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fortnox.core.documents import FortnoxInvoice, Invoice
from fortnox.core.money import format_ore
from fortnox.core.verify import mismatches

SCHEMA = "fortnox.smoke/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeProduct:
    """What the test order buys one of."""

    product_id: str
    sku: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; ``passed`` None: it does not apply here."""

    what: str
    passed: bool | None
    seen: str

    def to_dict(self) -> dict[str, object]:
        """For the XCom."""
        return {"what": self.what, "passed": self.passed, "seen": self.seen}


def invoice_checks(wanted: Invoice, found: FortnoxInvoice | None) -> list[Check]:
    """The document against what the order asked for."""
    if found is None:
        return [Check(what="invoice", passed=False, seen="none carries the order's reference")]
    wrong = "; ".join(mismatches(wanted, found.customer_number, found))
    total = f"{format_ore(found.total_ore)} in Fortnox, {format_ore(wanted.total_ore)} in the shop"
    return [
        Check(what="invoice", passed=not wrong, seen=wrong or f"number {found.document_number}"),
        Check(what="total", passed=found.total_ore == wanted.total_ore, seen=total),
    ]


def product_checks(
    product: SmokeProduct,
    article: Mapping[str, object] | None,
    *,
    price_ore: int | None,
    gross_ore: int,
    net_ore: int,
) -> list[Check]:
    """The article of the same number: it is there, and its price is the shop's.

    Args:
        product: What was bought.
        article: Of Fortnox, by the product's SKU; None if there is none.
        price_ore: Its sales price; None if it has none.
        gross_ore: What one costs in the shop with VAT, ``net_ore`` without.
        net_ore: As above.
    """
    if article is None:
        seen = f"no article {product.sku} in Fortnox" if product.sku else "the product has no SKU"
        return [Check(what="article", passed=None, seen=seen)]
    checks = [Check(what="article", passed=True, seen=f"article {product.sku}")]
    if price_ore is None:
        checks.append(Check(what="price", passed=None, seen="the article has no sales price"))
    else:
        seen = f"{format_ore(price_ore)} in Fortnox, {format_ore(gross_ore)} in the shop"
        checks.append(Check(what="price", passed=price_ore in (gross_ore, net_ore), seen=seen))
    return checks


def customer_check(number: str, card: Mapping[str, object] | None) -> Check:
    """The card that the document goes to is there and active."""
    passed = bool(card and card.get("Active"))
    return Check(what="customer", passed=passed, seen=f"card {number}")


def verdict(checks: Sequence[Check]) -> str:
    """``passed``, or ``failed`` by at least one check."""
    return "failed" if any(check.passed is False for check in checks) else "passed"
