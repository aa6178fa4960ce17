"""Who bought: from billing, shipping and the meta fields of checkout plugins. Pure.

WooCommerce has no field of its own for organisation and VAT numbers: each plugin keeps them under
its own meta key (``_billing_vat_number``, ``billing_org_nr``, ``_wc_billing/shop/org-number`` ...).
Keys are therefore compared without case, signs, path and the word "billing".
"""

import re
from dataclasses import dataclass

from fortnox.core.orders import Address, Buyer, BuyerKind
from fortnox.shops.woocommerce.checkout_facts import vat_check
from fortnox.shops.woocommerce.fields import Json, rows, text

_SIGNS = re.compile(r"[^a-z0-9]")
_SEPARATORS = re.compile(r"[\s.\-/]")
_SWEDISH_VAT = re.compile(r"SE(\d{6})(\d{4})01")
_ADDRESS_FIELDS = ("address_1", "address_2", "postcode", "city")
#: Shorter values ("-", "0", "n/a") are what buyers write when they have no number.
_SHORTEST_NUMBER = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaKeys:
    """Meta keys that hold the buyer's numbers, the first one that has a value wins.

    A key also stands for its spellings with ``_`` in front, ``billing``, other case or signs.
    """

    organisation_number: tuple[str, ...] = (
        "org_nr",
        "orgnr",
        "org_no",
        "org_number",
        "organisation_number",
        "organization_number",
        "organisationsnummer",
        "organization_no",
        "company_number",
        "company_no",
        "company_registration_number",
    )
    vat_number: tuple[str, ...] = (
        "vat_number",
        "vat",
        "vat_id",
        "vat_no",
        "vat_nr",
        "eu_vat_number",
        "eu_vat",
        "vat_registration_number",
        "momsnr",
        "momsregistreringsnummer",
        "ywev_vat",
        "yweu_billing_vat",
    )


def buyer(order: Json, keys: MetaKeys) -> Buyer:
    """The buyer of an order; a guest has no ``customer_id``."""
    billing = _object(order, "billing")
    meta = _numbers(order)
    vat_number = _first(meta, keys.vat_number)
    organisation_number = _first(meta, keys.organisation_number) or _of_swedish_vat(vat_number)
    company = text(billing, "company")
    customer_id = text(order, "customer_id")
    is_company = bool(company or organisation_number or vat_number)
    return Buyer(
        customer_id="" if customer_id == "0" else customer_id,
        kind=BuyerKind.COMPANY if is_company else BuyerKind.PRIVATE,
        name=_person(billing),
        company=company,
        email=text(billing, "email"),
        phone=text(billing, "phone"),
        organisation_number=organisation_number,
        vat_number=vat_number,
        vat_check=vat_check(order),
        vat_exempt=_meta_value(order, "is_vat_exempt") == "yes",
        billing=_address(billing),
        delivery=_delivery(order, billing),
    )


def _object(data: Json, key: str) -> Json:
    value = data.get(key)
    # PHP writes an empty map as [].
    return value if isinstance(value, dict) else {}


def _person(address: Json) -> str:
    return " ".join(filter(None, (text(address, "first_name"), text(address, "last_name"))))


def _address(data: Json) -> Address:
    return Address(
        name=_person(data) or text(data, "company"),
        address1=text(data, "address_1"),
        address2=text(data, "address_2"),
        postcode=text(data, "postcode"),
        city=text(data, "city"),
        region=text(data, "state"),
        country=text(data, "country").upper(),
    )


def _delivery(order: Json, billing: Json) -> Address:
    """Where the goods go; an order without goods to send, or the same address, has none."""
    shipping = _object(order, "shipping")
    if any(text(shipping, field) for field in _ADDRESS_FIELDS):
        own_country = text(shipping, "country") or text(billing, "country")
        return _address({**shipping, "country": own_country})
    own_country = text(billing, "country") or text(shipping, "country")
    return _address({**billing, "country": own_country})


def _meta_value(order: Json, key: str) -> str:
    for entry in rows(order, "meta_data"):
        if entry.get("key") == key:
            return text(entry, "value")
    return ""


def _spelling(key: str) -> str:
    return _SIGNS.sub("", key.lower().rsplit("/", 1)[-1]).removeprefix("billing")


def _numbers(order: Json) -> dict[str, str]:
    """Meta values by spelling of their key, those that can be a number of a company."""
    found: dict[str, str] = {}
    for entry in rows(order, "meta_data"):
        value = text(entry, "value")
        compact = _SEPARATORS.sub("", value)
        if len(compact) >= _SHORTEST_NUMBER and any(sign.isdigit() for sign in compact):
            found.setdefault(_spelling(text(entry, "key")), value)
    return found


def _first(meta: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((meta[_spelling(key)] for key in keys if _spelling(key) in meta), "")


def _of_swedish_vat(vat_number: str) -> str:
    """A Swedish VAT number is SE, the organisation number and 01."""
    match = _SWEDISH_VAT.fullmatch(_SEPARATORS.sub("", vat_number).upper())
    return f"{match.group(1)}-{match.group(2)}" if match else ""
