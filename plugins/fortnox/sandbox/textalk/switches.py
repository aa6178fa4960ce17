"""What the documentation does not say, and how this shop answers; the fixed keys of the sandbox."""

from dataclasses import dataclass

#: The shop's id, and the ways in; sandbox values, no secrets.
WEBSHOP = 49999
DEFAULT_TOKEN = "sandbox+textalk/token=="  # noqa: S105 - a sandbox's; signs that need encoding
DEFAULT_USERNAME = "sandbox"
DEFAULT_PASSWORD = "sandbox-password"  # noqa: S105


@dataclass(slots=True, kw_only=True)
class Switches:
    """Answers to what is unknown, and how the host behaves.

    Attributes:
        unfilterable: JSON pointers that a filter may not name (-32602).
        ignored_filters: JSON pointers whose condition is silently without effect.
        inclusive: Whether ``min`` and ``max`` are themselves inside.
        default_limit: Rows of a list that names no limit.
        max_limit: Most rows of a list, whatever it asks for, silently; 0 = as asked.
        missing_fields: ``Class.property`` that this shop does not have.
        company_field: Where a business buyer's name stands, below ``customer``.
        float_noise: Amounts carry the noise of binary fractions (30.000000000000004).
        empty_bodies: So many answers from now on have no body at all.
        variant_moves_article: Whether a change of a variant moves its article's ``changed``.
    """

    unfilterable: tuple[str, ...] = ()
    ignored_filters: tuple[str, ...] = ()
    inclusive: bool = True
    default_limit: int = 100
    max_limit: int = 0
    missing_fields: tuple[str, ...] = ()
    company_field: str = "address/companyName"
    float_noise: bool = False
    empty_bodies: int = 0
    variant_moves_article: bool = False
