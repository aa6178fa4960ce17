"""House work (ROT, RUT, green technology): which row types a document may hold.

Recorded: orders of each type; ended types, a type that does not fit the document's reduction,
other costs on a house-work row, and a document without any reduction are refused.
"""

from typing import Final

from fortnox.sandbox.fortnox.errors import (
    HOUSEWORK_EXPIRED,
    HOUSEWORK_OTHER_COSTS,
    HOUSEWORK_WITHOUT_REDUCTION,
    HOUSEWORK_WRONG_REDUCTION,
    ApiError,
)

OTHER_COSTS: Final = "OTHERCOSTS"
#: Types whose deduction has ended.
#: Types whose deduction has ended.
EXPIRED: Final = ("COOKING", "TUTORING")
_TYPES: Final = {
    "rot": (
        "CONSTRUCTION",
        "ELECTRICITY",
        "GLASSMETALWORK",
        "GROUNDDRAINAGEWORK",
        "MASONRY",
        "PAINTINGWALLPAPERING",
        "HVAC",
    ),
    "rut": (
        "MAJORAPPLIANCEREPAIR",
        "MOVINGSERVICES",
        "ITSERVICES",
        "CLEANING",
        "TEXTILECLOTHING",
        "SNOWPLOWING",
        "GARDENING",
        "BABYSITTING",
        "OTHERCARE",
        "HOMEMAINTENANCE",
        "FURNISHING",
        "TRANSPORTATIONSERVICES",
        "WASHINGANDCAREOFCLOTHING",
    ),
    "green": (
        "SOLARCELLS",
        "STORAGESELFPRODUCEDELECTRICITY",
        "CHARGINGSTATIONELECTRICVEHICLE",
    ),
}
ALL_TYPES: Final = (
    *(work for works in _TYPES.values() for work in works),
    *EXPIRED,
    OTHER_COSTS,
)


def check(reduction: str, *, is_housework: bool, work: str | None) -> None:
    """Refuse a row whose house-work type does not fit.

    Args:
        reduction: The document's TaxReductionType.
        is_housework: The row's HouseWork.
        work: The row's HouseWorkType, if any.

    Raises:
        ApiError: As recorded.
    """
    if work in EXPIRED:
        raise ApiError(HOUSEWORK_EXPIRED)
    if work == OTHER_COSTS and is_housework:
        raise ApiError(HOUSEWORK_OTHER_COSTS)
    if not (work or is_housework):
        return
    if reduction not in _TYPES:
        raise ApiError(HOUSEWORK_WITHOUT_REDUCTION)
    if work and work not in (*_TYPES[reduction], OTHER_COSTS):
        raise ApiError(HOUSEWORK_WRONG_REDUCTION, reduction=reduction, work=work)
