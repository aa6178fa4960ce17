"""Whose consent it is, and what is asked for: shared by the command and the page."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from fortnox.api.client import FortnoxClient
from fortnox.api.consent import GivenToken
from fortnox.api.limiter import Pacer
from fortnox.api.token_endpoint import Grant
from fortnox.core.company_checks import NEEDED_SCOPES, wanted_scopes
from fortnox.core.errors import FatalError
from fortnox.core.mapping import Mappings, ShopRow
from fortnox.hooks.fortnox import BASE_URL, Company, normalised_organisation_number

AUTH_URL = "https://apps.fortnox.se/oauth-v1/auth"


def oauth_address(host: str, path: str, real: str) -> str:
    """An address of the OAuth pages: beside the sandbox's API, or Fortnox's own.

    Args:
        host: Base URL of another Fortnox (``http://127.0.0.1:8001/3``); "" = the real one.
        path: ``auth`` or ``token``.
        real: Fortnox's own address.

    Raises:
        FatalError: The host is no web address; a browser would be sent there.
    """
    if not host:
        return real
    parts = urlsplit(host)
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        raise FatalError(
            "The connection's base URL is no web address.",
            remedy="Leave it empty for Fortnox itself.",
        )
    return f"{parts.scheme}://{parts.netloc}/oauth-v1/{path}"


def least_scopes(mappings: Mappings, shops: Sequence[ShopRow]) -> tuple[str, ...]:
    """What the rows of the connection's shops make use of; without rows what orders need."""
    found = dict.fromkeys(NEEDED_SCOPES)
    for shop in shops:
        found.update(dict.fromkeys(wanted_scopes(mappings, shop)))
    return tuple(found)


def granted_client(grant: Grant, host: str) -> FortnoxClient:
    """A client for the minutes of a walk."""
    return FortnoxClient(
        base_url=host or BASE_URL, tokens=GivenToken(grant), pacer=Pacer(per_window=24)
    )


def company_of(client: FortnoxClient) -> Company:
    """Who consented.

    Raises:
        PipelineError: Fortnox does not say.
    """
    data = client.get("companyinformation", "CompanyInformation")
    return Company(
        name=str(data.get("CompanyName") or ""),
        organisation_number=str(data.get("OrganizationNumber") or ""),
        database_number=int(data.get("DatabaseNumber") or 0),
    )


def refuse_other_company(company: Company, shops: Sequence[ShopRow]) -> None:
    """A consent given by the wrong company must not get the name of the right one.

    Raises:
        FatalError: A shop of the connection belongs to another company.
    """
    for shop in shops:
        wanted = normalised_organisation_number(shop.organisation_number)
        is_other = wanted != normalised_organisation_number(company.organisation_number)
        if is_other or shop.database_number not in {None, company.database_number}:
            raise FatalError(
                f"shops.csv names organisation number {shop.organisation_number} for shop "
                f"{shop.shop}; the consent is another company's. Nothing was stored.",
                remedy="Choose the right company in Fortnox, or correct shops.csv.",
            )
