"""Files of vouchers: uploaded to Fortnox's inbox, then connected to the voucher they belong to.

``FileId`` of a connection is the ``Id`` of the upload, not its ``ArchiveFileId``.
"""

from fortnox.api.client import FortnoxClient
from fortnox.api.wire import path_segment
from fortnox.core.errors import DocumentError
from fortnox.core.vouchers import ListedVoucher

#: The inbox's folder for vouchers. In capitals, for ``path`` is the client's own argument; names
#: of parameters are sent in lower case.
_FOLDER = {"Path": "Inbox_v"}
_CONNECTIONS, _CONNECTION = "voucherfileconnections", "VoucherFileConnection"


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


def is_connected(client: FortnoxClient, file_id: str, voucher: ListedVoucher) -> bool:
    """Whether a file is connected to this voucher.

    Asked for by the file's id: a list may not show yet what Fortnox has just carried out. How
    Fortnox refuses an id without a connection is not documented, so any refusal is a no.
    """
    try:
        item = client.get(f"{_CONNECTIONS}/{path_segment(file_id)}", _CONNECTION)
    except DocumentError:
        return False
    return (
        str(item.get("VoucherSeries")) == voucher.series
        and int(item.get("VoucherNumber") or 0) == voucher.number
        and int(item.get("VoucherYear") or 0) == voucher.year
    )


def connect_file(client: FortnoxClient, file_id: str, voucher: ListedVoucher) -> None:
    """Connect an uploaded file to a voucher."""
    body = {
        "FileId": file_id,
        "VoucherNumber": str(voucher.number),
        "VoucherSeries": voucher.series,
        "VoucherYear": voucher.year,
    }
    client.create(_CONNECTIONS, _CONNECTION, body)
