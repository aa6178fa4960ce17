"""What a test order must look like once it is in Fortnox. Pure: one check each, with what was seen.

A check that does not apply (no article in Fortnox) is told as such and fails nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from fortnox.core.documents import FortnoxInvoice, Invoice
from fortnox.core.mapping import ShopRow
from fortnox.core.money import format_ore
from fortnox.core.verify import mismatches

SCHEMA = "fortnox.smoke/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeProduct:
    """What the test order buys one of, as the shop had it before."""

    product_id: str
    sku: str
    name: str = ""
    #: None: the shop does not count it, or was not asked.
    stock: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; ``passed`` None: it does not apply here."""

    what: str
    passed: bool | None
    seen: str

    def to_dict(self) -> dict[str, object]:
        """For the XCom."""
        return {"what": self.what, "passed": self.passed, "seen": self.seen}


def as_told(check: Check) -> Check:
    """The same without failing: what is seen may have reasons that the test can't know."""
    return replace(check, passed=check.passed or None)


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
    name_flows: bool,
) -> list[Check]:
    """The article of the same number: it is there, with the shop's price, name and stock.

    Args:
        product: What was bought; its name in the letters that Fortnox takes.
        article: Of Fortnox, by the product's SKU; None if there is none.
        price_ore: Its sales price; None if it has none.
        gross_ore: What one costs in the shop with VAT, ``net_ore`` without.
        net_ore: As above.
        name_flows: Names are carried one way or the other, so both sides must agree.
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
    same_name = article.get("Description") == product.name
    seen = "the same on both sides" if same_name else "not the same on both sides"
    passed = same_name if name_flows or same_name else None
    checks.append(Check(what="product name", passed=passed, seen=seen))
    return [*checks, _stock_check(product, article)]


def _stock_check(product: SmokeProduct, article: Mapping[str, object]) -> Check:
    """Stock moves all the time, so another number is told and fails nothing."""
    if product.stock is None:
        return Check(what="stock", passed=None, seen="the shop does not count it, or was not asked")
    in_fortnox = Decimal(str(article.get("DisposableQuantity") or 0))
    seen = f"{in_fortnox} in Fortnox, {product.stock} in the shop"
    return Check(what="stock", passed=in_fortnox == product.stock or None, seen=seen)


def credit_checks(sale: FortnoxInvoice, credit: FortnoxInvoice | None) -> list[Check]:
    """Sale and credit are both bookkept, and together nothing."""
    if credit is None:
        return [Check(what="credit", passed=False, seen=f"none of invoice {sale.document_number}")]
    numbers = f"invoices {sale.document_number} and {credit.document_number}"
    left = format_ore(sale.total_ore + credit.total_ore)
    return [
        Check(what="booked", passed=sale.booked and credit.booked, seen=numbers),
        Check(what="credit", passed=sale.total_ore == -credit.total_ore, seen=f"{left} is left"),
    ]


def customer_check(number: str, card: Mapping[str, object] | None) -> Check:
    """The card that the document goes to is there and active."""
    passed = bool(card and card.get("Active"))
    return Check(what="customer", passed=passed, seen=f"card {number}")


def smoke_report(
    checks: Sequence[Check], *, shop: ShopRow, company_name: str, order_id: str, made_at: datetime
) -> dict[str, Any]:
    """The checks as the run's page shows them; ``failed`` by at least one of them."""
    failed = [check.what for check in checks if check.passed is False]
    told = f"The smoke test failed: {', '.join(failed)}" if failed else f"{len(checks)} checks"
    return {
        "schema": SCHEMA,
        "kind": "smoke",
        "verdict": "failed" if failed else "passed",
        "headline": told,
        "company": {"organisation_number": shop.organisation_number, "name": company_name},
        "shop": {"key": shop.shop, "name": shop.name},
        "order_id": order_id,
        "made_at": made_at.isoformat(timespec="seconds"),
        "checks": [check.to_dict() for check in checks],
    }
