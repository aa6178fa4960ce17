"""Money as whole öre (minor units) and exact decimals; no float anywhere.

Sources of the rules: rounding half up of VAT to the öre is Skatteverket's
(ställningstagande 2020-01-17, dnr 8-19049: third decimal 5 rounds up); Fortnox rounds
prices and quantities half up to two decimals (recordings 4.16, 4.31).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

_HUNDRED = Decimal(100)
_UNIT = Decimal(1)
#: No shop sells for a thousand billion; a larger exponent is a broken answer.
_LARGEST_EXPONENT = 14


def parse_ore(text: str) -> int:
    """``"12.50"`` -> 1250. Negative and empty-cent forms allowed.

    Args:
        text: A decimal number with a point, as shops send it with ``dp=2``.

    Raises:
        ValueError: Not a finite number, or finer than an öre.
    """
    try:
        value = Decimal(text.strip())
    except (InvalidOperation, AttributeError) as error:
        raise ValueError(f"not an amount: {text!r}") from error
    if not value.is_finite() or value.adjusted() > _LARGEST_EXPONENT:
        raise ValueError(f"not an amount: {text!r}")
    ore = value * _HUNDRED
    if ore != ore.to_integral_value():
        raise ValueError(f"finer than an öre: {text!r}")
    return int(ore)


def round_half_up(value: Decimal) -> int:
    """To the nearest whole number, halves away from zero (Skatteverket's and Fortnox's rule)."""
    return int(value.quantize(_UNIT, rounding=ROUND_HALF_UP))


def ore_to_decimal(ore: int) -> Decimal:
    """1250 -> ``Decimal("12.50")``."""
    return Decimal(ore).scaleb(-2)


def decimal_to_ore(amount: Decimal | int | str) -> int:
    """``Decimal("12.5")`` -> 1250; finer amounts are rounded half up, as Fortnox does."""
    return round_half_up(Decimal(amount) * _HUNDRED)


def format_ore(ore: int) -> str:
    """1250 -> ``"12.50"``, -5 -> ``"-0.05"``. For people and messages."""
    return str(ore_to_decimal(ore))


def vat_of_gross(gross_ore: int, rate_pct: Decimal) -> int:
    """VAT contained in a gross amount: ``gross * r / (100 + r)``, rounded half up to the öre."""
    part, whole = _vat_share(rate_pct)
    vat_ore = (2 * abs(gross_ore) * part + whole) // (2 * whole)
    return -vat_ore if gross_ore < 0 else vat_ore


@lru_cache
def _vat_share(rate_pct: Decimal) -> tuple[int, int]:
    """The part of a gross amount that is VAT, as an exact fraction: 25 % -> 25/125."""
    rate, unit = rate_pct.as_integer_ratio()
    return rate, 100 * unit + rate


def split(total_ore: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights; the parts always sum to the whole (largest remainder).

    Raises:
        ValueError: No weights, a negative weight, or only zeros.
    """
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be non-negative and not all zero")
    whole = sum(weights)
    sign = -1 if total_ore < 0 else 1
    amount = abs(total_ore)
    parts = [amount * weight // whole for weight in weights]
    remainders = [(amount * weight) % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
