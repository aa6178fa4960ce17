"""Routes that invoices, orders and offers share: create, read, change, send, print, preview."""

from collections.abc import Callable

from fortnox.sandbox.fortnox.document_kinds import Kind
from fortnox.sandbox.fortnox.document_writes import change, create, read_body
from fortnox.sandbox.fortnox.errors import (
    BANK_DETAILS_MISSING,
    NO_EMAIL_ADDRESS,
    WAREHOUSE_READY,
    ApiError,
)
from fortnox.sandbox.fortnox.pdf import one_page
from fortnox.sandbox.fortnox.routing import Call, Handler, Route
from fortnox.sandbox.fortnox.wire import Answer, Json

#: Refuses a change of a document that must stay as it is.
Guard = Callable[[Json], None]


def shown(call: Call, kind: Kind, data: Json) -> Json:
    """The document as the wire has it."""
    document = data["DocumentNumber"]
    reductions = f"taxreductions?filter={kind.path}&referencenumber={document}"
    return {
        "@url": call.url(f"{kind.path}/{document}"),
        "@urlTaxReductionList": call.url(reductions),
        **{name: value for name, value in data.items() if not name.startswith("_")},
    }


def found(call: Call, kind: Kind) -> Json:
    """The document in the path.

    Raises:
        ApiError: There is none.
    """
    data = call.store.table(kind.path).get(call.args["number"])
    if data is None:
        raise ApiError(kind.not_found)
    return data


def answered(call: Call, kind: Kind, data: Json) -> Answer:
    """The document in its envelope."""
    return Answer(body={kind.single: shown(call, kind, data)})


def kept(call: Call, kind: Kind, data: Json) -> Answer:
    """Store the document and answer it."""
    call.store.table(kind.path).put(data["DocumentNumber"], data)
    return answered(call, kind, data)


def routes(kind: Kind, guard: Guard) -> tuple[Route, ...]:
    """The shared routes of one kind of document.

    Args:
        kind: The kind.
        guard: Called before a PUT.
    """

    def post(call: Call) -> Answer:
        data = create(call.store, kind, read_body(call, kind))
        body: Json = {kind.single: shown(call, kind, data)}
        return Answer(status=201, body=body, headers={"Location": kind.path})

    def get(call: Call) -> Answer:
        return answered(call, kind, found(call, kind))

    def put(call: Call) -> Answer:
        call.envelope(kind.single)
        current = found(call, kind)
        guard(current)
        if call.store.company.has_warehouse and current.get("WarehouseReady"):
            raise ApiError(WAREHOUSE_READY)
        return answered(call, kind, change(call.store, kind, current, read_body(call, kind)))

    one = f"{kind.path}/{{number}}"
    return (
        Route("POST", kind.path, kind.scope, post),
        Route("GET", one, kind.scope, get),
        Route("PUT", one, kind.scope, put),
        *(Route(*route, kind.scope, handler) for route, handler in _sending(kind).items()),
    )


def _sending(kind: Kind) -> dict[tuple[str, str], Handler]:
    """Ways to hand a document to the customer; all but preview mark it as sent."""

    def email(call: Call) -> Answer:
        data = found(call, kind)
        _require_bank(call)
        if not data["EmailInformation"]["EmailAddressTo"]:
            raise ApiError(NO_EMAIL_ADDRESS)
        return kept(call, kind, {**data, "Sent": True})

    def external_print(call: Call) -> Answer:
        return kept(call, kind, {**found(call, kind), "Sent": True})

    def preview(call: Call) -> Answer:
        data = found(call, kind)
        _require_bank(call)
        return printed(kind, data)

    def print_(call: Call) -> Answer:
        answer = preview(call)
        kept(call, kind, {**found(call, kind), "Sent": True})
        return answer

    one = f"{kind.path}/{{number}}"
    return {
        ("GET", f"{one}/email"): email,
        ("PUT", f"{one}/externalprint"): external_print,
        ("GET", f"{one}/preview"): preview,
        ("GET", f"{one}/print"): print_,
    }


def printed(kind: Kind, data: Json) -> Answer:
    """The document as a PDF of one line."""
    text = f"{kind.single} {data['DocumentNumber']} {data['Total']} {data['Currency']}"
    return Answer(body=one_page(text), content_type="application/pdf")


def _require_bank(call: Call) -> None:
    if not call.store.company.bank_details:
        raise ApiError(BANK_DETAILS_MISSING)
