"""Cells of the mapping files: text as Excel writes it becomes a value, or a precise complaint.

Every parser takes stripped, non-empty text.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from fortnox.core.money import parse_ore

ANY = "*"
MARKETS = ("SE", "SE_REVERSE", "EU_BUSINESS", "EU_CONSUMER", "EXPORT")
#: In accounts.csv consumers of other EU countries are apart by whose VAT they were charged.
ACCOUNT_MARKETS = (*MARKETS, "EU_OSS")

_YES = frozenset({"yes", "true", "1", "ja", "sant"})
_NO = frozenset({"no", "false", "0", "nej", "falskt"})
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(:00)?")
_COUNTRY = re.compile(r"[A-Z]{2}")
#: What people write for a country -> its ISO 3166 code, which shops use.
_NOT_ISO = {"UK": "GB", "EL": "GR", "EU": "EU_CONSUMER"}


class CellError(ValueError):
    """A cell's text is not what its column takes; both texts reach the reader word for word.

    Attributes:
        problem: What is wrong, with the offending text.
        expected: What to write instead.
    """

    def __init__(self, problem: str, expected: str) -> None:
        super().__init__(f"{problem}; {expected}")
        self.problem = problem
        self.expected = expected


def matching(pattern: str, expected: str) -> Callable[[str], str]:
    """Text that matches the whole pattern."""

    def parse(text: str) -> str:
        # Compiled by re at first use: most columns of most files are empty.
        if re.fullmatch(pattern, text):
            return text
        raise CellError(f'"{text}" is not allowed here', expected)

    return parse


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A whole number from ``low`` to ``high``."""

    def parse(text: str) -> int:
        if re.fullmatch(r"-?\d{1,15}", text) and low <= int(text) <= high:
            return int(text)
        raise CellError(f'"{text}" is not a whole number from {low} to {high}', "write digits only")

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """One of the words, in any case (Excel likes to write capitals)."""
    lower = {word.lower(): word for word in words}

    def parse(text: str) -> str:
        if text.lower() in lower:
            return lower[text.lower()]
        raise CellError(f'"{text}" is not known here', f"write {choice(words)}")

    return parse


def some_of(separators: str, *words: str) -> Callable[[str], tuple[str, ...]]:
    """One or more of the words with one of the separators between them, each once, in order."""

    def parse(text: str) -> tuple[str, ...]:
        parts = [part.strip().lower() for part in re.split(f"[{re.escape(separators)}]", text)]
        for part in parts:
            if part not in words:
                problem = f'"{part}" is not known here'
                raise CellError(problem, f"write one or more of {', '.join(words)} ({separators})")
        return tuple(dict.fromkeys(parts))

    return parse


def parse_statuses(text: str) -> tuple[str, ...]:
    """``processing|completed`` or ``processing completed`` -> the shop's status words."""
    statuses = tuple(dict.fromkeys(part for part in re.split(r"[|\s]+", text) if part))
    for status in statuses:
        if not re.fullmatch(r"[a-z0-9_-]+", status) or status.startswith("wc-"):
            raise CellError(
                f'"{status}" is not an order status',
                "write the shop's own words without wc-, e.g. processing|completed",
            )
    return statuses


def parse_channels(text: str) -> tuple[str, ...]:
    """``mail:ekonomi@shop.example slack:slack_books`` -> who is told, each once, in order."""
    channels = tuple(dict.fromkeys(part for part in re.split(r"[|\s]+", text) if part))
    for channel in channels:
        if not re.fullmatch(r"mail:[^@:]+@[^@:]+|slack:[A-Za-z0-9_.-]{1,200}", channel):
            raise CellError(
                f'"{channel}" is no channel', "write mail:<address> or slack:<Airflow connection>"
            )
    return channels


def parse_yes_no(text: str) -> bool:
    """Yes or no, also as Excel's TRUE/SANT and FALSE/FALSKT."""
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise CellError(f'"{text}" is neither yes nor no', "write yes or no")


def parse_date(text: str) -> date:
    """An ISO date; other orders of day and month are refused, for nobody can tell them apart."""
    if _ISO_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise CellError(f'"{text}" is not a date', "write it as 2026-04-01")


def parse_day_of_moment(text: str) -> date:
    """The day of ``2026-05-04``, ``2026-05-04 14:30`` or ``2026-05-04T14:30:00Z``, as written."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise CellError(
            f'"{text}" is not a date', "write it as 2026-05-04 or 2026-05-04T14:30"
        ) from None


def parse_vat_number(text: str) -> str:
    """``de 123 456 789`` -> ``DE123456789``: the country in front, no spaces or signs."""
    compact = re.sub(r"[\s.\-]", "", text).upper()
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9+*]{2,13}", compact):
        return compact
    raise CellError(f'"{text}" is not a VAT number', "write it with its country, e.g. DE123456789")


def parse_clock(text: str) -> time:
    """A local time of day such as 04:30; Excel's 4:30 and 04:30:00 too."""
    found = _CLOCK.fullmatch(text)
    if found and int(found[1]) < 24 and int(found[2]) < 60:  # noqa: PLR2004 - hours and minutes
        return time(int(found[1]), int(found[2]))
    raise CellError(f'"{text}" is not a time of day', "write it as 04:30")


def parse_timezone(text: str) -> str:
    """The name of an IANA time zone."""
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
        raise CellError(
            f'"{text}" is not an IANA time zone', "write e.g. Europe/Stockholm"
        ) from None


def parse_organisation_number(text: str) -> str:
    """Ten digits with a right check digit (Luhn) -> ``XXXXXX-XXXX``."""
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"[0-9]{10}", digits) and _luhn_sum(digits) % 10 == 0:
        return f"{digits[:6]}-{digits[6:]}"
    raise CellError(
        f'"{text}" is not a Swedish organisation number',
        "write its ten digits, e.g. 559000-0005; the last one is a check digit",
    )


def _luhn_sum(digits: str) -> int:
    # Written out, since stdnum's import would cost every parse of a DAG file 7 ms.
    doubled = (str(int(digit) * 2) for digit in digits[-2::-2])
    return sum(int(digit) for digit in digits[-1::-2] + "".join(doubled))


def _decimal(text: str) -> Decimal | None:
    """With point or comma and spaces between thousands; None when it is no plain number."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    found = re.fullmatch(r"(-?\d{1,15})(?:[.,](\d{1,9}))?", plain)
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


def parse_rate_pct(text: str) -> Decimal | None:
    """``25``, ``25,5``, ``25 %`` -> percent; ``*`` -> None, every rate."""
    if text == ANY:
        return None
    value = _decimal(text.removesuffix("%"))
    if value is None or not 0 <= value < 100:  # noqa: PLR2004 - percent
        raise CellError(f'"{text}" is not a VAT rate in percent', "write e.g. 25, 25,5 or *")
    return value.normalize() if value else Decimal(0)


def parse_exchange_rate(text: str) -> Decimal:
    """SEK for one unit of a currency, with point or comma; more than 0."""
    value = _decimal(text)
    if value is None or value <= 0:
        raise CellError(f'"{text}" is not a rate', "write SEK for one unit, e.g. 11.2345")
    return value.normalize()


def parse_kronor(text: str) -> int:
    """``1 000,50`` kronor -> 100050 öre; never negative."""
    value = _decimal(text)
    try:
        if value is not None and value >= 0:
            return parse_ore(str(value))
    except ValueError:
        pass
    raise CellError(f'"{text}" is not an amount in kronor', "write e.g. 50000 or 1250,50")


def parse_market(text: str) -> str:
    """A market, a country (ISO 3166 alpha-2) or ``*``, in any case."""
    upper = text.upper()
    if upper in (ANY, *ACCOUNT_MARKETS) or (_COUNTRY.fullmatch(upper) and upper not in _NOT_ISO):
        return upper
    right = _NOT_ISO.get(
        upper, f"{', '.join(ACCOUNT_MARKETS)}, a country's ISO code such as DE, or *"
    )
    raise CellError(f'"{text}" is not a market', f"write {right}")


def choice(words: tuple[str, ...]) -> str:
    """``a, b or c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
