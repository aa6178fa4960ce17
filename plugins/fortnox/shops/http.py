"""What shop systems have in common on the wire: broken tries, passing troubles, web pages.

No exception of the HTTP library gets out of a transport, nor does one stay as a cause: their texts
hold the address, and with it whatever signs or opens it.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

import requests

from fortnox.core.errors import FatalError

#: Seconds to connect, and between two bytes of an answer.
TIMEOUT_S = (5.0, 60.0)
HTTP_OK = 200
HEADERS = {
    "Accept": "application/json",
    # Some shops' firewalls refuse the library's own name.
    "User-Agent": "airflow-provider-webshop-fortnox",
}
#: Worth another try: gateways, overload, PHP that ran out of memory or time, Cloudflare's 52x.
TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 528), 530})
#: Those that smaller answers may cure.
TOO_MUCH_STATUSES = frozenset({408, 500, 502, 504, 524})

#: An escape of one half of a character; pairs are made whole by the parser.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,80})", re.IGNORECASE)
_PHP_MESSAGE = re.compile(r"(?:Notice|Warning|Deprecated|Fatal error)(?:</b>)?\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A try that is worth another one: what was seen, and how the next one should differ."""

    seen: str
    retry_after_s: float = 0.0
    #: A smaller answer may cure it.
    too_much: bool = False


def meaning(error: requests.RequestException) -> Failure | FatalError:
    """What a request without an answer means."""
    # A handshake that broke off is an SSLError too; only a refused certificate stays as it is.
    if isinstance(error, requests.exceptions.SSLError) and "certificate" in str(error).lower():
        return FatalError(
            "The shop's https certificate is not valid for its address, or not trusted here.",
            remedy="Renew the certificate, or correct the connection's host; for a private "
            "certificate authority set REQUESTS_CA_BUNDLE.",
        )
    if isinstance(error, requests.Timeout):
        return Failure(seen="no answer in time", too_much=True)
    broken = (
        requests.ConnectionError,
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
    )
    if isinstance(error, broken):
        return Failure(seen="the connection failed or broke off")
    return FatalError(
        f"The shop can't be asked ({type(error).__name__}).",
        remedy="Check the connection's host, and the proxy settings of this machine.",
    )


def describe_body(body: str, content_type: str) -> str:
    """What came instead of JSON, in words that hold nothing of its contents but a page's title."""
    kind = content_type.split(";", maxsplit=1)[0].strip() or "no content type"
    if _PHP_MESSAGE.search(body[:2000]):
        return f"PHP messages before the JSON ({kind})"
    title = _TITLE.search(body[:5000])
    if title:
        return f'a web page titled "{title.group(1).strip()}" ({kind})'
    return f"{len(body)} characters that are not JSON ({kind})"


def parse_json(body: str) -> object:
    """The JSON of a body; None when it is none, or has a number that is not one (NaN).

    Halves of characters (lone surrogates), which no file and no request can hold, become the sign
    for an unreadable character: one such name would else end the whole day.
    """
    try:
        data: object = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return _whole(data) if _HALF.search(body) else data


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(item) for name, item in value.items()}
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"not JSON: {constant}")
