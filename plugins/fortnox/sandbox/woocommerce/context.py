"""What a route knows of the request that it answers."""

from dataclasses import dataclass
from http import HTTPStatus

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.listing import Reply
from fortnox.sandbox.woocommerce.params import Params
from fortnox.sandbox.woocommerce.state import Registers
from fortnox.sandbox.woocommerce.store import Store
from fortnox.sandbox.woocommerce.wire import only


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
    def data(self) -> Registers:
        """What the shop holds."""
        return self.store.data

    @property
    def fields(self) -> list[str]:
        """``_fields``: the top-level fields that are asked for, empty for all."""
        return self.params.query.words("_fields")

    @property
    def force(self) -> bool:
        """``force``: delete for good."""
        force = self.params.boolean("force")
        self.params.finish()
        return force

    def one(self, item: Json, status: int = 200) -> Reply:
        """The answer with one resource; a new one (201) says where it is."""
        where = item.get("_links", {}).get("self", [{"href": ""}])[0]["href"]
        headers = {"Location": where} if status == HTTPStatus.CREATED else {}
        return Reply(body=only(item, self.fields), status=status, headers=headers)
