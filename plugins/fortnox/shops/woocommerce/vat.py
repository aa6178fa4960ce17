"""Which VAT rate a line has: from the order's own tax lines, never from today's settings. Pure.

A line names the rates it was taxed with by id (``taxes``), and the order tells each rate as it was
at the time (``tax_lines``: ``rate_percent``, ``rate_code``). ``total_tax / total`` is only used to
choose between rates that the order itself names, and only if exactly one of them fits.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fortnox.core.orders import Problem
from fortnox.shops.woocommerce.fields import Json, number, rows, text

_COUNTRY = re.compile(r"([A-Z]{2})-.*-\d+$")
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)\s*%")
_HUNDRED = Decimal(100)
#: Net and VAT are each rounded to the öre, so together they are less than this from the rate.
_ROUNDING_ORE = Decimal(1)
_REMEDY = "Correct the line's tax in the shop, or book this one by hand."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A rate of one order. ``rate_pct`` is None on orders from before WooCommerce 3.7."""

    rate_pct: Decimal | None
    #: Percentages that stand in the rate's own name, such as "Moms 25%".
    named_pct: tuple[Decimal, ...] = ()
    country: str = ""
    compound: bool = False


#: The rates of an order by rate id.
Rates = Mapping[str, TaxRate]

#: A line's rate in per cent (None: the shop does not say) and the rate's ISO country.
RateOfLine = tuple[Decimal | None, str]

_UNKNOWN: RateOfLine = (None, "")


def tax_rates(*tax_lines: Iterable[Json]) -> dict[str, TaxRate]:
    """The rates by id, from one or more lists of tax lines; a later list wins."""
    return {text(line, "rate_id"): _tax_rate(line) for lines in tax_lines for line in lines}


def _tax_rate(line: Json) -> TaxRate:
    code = text(line, "rate_code")
    country = _COUNTRY.match(code.upper())
    percent = number(line.get("rate_percent"))
    named = _PERCENT.findall(f"{text(line, 'label')} {code}")
    return TaxRate(
        rate_pct=None if percent is None else _plain(percent),
        named_pct=tuple(_plain(Decimal(pct.replace(",", "."))) for pct in named),
        country=country.group(1) if country else "",
        compound=line.get("compound") is True,
    )


def _plain(rate_pct: Decimal) -> Decimal:
    """``25.0000`` -> ``25``: one spelling for each rate."""
    whole = rate_pct.to_integral_value()
    return whole if rate_pct == whole else rate_pct.normalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """What a line costs; ``where`` names it in a problem."""

    net_ore: int
    vat_ore: int
    quantity: Decimal
    where: str

    def fits(self, rate_pct: Decimal, tolerance_ore: Decimal = _ROUNDING_ORE) -> bool:
        """Whether the VAT is that rate of the net amount, but for rounding."""
        return abs(self.vat_ore - self.net_ore * rate_pct / _HUNDRED) <= tolerance_ore


def rate_of_line(line: Json, taxed: Taxed, rates: Rates, problems: list[Problem]) -> RateOfLine:
    """The rate of a line, shipping line or fee.

    ``(None, "")`` without a problem means that the shop says nothing at all: no tax and no rate
    (export, reverse charge, a country without a rate, an untaxed product look alike).
    """
    ids = _rate_ids(line)
    if not ids:
        return _derived(taxed, rates, None, problems) if taxed.vat_ore else _UNKNOWN
    if len(ids) > 1:
        return _several([rates.get(rate_id) for rate_id in ids], taxed, problems)
    rate = rates.get(ids[0])
    if rate is None or rate.rate_pct is None:
        return _derived(taxed, rates, rate, problems)
    # A shop or till that rounds each piece may be half an öre off per piece.
    tolerance_ore = max(2 * _ROUNDING_ORE, abs(taxed.quantity))
    if rate.compound and taxed.vat_ore:
        problems.append(_problem("compound_vat", f"{taxed.where} has a tax on top of a tax."))
    elif not taxed.fits(rate.rate_pct, tolerance_ore):
        what = (
            f"{taxed.where} is taxed at {rate.rate_pct} %, but its tax is not that of its amount."
        )
        problems.append(_problem("vat_rate_mismatch", what))
    return rate.rate_pct, rate.country


def _rate_ids(line: Json) -> list[str]:
    """The rates that a line has an amount of; if of none, all that it names."""
    named: dict[str, bool] = {}
    for tax in rows(line, "taxes"):
        rate_id = text(tax, "id")
        has_amount = bool(number(tax.get("total")))
        named[rate_id] = named.get(rate_id, False) or has_amount
    return [rate_id for rate_id, has_amount in named.items() if has_amount] or list(named)


def _several(found: Sequence[TaxRate | None], taxed: Taxed, problems: list[Problem]) -> RateOfLine:
    """Several rates on one line: only certain if all are 0 %, or the line costs nothing."""
    if taxed.vat_ore == 0 and all(rate is not None and rate.rate_pct == 0 for rate in found):
        countries = {rate.country for rate in found if rate is not None}
        return Decimal(0), countries.pop() if len(countries) == 1 else ""
    if taxed.net_ore or taxed.vat_ore:
        what = f"{taxed.where} has {len(found)} VAT rates."
        problems.append(_problem("several_vat_rates", what))
    return _UNKNOWN


def _derived(
    taxed: Taxed, rates: Rates, own: TaxRate | None, problems: list[Problem]
) -> RateOfLine:
    """The one rate of the order that the amounts fit, if there is exactly one."""
    if taxed.net_ore == 0 and taxed.vat_ore == 0:
        return _UNKNOWN
    candidates = {rate.rate_pct: rate.country for rate in rates.values()}
    if own is not None:
        candidates |= dict.fromkeys(own.named_pct, own.country)
    fitting = [
        (pct, country) for pct, country in candidates.items() if pct is not None and taxed.fits(pct)
    ]
    if len(fitting) == 1:
        return fitting[0]
    what = f"{taxed.where}: the order does not say which VAT rate it has."
    problems.append(_problem("unknown_vat_rate", what))
    return _UNKNOWN


def _problem(code: str, what: str) -> Problem:
    return Problem(code=code, text=what, remedy=_REMEDY)
