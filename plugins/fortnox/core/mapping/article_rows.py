"""Rows about articles: which side owns each field (article_fields.csv)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from fortnox.core.mapping.base import MappingRow
from fortnox.core.mapping.cells import complaint, one_of

ARTICLE_FIELDS = ("name", "price", "ean", "weight", "account", "kind", "active", "webshop")
#: What only the shop's side can say: an import never changes what a product is.
_SHOP_ONLY = frozenset({"account", "kind", "active", "webshop"})


class ArticleFieldRow(MappingRow):
    """One field of an article, and the side that decides about it (article_fields.csv).

    An export writes the fields that the shop owns, an import those that Fortnox owns; a field
    without a row is nobody's. Stock has an owner too: the direction of ``stock`` in events.csv.
    """

    file: ClassVar[str] = "article_fields.csv"
    key_fields: ClassVar[tuple[str, ...]] = ("shop", "field")
    optional: ClassVar[bool] = True

    field: Annotated[
        Literal["name", "price", "ean", "weight", "account", "kind", "active", "webshop"],
        one_of(*ARTICLE_FIELDS),
    ] = Field(description=f"{', '.join(ARTICLE_FIELDS[:-1])} or {ARTICLE_FIELDS[-1]}")
    owner: Annotated[Literal["shop", "fortnox", "nobody"], one_of("shop", "fortnox", "nobody")] = (
        Field(description="shop, fortnox or nobody")
    )

    @field_validator("owner")
    @classmethod
    def _some_are_the_shops(cls, value: str, info: ValidationInfo) -> str:
        name = info.data.get("field")
        if value == "fortnox" and name in _SHOP_ONLY:
            raise complaint(f'"fortnox" does not go with {name}', "write shop or nobody")
        return value
