"""What a route knows of the request that it answers."""

from dataclasses import dataclass

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.params import Params
from fortnox.sandbox.woocommerce.store import Store


@dataclass(frozen=True, kw_only=True)
class Context:
    """One request.

    Attributes:
        store: The shop.
        params: Its query parameters.
        home: The shop's address, without a slash at the end.
        url: The request's address without the query.
        body: The JSON object that was sent, empty if none.
    """

    store: Store
    params: Params
    home: str
    url: str
    body: Json

    @property
    def fields(self) -> list[str]:
        """``_fields``: the top-level fields that are asked for, empty for all."""
        return self.params.query.words("_fields")
