"""Customer cards as the fields that are compared, and their writes: each once, changes only."""

from fortnox.api.client import FortnoxClient
from fortnox.api.errors import CUSTOMER_NUMBER_TAKEN
from fortnox.api.text import clean
from fortnox.api.wire import JsonObject, path_segment
from fortnox.core.customer_match import digits_only
from fortnox.core.customer_sync import CustomerState, Decision
from fortnox.core.customer_values import CARD_FIELDS, LISTED_FIELDS, MINIMAL_FIELDS, ShopCustomer
from fortnox.core.customers import card_name
from fortnox.core.errors import DocumentError, UnknownOutcomeError
from fortnox.core.orders import Address, BuyerKind

_TEXT, _ZIP = 1024, 10
_COUNTRY_LENGTH = 2


def wanted_card(customer: ShopCustomer, *, private_data: str) -> dict[str, str]:
    """An account's values as its card should have them, in characters that Fortnox takes.

    Args:
        customer: The account.
        private_data: ``full``, or ``minimal``: of private persons name, e-mail and country only.
    """
    buyer = customer.buyer
    is_company = buyer.kind is BuyerKind.COMPANY
    values = {
        "Name": clean(card_name(buyer), _TEXT),
        "Type": "COMPANY" if is_company else "PRIVATE",
        "OrganisationNumber": _organisation_number(buyer.organisation_number),
        "VATNumber": buyer.vat_number.replace(" ", "").upper(),
        "Email": customer.email or buyer.email.strip(),
        "Phone1": clean(buyer.phone, _TEXT) if buyer.phone else "",
        **_address(buyer.billing, ""),
    }
    if buyer.delivery != buyer.billing and buyer.delivery.address1:
        values |= {"DeliveryName": clean(buyer.delivery.name, _TEXT)}
        values |= _address(buyer.delivery, "Delivery")
    if private_data == "minimal" and not is_company:
        values = {name: values[name] for name in MINIMAL_FIELDS}
    return {name: value for name, value in values.items() if value}


def card_values(card: JsonObject) -> dict[str, str]:
    """The compared fields of a whole card."""
    return {name: str(card[name]) for name in CARD_FIELDS if card.get(name)}


def listed_values(item: JsonObject) -> dict[str, str]:
    """The compared fields that a list shows."""
    return {name: str(item[shown]) for name, shown in LISTED_FIELDS.items() if item.get(shown)}


class CustomerWriter:
    """Writes cards.

    Args:
        client: Its ``before_write`` checks the company's lease.
    """

    def __init__(self, client: FortnoxClient) -> None:
        self._client = client

    def write(self, decision: Decision) -> None:
        """Create the card under its own number, or change the fields that differ.

        Sent again when no answer came: a number exists once, and the same change twice is one.

        Raises:
            DocumentError: Fortnox refuses it, or the number is in use by somebody else's card.
            UnknownOutcomeError: Twice no answer.
        """
        send = self._create if decision.state is CustomerState.CREATE else self._update
        try:
            send(decision)
        except UnknownOutcomeError:
            send(decision)

    def read(self, number: str) -> dict[str, str] | None:
        """A card's compared fields; None if it is gone."""
        card = self._client.find(f"customers/{path_segment(number)}", "Customer")
        return None if card is None else card_values(card)

    def _update(self, decision: Decision) -> None:
        path = f"customers/{path_segment(decision.number)}"
        self._client.update(path, "Customer", decision.values)

    def _create(self, decision: Decision) -> None:
        own = {"CustomerNumber": decision.number, "VATType": decision.vat_type, "Currency": "SEK"}
        try:
            self._client.create("customers", "Customer", {**own, **decision.values})
        except DocumentError as error:
            if error.vendor_code != CUSTOMER_NUMBER_TAKEN or not self._is_ours(decision):
                raise

    def _is_ours(self, decision: Decision) -> bool:
        """A create whose answer was lost left just what was wanted."""
        card = self.read(decision.number)
        return card is not None and all(card.get(k) == v for k, v in decision.values.items())


def _organisation_number(text: str) -> str:
    digits = digits_only(text)
    return f"{digits[:6]}-{digits[6:]}" if digits else text.strip()


def _address(address: Address, prefix: str) -> dict[str, str]:
    country = address.country if len(address.country) == _COUNTRY_LENGTH else ""
    return {
        f"{prefix}Address1": clean(address.address1, _TEXT) if address.address1 else "",
        f"{prefix}Address2": clean(address.address2, _TEXT) if address.address2 else "",
        f"{prefix}ZipCode": clean(address.postcode, _ZIP) if address.postcode else "",
        f"{prefix}City": clean(address.city, _TEXT) if address.city else "",
        f"{prefix}CountryCode": country,
    }
