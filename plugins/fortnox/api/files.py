"""Files of vouchers: uploaded to Fortnox's inbox, then connected to the voucher they belong to.

``FileId`` of a connection is the ``Id`` of the upload, not its ``ArchiveFileId``.
"""

from collections.abc import Iterator

from fortnox.api.client import FortnoxClient
from fortnox.api.wire import JsonObject, path_segment
from fortnox.core.vouchers import ListedVoucher

#: The inbox's folder for vouchers. In capitals, for ``path`` is the client's own argument; names
#: of parameters are sent in lower case.
_FOLDER = {"Path": "Inbox_v"}


def upload_file(client: FortnoxClient, name: str, content: bytes) -> str:
    """Put a file into the inbox; returns its id.

    Raises:
        UnknownOutcomeError: No answer; :func:`find_files` tells whether it arrived.
    """
    return str(client.upload("inbox", "File", name, content, **_FOLDER)["Id"])


def find_files(client: FortnoxClient, prefix: str) -> dict[str, str]:
    """Name -> id of the voucher files in the inbox whose name begins so; connected ones too."""
    folder = client.get("inbox", "Folder", **_FOLDER)
    for below in folder.get("Folders") or ():
        # The root came instead: whether a reading takes the path is not documented.
        if str(below["Id"]).lower() == _FOLDER["Path"].lower():
            folder = client.get(f"inbox/{path_segment(below['Id'])}", "Folder")
    return {
        str(file["Name"]): str(file["Id"])
        for file in folder.get("Files") or ()
        if str(file.get("Name") or "").startswith(prefix)
    }


def connected_files(client: FortnoxClient, voucher: ListedVoucher) -> list[str]:
    """Ids of the files that are connected to a voucher."""
    return [
        str(item["FileId"])
        for item in _connections(client, voucher)
        if str(item.get("VoucherSeries")) == voucher.series
        and int(item.get("VoucherNumber") or 0) == voucher.number
        and int(item.get("VoucherYear") or 0) == voucher.year
    ]


def connect_file(client: FortnoxClient, file_id: str, voucher: ListedVoucher) -> None:
    """Connect an uploaded file to a voucher."""
    body = {
        "FileId": file_id,
        "VoucherNumber": str(voucher.number),
        "VoucherSeries": voucher.series,
        "VoucherYear": voucher.year,
    }
    client.create("voucherfileconnections", "VoucherFileConnection", body)


def _connections(client: FortnoxClient, voucher: ListedVoucher) -> Iterator[JsonObject]:
    """Compared exactly by the caller: whether Fortnox filters them is not documented."""
    yield from client.list(
        "voucherfileconnections",
        "VoucherFileConnections",
        voucherseries=voucher.series,
        vouchernumber=voucher.number,
    )
