"""Made-up buyers: names put together from lists, numbers reserved for fiction, example domains."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fortnox.sandbox.seed.model import WP_TIME, Json, chance, gmt_text

_FIRST = (
    "Alva", "Ebbe", "Signe", "Tage", "Ylva", "Måns", "Tuva", "Sixten", "Juni", "Östen", "Malin",
    "Rasmus", "Åsa", "Farid", "Leyla", "Jean-Luc",
)  # fmt: skip
_LAST = (
    "Granlund", "Mossvik", "Tallberg", "Åkerblom", "Sjövall", "Ek", "Ljunggren", "Fjällström",
    "Björkman", "Hedlid", "O’Dell", "Nguyen Ros", "Älvsjö", "Vassgård",
)  # fmt: skip
_STREETS = ("Granstigen", "Mossvägen", "Kottgatan", "Ängsbacken", "Lingonvägen", "Åsgatan")
_CITIES = (
    ("752 20", "Uppsala"), ("903 25", "Umeå"), ("411 05", "Göteborg"), ("222 22", "Lund"),
    ("392 32", "Kalmar"), ("831 30", "Östersund"),
)  # fmt: skip
_COMPANIES = (
    "Gransnår Bygg AB", "Mossens Kontor & Papper AB", "Kaféet “Kotten” HB", "Brf Tallåsen",
    "Åsnebyns Förskola Ek. för.", "Rimfrost Konsult AB",
)  # fmt: skip
_REGISTERED = 24


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: the address as WooCommerce shows it, and what plugins add to an order."""

    customer_id: int
    billing: Json
    organisation_number: str = ""


def organisation_number(serial: int) -> str:
    """An organisation number with a right check digit, in a range of its own: ``559998-0012``.

    Args:
        serial: 0..999.
    """
    digits = f"559998{serial:03d}"
    doubled = (int(digit) * (2 if i % 2 == 0 else 1) for i, digit in enumerate(digits))
    check = -sum(value // 10 + value % 10 for value in doubled) % 10
    return f"{digits[:6]}-{digits[6:]}{check}"


def address(rng: random.Random, *, company: str = "") -> Json:
    """A Swedish billing address; telephone numbers from the range that is kept for fiction."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    postcode, city = rng.choice(_CITIES)
    box = _ascii(f"{first}.{last}")
    return {
        "first_name": first,
        "last_name": last,
        "company": company,
        "address_1": f"{rng.choice(_STREETS)} {rng.randint(1, 88)}",
        "address_2": "",
        "city": city,
        "state": "",
        "postcode": postcode,
        "country": "SE",
        "email": f"{box}{rng.randint(1, 99)}@example.com",
        "phone": f"070-174 06 {rng.randint(5, 99):02d}",
    }


def abroad(rng: random.Random, country: str) -> Json:
    """A private buyer in Norway, Germany or the Netherlands."""
    postcode, city, first, last = {
        "NO": ("0150", "Oslo", "Ingrid", "Fjordvik"),
        "DE": ("10115", "Berlin", "Jörg", "Weiß"),
        "NL": ("1011 AB", "Amsterdam", "Sanne", "van der Duin"),
    }[country]
    return address(rng) | {
        "first_name": first,
        "last_name": last,
        "city": city,
        "postcode": postcode,
        "country": country,
        "email": f"{_ascii(last)}{rng.randint(1, 9)}@example.net",
    }


def buyers(seed: int) -> list[Buyer]:
    """The registered buyers: private persons first, then companies."""
    rng = chance(seed, "customers")
    private = [Buyer(2 + i, address(rng)) for i in range(_REGISTERED - len(_COMPANIES))]
    companies = [
        Buyer(2 + len(private) + i, address(rng, company=name), organisation_number(10 + i))
        for i, name in enumerate(_COMPANIES)
    ]
    return private + companies


def delivery(billing: Json) -> Json:
    """The delivery address of a buyer: the billing address without the e-mail."""
    return {key: value for key, value in billing.items() if key != "email"}


def customers(registered: list[Buyer], opened: datetime, zone: ZoneInfo) -> list[Json]:
    """``GET /customers?role=all`` of the shop; the administrator was never modified."""
    admin = _customer(
        Buyer(1, dict.fromkeys(registered[0].billing, "") | {"email": "admin@example.com"}),
        opened,
        zone,
    )
    admin |= {"role": "administrator", "date_modified": None, "date_modified_gmt": None}
    return [admin, *(_customer(buyer, opened, zone) for buyer in registered)]


def _customer(buyer: Buyer, opened: datetime, zone: ZoneInfo) -> Json:
    made = opened + timedelta(hours=buyer.customer_id)
    meta = [{"id": 9000 + buyer.customer_id, "key": "billing_org_nr",
             "value": buyer.organisation_number}]  # fmt: skip
    return {
        "id": buyer.customer_id,
        "date_created": made.astimezone(zone).strftime(WP_TIME),
        "date_created_gmt": gmt_text(made),
        "date_modified": made.astimezone(zone).strftime(WP_TIME),
        "date_modified_gmt": gmt_text(made),
        "email": buyer.billing["email"],
        "first_name": buyer.billing["first_name"],
        "last_name": buyer.billing["last_name"],
        "role": "customer",
        "username": buyer.billing["email"].split("@")[0],
        "billing": buyer.billing,
        "shipping": delivery(buyer.billing),
        "is_paying_customer": True,
        "avatar_url": "",
        "meta_data": meta if buyer.organisation_number else [],
    }


def _ascii(text: str) -> str:
    table = str.maketrans("åäöéßØø", "aaoesOo", "’ -")
    return text.lower().translate(table)
