"""Rows about articles: which side owns each field (article_fields.csv)."""

from typing import ClassVar, Literal, get_args

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import CellError
from fortnox.core.mapping.columns import Said, column

_Field = Literal["name", "price", "ean", "weight", "account", "kind", "active", "webshop"]
ARTICLE_FIELDS: tuple[str, ...] = get_args(_Field)
#: What only the shop's side can say: an import never changes what a product is.
_SHOP_ONLY = frozenset({"account", "kind", "active", "webshop"})


def _some_are_the_shops(value: str, said: Said) -> str:
    name = said.get("field")
    if value == "fortnox" and name in _SHOP_ONLY:
        raise CellError(f'"fortnox" does not go with {name}', "write shop or nobody")
    return value


class ArticleFieldRow(MappingRow):
    """One field of an article, and the side that decides about it (article_fields.csv).

    An export writes the fields that the shop owns, an import those that Fortnox owns; a field
    without a row is nobody's. Stock has an owner too: the direction of ``stock`` in events.csv.
    """

    file: ClassVar[str] = "article_fields.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "field")
    optional: ClassVar[bool] = True

    field: _Field
    owner: Literal["shop", "fortnox", "nobody"] = column(check=_some_are_the_shops)
