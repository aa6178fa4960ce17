"""What the shop's API does not say, and its owner has to."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

#: Whose VAT buyers in other EU countries are charged: the shop's own country's (below the OSS
#: threshold), or that of where the goods go. The API tells the rate and never the country.
EuVat = Literal["", "origin", "destination"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextalkSettings:
    """The owner's answers.

    Attributes:
        paid_statuses: Values of ``paymentStatus`` that mean paid; add ``reserved`` if a reserved
            card or Klarna payment counts.
        service_articles: Article numbers of services, with ``*``; all other articles are goods.
        eu_vat: Empty: sales with VAT to other EU countries are held.
    """

    paid_statuses: tuple[str, ...] = ("paid",)
    service_articles: tuple[str, ...] = ()
    eu_vat: EuVat = ""

    def is_service(self, article_number: str) -> bool:
        """Whether an article number is one of a service."""
        return any(fnmatchcase(article_number, pattern) for pattern in self.service_articles)
