"""What checkout plugins wrote down at the sale: VIES' answer, and the rate of the currency. Pure.

WooCommerce has no field for either; each plugin keeps them under meta keys of its own. What is not
said clearly is not said: the accountant's files decide then.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from fortnox.core.vat_check import VatCheck
from fortnox.shops.woocommerce.fields import Json, moment_utc, number, rows, text

_HOME = "SEK"
#: Meta key of a plugin -> what it writes for a valid and for an invalid number. Other words mean
#: that VIES was not asked or did not answer.
_ANSWERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    # EU VAT Number (WooCommerce.com); "false" also stands for "not asked", see _was_asked.
    "_vat_number_is_valid": (frozenset({"true", "1"}), frozenset({"false"})),
    # EU VAT Assistant (Aelia)
    "_vat_number_validated": (
        frozenset({"valid", "yes"}),
        frozenset({"invalid", "not-valid", "no"}),
    ),
    # EU/UK VAT Compliance
    "VAT number validated": (frozenset({"true"}), frozenset({"false"})),
}
_WAS_ASKED = "_vat_number_is_validated"
_CONSULTATION = "vies_consultation_number"
#: (meta key of the rate: units of the order's currency for one of the shop's; of the shop's own).
_RATES = (
    ("_wcpay_multi_currency_order_exchange_rate", "_wcpay_multi_currency_order_default_currency"),
    ("_woocs_order_rate", "_woocs_order_base_currency"),
)
_PLACES = Decimal("0.000001")


def vat_check(order: Json) -> VatCheck | None:
    """VIES' answer as the checkout kept it, dated by the order; None when there is none."""
    meta = _meta(order)
    created = moment_utc(order, "date_created_gmt")
    if created is None:
        return None
    for key, (valid, invalid) in _ANSWERS.items():
        answer = text(meta, key).lower()
        if answer in valid:
            return _check(created.date(), meta, is_valid=True)
        if answer in invalid and text(meta, _WAS_ASKED).lower() != "false":
            return _check(created.date(), meta, is_valid=False)
    return None


def currency_rate(order: Json) -> Decimal | None:
    """SEK for one unit of the order's currency, as the shop's currency plugin had it.

    None without such a plugin, or when the shop's own currency is not SEK.
    """
    meta = _meta(order)
    known = [
        number(meta.get(rate_key))
        for rate_key, own_key in _RATES
        if text(meta, own_key).upper() == _HOME
    ]
    known.append(_curcy_rate(meta.get("wmc_order_info"), text(order, "currency").upper()))
    rate = next((rate for rate in known if rate and rate > 0), None)
    return None if rate is None else (1 / rate).quantize(_PLACES)


def _curcy_rate(info: object, currency: str) -> Decimal | None:
    """CURCY keeps all the shop's currencies; the main one must be SEK."""
    if not isinstance(info, Mapping):
        return None
    main, own = info.get(_HOME), info.get(currency)
    if not isinstance(main, Mapping) or not isinstance(own, Mapping):
        return None
    return number(own.get("rate")) if number(main.get("is_main")) == 1 else None


def _check(day: date, meta: Json, *, is_valid: bool) -> VatCheck:
    consultation = text(meta, _CONSULTATION)
    # The plugin writes a sentence where VIES gave no number.
    known = consultation if " " not in consultation else ""
    return VatCheck(checked_on=day, is_valid=is_valid, consultation_number=known)


def _meta(order: Json) -> dict[str, Any]:
    return {text(entry, "key"): entry.get("value") for entry in rows(order, "meta_data")}
