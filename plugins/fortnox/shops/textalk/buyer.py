"""Who bought: from ``Order.customer``. Pure.

Orders name no registered customer, so every buyer is known by e-mail only. A private person's
``nin`` is a personal identity number and is not taken over.
"""

from dataclasses import replace

from fortnox.core.orders import Address, Buyer, BuyerKind
from fortnox.shops.listing import Json
from fortnox.shops.textalk.fields import part, text

#: The documentation does not name the field of a company's name; these are tried, in this order.
COMPANY_FIELDS = ("company", "companyName", "organisation", "organization", "businessName", "name")
_VAT_NUMBER_FIELDS = ("vatNumber", "vatNo", "vatId", "vatRegistrationNumber")
_BUSINESS = "business"


def buyer(order: Json) -> Buyer:
    """The buyer of an order."""
    customer = part(order, "customer")
    info, address = part(customer, "info"), part(customer, "address")
    is_company = text(info, "type") == _BUSINESS
    billing = _address(address)
    return Buyer(
        kind=BuyerKind.COMPANY if is_company else BuyerKind.PRIVATE,
        name=_person(address),
        company=_first(COMPANY_FIELDS, info, address, customer) if is_company else "",
        email=text(info, "email"),
        phone=text(address, "phoneMobile") or text(address, "phone"),
        organisation_number=text(info, "nin") if is_company else "",
        vat_number=_first(_VAT_NUMBER_FIELDS, info, address, customer) if is_company else "",
        vat_exempt=order.get("hasVat") is False,
        billing=billing,
        delivery=_delivery(part(customer, "deliveryAddress"), billing),
    )


def _first(names: tuple[str, ...], *places: Json) -> str:
    values = (text(place, name) for name in names for place in places)
    return next(filter(None, values), "")


def _person(address: Json) -> str:
    return " ".join(filter(None, (text(address, "firstName"), text(address, "lastName"))))


def _address(data: Json) -> Address:
    return Address(
        name=_person(data) or text(data, "name"),
        address1=text(data, "address"),
        address2=text(data, "address2"),
        postcode=text(data, "postcode"),
        city=text(data, "town"),
        country=text(data, "country").upper(),
    )


def _delivery(data: Json, billing: Address) -> Address:
    """Where the goods go: the billing address, unless there is another one."""
    own = _address(data)
    if data.get("copyAddress") is True or not (own.address1 or own.postcode or own.country):
        return billing
    return own if own.country else replace(own, country=billing.country)
