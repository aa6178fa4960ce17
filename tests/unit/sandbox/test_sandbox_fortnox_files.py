"""Files over real HTTP: uploads as clients make them, folders, and what they are connected to."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from sandbox_fortnox_calls import NOW

from fortnox.sandbox.fortnox.app import create_app
from fortnox.sandbox.fortnox.control import Control
from fortnox.sandbox.fortnox.unknowns import Switches
from fortnox.sandbox.server import start

LIST = b"order;total\r\n1042;125.00\r\n\xff\x00"


class Http:
    """A client that holds a token."""

    def __init__(self, url: str, control: Control) -> None:
        self.url, self.control, self.session = url, control, requests.Session()
        answer = requests.post(
            f"{url}/oauth-v1/token",
            data={"grant_type": "client_credentials"},
            auth=("sandbox-client", "sandbox-secret-0000"),
            headers={"TenantId": "1000001"},
            timeout=5,
        )
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """A request below ``/3``."""
        return self.session.request(method, f"{self.url}/3/{path}", timeout=5, **more)

    def upload(self, path: str = "inbox?path=Inbox_v", name: str = "orders.csv") -> dict[str, Any]:
        """Upload the list of orders."""
        answer = self.call("POST", path, files={"file": (name, LIST)})
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["File"])

    def voucher(self) -> dict[str, Any]:
        """A day voucher in series A."""
        rows = [{"Account": 1930, "Debit": 125}, {"Account": 3001, "Credit": 125}]
        body = {
            "Description": "(demo:2026-11-20:SEK:card:1)",
            "TransactionDate": "2026-11-20",
            "VoucherSeries": "A",
            "VoucherRows": rows,
        }
        made = self.call("POST", "vouchers?financialyear=2", json={"Voucher": body})
        assert made.status_code == 201, made.text
        return dict(made.json()["Voucher"])


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Control]]:
    """One server for the whole module."""
    app = create_app(switches=Switches(rate_limit=0))
    with start(app) as server:
        yield server.url, app.state.control


@pytest.fixture
def http(served: tuple[str, Control]) -> Http:
    """A client of a new company."""
    url, control = served
    control.reset()
    control.set_clock(NOW)
    return Http(url, control)


def test_an_upload_is_read_back_byte_for_byte(http: Http) -> None:
    """The list of orders behind a voucher is an accounting record: it must come back as it went."""
    file = http.upload()
    assert (file["Name"], file["Path"], file["Size"]) == ("orders.csv", "Inbox_v", len(LIST))
    assert file["Id"] != file["ArchiveFileId"]
    answer = http.call("GET", f"inbox/{file['Id']}")
    assert (answer.content, answer.headers["Content-Type"]) == (LIST, "text/csv")
    assert http.call("GET", f"archive/{file['Id']}?fileid={file['ArchiveFileId']}").content == LIST
    assert http.call("GET", f"inbox/{file['ArchiveFileId']}").status_code == 404


def test_the_inbox_has_its_folders(http: Http) -> None:
    """Nine folders that are always there; an upload shows in its own and in no other."""
    root = http.call("GET", "inbox").json()["Folder"]
    assert (root["Id"], len(root["Folders"]), root["Files"]) == ("root", 9, [])
    http.upload("inbox?folderId=Inbox_s")
    assert len(http.call("GET", "inbox/Inbox_s").json()["Folder"]["Files"]) == 1
    assert http.call("GET", "inbox/Inbox_v").json()["Folder"]["Files"] == []
    assert http.call("DELETE", "inbox/Inbox_s").status_code == 400
    assert http.call("POST", "inbox?path=Nix", files={"file": ("a", b"a")}).status_code == 404


@pytest.mark.parametrize("more", [{"files": {"file": ("a.csv", b"")}}, {"json": {}}, {}])
def test_an_upload_without_a_file_is_refused(http: Http, more: dict[str, Any]) -> None:
    """A client that forgot the file hears so at once, not at the audit."""
    assert http.call("POST", "inbox?path=Inbox_v", **more).status_code == 400


def test_a_form_is_taken_where_files_are_uploaded_only(http: Http) -> None:
    """Everything else speaks JSON: 1000031."""
    answer = http.call("POST", "customers", files={"file": ("a", b"a")})
    assert answer.json()["ErrorInformation"]["code"] == 1000031


def test_a_file_is_connected_to_its_voucher(http: Http) -> None:
    """Found again by the voucher; then neither connected twice nor deleted."""
    file, voucher = http.upload(), http.voucher()
    body = {"FileId": file["Id"], "VoucherNumber": "1", "VoucherSeries": "A", "VoucherYear": 2}
    made = http.call("POST", "voucherfileconnections", json={"VoucherFileConnection": body})
    assert made.status_code == 201
    connection = made.json()["VoucherFileConnection"]
    assert connection["VoucherDescription"] == voucher["Description"]
    found = http.call("GET", "voucherfileconnections?vouchernumber=1&voucherseries=A").json()
    assert found["VoucherFileConnections"] == [connection]
    assert (
        http.call("GET", "voucherfileconnections?voucheryear=1").json()["VoucherFileConnections"]
        == []
    )
    again = http.call("POST", "voucherfileconnections", json={"VoucherFileConnection": body})
    assert again.status_code == 400
    assert http.call("DELETE", f"archive/{file['Id']}").status_code == 400
    assert http.call("GET", f"inbox/{file['Id']}").content == LIST
    assert http.call("DELETE", f"voucherfileconnections/{file['Id']}").status_code == 204
    assert http.call("GET", f"voucherfileconnections/{file['Id']}").status_code == 404
    assert http.call("DELETE", f"archive/{file['Id']}").status_code == 204


@pytest.mark.parametrize("name", ["Id", "ArchiveFileId"])
def test_a_connection_wants_the_uploads_id(http: Http, name: str) -> None:
    """ArchiveFileId looks right and is not; a voucher that isn't there is no better."""
    file = http.upload()
    body = {"FileId": file[name], "VoucherNumber": "99", "VoucherSeries": "A"}
    answer = http.call("POST", "voucherfileconnections", json={"VoucherFileConnection": body})
    text = answer.json()["ErrorInformation"]["message"]
    assert (answer.status_code, ("fil" in text, "verifikation" in text)) == (
        400,
        (name == "ArchiveFileId", name == "Id"),
    )


def test_articles_and_supplier_invoices_take_files_too(http: Http) -> None:
    """A picture of an article, the receipt of a fee."""
    http.call("POST", "articles", json={"Article": {"Description": "Kopp"}})
    http.call("POST", "suppliers", json={"Supplier": {"Name": "Klarna"}})
    invoice = {"SupplierInvoice": {"SupplierNumber": "1", "Total": 1}}
    http.call("POST", "supplierinvoices", json=invoice)
    for kind, target in (
        ("Article", {"ArticleNumber": "1"}),
        ("SupplierInvoice", {"SupplierInvoiceNumber": "1"}),
    ):
        path, envelope = f"{kind.lower()}fileconnections", f"{kind}FileConnection"
        body = {"FileId": http.upload()["Id"], **target}
        made = http.call("POST", path, json={envelope: body})
        assert made.json()[envelope].items() >= body.items()
        wrong = dict.fromkeys(target, "77")
        refused = {envelope: {"FileId": http.upload()["Id"], **wrong}}
        assert http.call("POST", path, json=refused).status_code == 400


def test_the_archive_has_folders_of_ones_own(http: Http) -> None:
    """A folder is made, filled, found by its path, and goes with all that is in it."""
    for path in ("archive", "archive?path=Bokslut"):
        name = "Bokslut" if path == "archive" else "2026"
        assert http.call("POST", path, json={"Folder": {"Name": name}}).status_code == 201
    file = http.upload("archive?path=Bokslut/2026")
    assert file["Path"] == "Bokslut/2026"
    folder = http.call("GET", "archive?path=Bokslut").json()["Folder"]
    assert [one["Name"] for one in folder["Folders"]] == ["2026"]
    assert http.call("POST", "archive", json={"Folder": {"Name": "Bokslut"}}).status_code == 400
    assert http.call("DELETE", "archive?path=Bokslut").status_code == 204
    assert http.call("GET", f"archive/{file['Id']}").status_code == 404
    assert http.call("DELETE", "archive").status_code == 400


def test_files_and_suppliers_survive_a_restart(tmp_path: Any) -> None:
    """A sandbox that is started anew knows its files, suppliers, prices and registers again."""
    path = tmp_path / "fortnox.jsonl"
    app = create_app(state_file=path, switches=Switches(rate_limit=0))
    with start(app) as server:
        http = Http(server.url, app.state.control)
        file = http.upload()
        http.call("POST", "suppliers", json={"Supplier": {"Name": "Klarna"}})
        http.call("POST", "supplierinvoices", json={"SupplierInvoice": _FEE})
        http.call("PUT", "supplierinvoices/1/bookkeep")
        http.call("POST", "articles", json={"Article": {"Description": "Kopp"}})
        http.call("PUT", "prices/A/1", json={"Price": {"Price": "12.50"}})
        http.call("POST", "labels", json={"Label": {"Description": "Webb"}})
        before = {path: http.call("GET", path).json() for path in _KEPT}
    again = create_app(state_file=path, switches=Switches(rate_limit=0))
    again.state.fortnox.clock.shift(timedelta(seconds=1))
    with start(again) as server:
        http = Http(server.url, again.state.control)
        assert http.call("GET", f"inbox/{file['Id']}").content == LIST
        after = {path: http.call("GET", path).json() for path in _KEPT}
    assert _without_addresses(after) == _without_addresses(before)


_FEE = {"SupplierNumber": "1", "Total": "125.50", "VAT": "25.10"}
_KEPT = (
    "suppliers/1",
    "supplierinvoices/1",
    "prices/A/1",
    "labels",
    "inbox",
    "units",
    "currencies",
)


def _without_addresses(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_addresses(v) for k, v in value.items() if k != "@url"}
    return [_without_addresses(one) for one in value] if isinstance(value, list) else value
