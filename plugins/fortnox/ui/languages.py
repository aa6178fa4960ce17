"""In which language a route answers: the reader's choice, else the shop's, else the browser's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from fastapi.responses import JSONResponse

from fortnox.core.report_language import chosen_language, translated


@dataclass(frozen=True, slots=True)
class ReaderLanguage:
    """What the request says; codes of other languages than ours are passed over."""

    chosen: str = ""
    browser: str = ""

    @property
    def of_reader(self) -> str:
        """Where no shop is concerned, or several."""
        return chosen_language(self.chosen, self.browser)

    def of_shop(self, report: Mapping[str, Any]) -> str:
        """Of something that names its shop: a report, a plan or an index."""
        shop = report.get("shop")
        of_shop = shop.get("language") if isinstance(shop, Mapping) else None
        return chosen_language(self.chosen, of_shop, self.browser)


def _reader_language(
    lang: Annotated[str, Query(max_length=10)] = "",
    accept_language: Annotated[str, Header(max_length=1000)] = "",
) -> ReaderLanguage:
    return ReaderLanguage(lang, accept_language)


Language = Annotated[ReaderLanguage, Depends(_reader_language)]


def answer_in(language: str, body: dict[str, Any], status_code: int = 200) -> JSONResponse:
    """The body with its sentences in the language, and ``language``, for the page's own words."""
    content = {**translated(body, language), "language": language}
    return JSONResponse(content, status_code=status_code)
