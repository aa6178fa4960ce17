"""Files connected to vouchers, articles and supplier invoices, by the upload's Id (facts 5.14)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fortnox.sandbox.fortnox.errors import ROW_ARTICLE_UNKNOWN, VALUE_IS_NULL, ApiError
from fortnox.sandbox.fortnox.fields import Field, Fields, present, read, texts
from fortnox.sandbox.fortnox.files import ARCHIVE, CONNECTIONS
from fortnox.sandbox.fortnox.ledger import voucher_key, year_of
from fortnox.sandbox.fortnox.listing import changed, contains, page
from fortnox.sandbox.fortnox.register_errors import (
    CONNECTION_NOT_FOUND,
    FILE_CONNECTED,
    FILE_UNKNOWN,
    SUPPLIER_INVOICE_UNKNOWN,
    VOUCHER_UNKNOWN,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json

_SCOPE = "connectfile"


@dataclass(frozen=True, kw_only=True)
class Connections:
    """One kind of connection.

    Attributes:
        target: Checks what the file is connected to and gives the connection's fields.
        filters: Query parameter -> field.
    """

    path: str
    single: str
    plural: str
    fields: Fields
    required: tuple[str, ...]
    target: Callable[[Store, Json, Json], Json]
    filters: Mapping[str, str]

    def routes(self) -> tuple[Route, ...]:
        """List, connect, read, disconnect."""
        one = self.path + "/{id}"
        return (
            Route("GET", self.path, _SCOPE, self._list),
            Route("POST", self.path, _SCOPE, self._create),
            Route("GET", one, _SCOPE, self._get),
            Route("DELETE", one, _SCOPE, self._delete),
        )

    def _shown(self, call: Call, data: Json) -> Json:
        return {"@url": call.url(f"{self.path}/{data['FileId']}"), **data}

    def _list(self, call: Call) -> Answer:
        rows = [
            data
            for data in changed(call.store.table(self.path), call.query)
            if all(
                contains(data, field, call.query.get(p, "")) for p, field in self.filters.items()
            )
        ]
        return page(
            rows,
            call.query,
            plural=self.plural,
            item=lambda data: self._shown(call, data),
            max_limit=call.store.switches.max_limit,
        )

    def _found(self, call: Call) -> Json:
        data = call.store.table(self.path).get(call.args["id"])
        if data is None:
            raise ApiError(CONNECTION_NOT_FOUND)
        return data

    def _get(self, call: Call) -> Answer:
        return Answer(body={self.single: self._shown(call, self._found(call))})

    def _create(self, call: Call) -> Answer:
        sent = present(read(self.fields, call.envelope(self.single)))
        if any(name not in sent for name in self.required):
            raise ApiError(VALUE_IS_NULL)
        files = call.store.table("files")
        file = files.get(sent["FileId"])
        if file is None:
            raise ApiError(FILE_UNKNOWN)
        if any(file["Id"] in call.store.table(name) for name in CONNECTIONS):
            raise ApiError(FILE_CONNECTED)
        data = self.target(call.store, sent, file)
        call.store.table(self.path).put(file["Id"], data)
        files.put(file["Id"], {**file, "Place": ARCHIVE, "Folder": ""})
        return Answer(
            status=201,
            body={self.single: self._shown(call, data)},
            headers={"Location": self.path},
        )

    def _delete(self, call: Call) -> Answer:
        call.store.table(self.path).delete(self._found(call)["FileId"])
        return Answer(status=204)


def _voucher(store: Store, sent: dict[str, Any], _file: Json) -> Json:
    year_id = sent.get("VoucherYear")
    if not year_id:
        year_id = int((year_of(store, store.clock.today().isoformat()) or {"Id": 0})["Id"])
    key = voucher_key(year_id, sent["VoucherSeries"], sent["VoucherNumber"])
    voucher = store.table("vouchers").get(key)
    if voucher is None:
        raise ApiError(VOUCHER_UNKNOWN)
    return {
        "FileId": sent["FileId"],
        "VoucherDescription": voucher["Description"],
        "VoucherNumber": str(voucher["VoucherNumber"]),
        "VoucherSeries": voucher["VoucherSeries"],
        "VoucherYear": voucher["Year"],
    }


def _article(store: Store, sent: dict[str, Any], _file: Json) -> Json:
    if sent["ArticleNumber"] not in store.table("articles"):
        raise ApiError(ROW_ARTICLE_UNKNOWN)
    return {"ArticleNumber": sent["ArticleNumber"], "FileId": sent["FileId"]}


def _supplier_invoice(store: Store, sent: dict[str, Any], file: Json) -> Json:
    invoice = store.table("supplierinvoices").get(sent["SupplierInvoiceNumber"])
    if invoice is None:
        raise ApiError(SUPPLIER_INVOICE_UNKNOWN)
    return {
        "FileId": sent["FileId"],
        "Name": file["Name"],
        "SupplierInvoiceNumber": invoice["GivenNumber"],
        "SupplierName": invoice["SupplierName"],
    }


_KINDS = (
    Connections(
        path="voucherfileconnections",
        single="VoucherFileConnection",
        plural="VoucherFileConnections",
        fields={
            **texts("FileId", "VoucherDescription", "VoucherNumber", "VoucherSeries"),
            "VoucherYear": Field("int"),
        },
        required=("FileId", "VoucherNumber", "VoucherSeries"),
        target=_voucher,
        filters={
            "voucherdescription": "VoucherDescription",
            "vouchernumber": "VoucherNumber",
            "voucherseries": "VoucherSeries",
            "voucheryear": "VoucherYear",
        },
    ),
    Connections(
        path="articlefileconnections",
        single="ArticleFileConnection",
        plural="ArticleFileConnections",
        fields=texts("ArticleNumber", "FileId"),
        required=("ArticleNumber", "FileId"),
        target=_article,
        filters={"articlenumber": "ArticleNumber"},
    ),
    Connections(
        path="supplierinvoicefileconnections",
        single="SupplierInvoiceFileConnection",
        plural="SupplierInvoiceFileConnections",
        fields=texts("FileId", "Name", "SupplierInvoiceNumber", "SupplierName"),
        required=("FileId", "SupplierInvoiceNumber"),
        target=_supplier_invoice,
        filters={"supplierinvoicenumber": "SupplierInvoiceNumber"},
    ),
)
ROUTES = tuple(route for kind in _KINDS for route in kind.routes())
