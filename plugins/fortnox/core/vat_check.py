"""What was found out about a VAT number; apart, since the mapping files hold such rows too."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCheck:
    """What VIES answered about a VAT number on a day (rules of the books 23)."""

    checked_on: date
    is_valid: bool
    #: VIES' receipt for a check that named the asker; empty when it was asked anonymously.
    consultation_number: str = ""
