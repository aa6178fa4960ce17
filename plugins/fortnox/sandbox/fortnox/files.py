"""Uploaded files and their folders: ``/3/inbox`` and ``/3/archive`` (facts 5.14).

A file has two names: ``Id``, which the connections and both resources take, and ``ArchiveFileId``,
which only the parameter ``fileid`` takes. A file that is connected leaves the inbox for the archive
[inferred]; it can still be read by its Id.
"""

import base64
import uuid
from pathlib import PurePosixPath

from fortnox.sandbox.fortnox.errors import BAD_STRUCTURE, VALUE_IS_NULL, ApiError
from fortnox.sandbox.fortnox.fields import Field, present, read
from fortnox.sandbox.fortnox.multipart import uploaded
from fortnox.sandbox.fortnox.register_errors import (
    FILE_CONNECTED,
    FILE_NOT_FOUND,
    FOLDER_NAME_TAKEN,
    FOLDER_NOT_FOUND,
    FOLDER_STAYS,
    NO_FILE,
)
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.store import Store
from fortnox.sandbox.fortnox.wire import Answer, Json

INBOX, ARCHIVE = "inbox", "archive"
CONNECTIONS = ("voucherfileconnections", "articlefileconnections", "supplierinvoicefileconnections")
_ROOT = "root"
_NAMESPACE = uuid.UUID("00000000-0000-4000-8000-000000000000")
_TYPES = {
    ".csv": "text/csv",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
    ".xml": "application/xml",
}


def _place(call: Call) -> str:
    return call.path.partition("/")[0]


def _folder_id(call: Call) -> str:
    """Id of the folder that ``path`` or ``folderid`` names; "" = the root.

    Raises:
        ApiError: There is no such folder.
    """
    path = call.query.get("path", "").strip("/")
    wanted = call.query.get("folderid", "") or call.query.get("folderId", "")
    folders = call.store.table("folders")
    if wanted and wanted != _ROOT:
        folder = folders.get(wanted)
        if folder is None or folder["Place"] != _place(call):
            raise ApiError(FOLDER_NOT_FOUND)
        return wanted
    parent = ""
    for name in path.split("/") if path and path != _ROOT else []:
        parent = _child(call.store, _place(call), parent, name)
    return parent


def _child(store: Store, place: str, parent: str, name: str) -> str:
    for folder in store.table("folders").values():
        here = (folder["Place"], folder["Parent"]) == (place, parent)
        if here and name in (folder["Id"], folder["Name"]):
            return str(folder["Id"])
    raise ApiError(FOLDER_NOT_FOUND)


def _path_of(store: Store, folder_id: str) -> str:
    folder = store.table("folders").get(folder_id)
    if folder is None:
        return ""
    name = str(folder["Id"] if folder["Place"] == INBOX else folder["Name"])
    above = _path_of(store, str(folder["Parent"]))
    return f"{above}/{name}" if above else name


def _file_shown(call: Call, data: Json) -> Json:
    return {
        "@url": call.url(f"{data['Place']}/{data['Id']}"),
        "ArchiveFileId": data["ArchiveFileId"],
        "Comments": data["Comments"],
        "Id": data["Id"],
        "Name": data["Name"],
        "Path": _path_of(call.store, data["Folder"]),
        "Size": data["Size"],
    }


def _folder_shown(call: Call, folder_id: str) -> Json:
    place, store = _place(call), call.store
    folder = store.table("folders").get(folder_id) or {"Id": _ROOT, "Name": _ROOT}
    files = [
        _file_shown(call, data)
        for data in store.table("files").values()
        if (data["Place"], data["Folder"]) == (place, folder_id)
    ]
    folders = [
        {"@url": call.url(f"{place}/{one['Id']}"), "Id": one["Id"], "Name": one["Name"]}
        for one in store.table("folders").values()
        if (one["Place"], one["Parent"]) == (place, folder_id)
    ]
    return {
        "@url": call.url(f"{place}/{folder['Id']}"),
        "Email": "",
        "Files": files,
        "Folders": folders,
        "Id": folder["Id"],
        "Name": folder["Name"],
    }


def _file_by_any_id(store: Store, wanted: str) -> Json | None:
    for data in store.table("files").values():
        if wanted in (data["Id"], data["ArchiveFileId"]):
            return data
    return None


def _content(data: Json) -> Answer:
    kind = _TYPES.get(PurePosixPath(data["Name"]).suffix.lower(), "application/octet-stream")
    return Answer(body=base64.b64decode(data["Content"]), content_type=kind)


def _browse(call: Call) -> Answer:
    by_file_id = call.query.get("fileid", "")
    if by_file_id:
        data = _file_by_any_id(call.store, by_file_id)
        if data is None:
            raise ApiError(FILE_NOT_FOUND)
        return _content(data)
    return Answer(body={"Folder": _folder_shown(call, _folder_id(call))})


def _get(call: Call) -> Answer:
    if call.query.get("fileid", ""):
        return _browse(call)
    wanted = call.args["id"]
    folder = call.store.table("folders").get(wanted)
    if wanted == _ROOT or (folder is not None and folder["Place"] == _place(call)):
        return Answer(body={"Folder": _folder_shown(call, "" if wanted == _ROOT else wanted)})
    data = call.store.table("files").get(wanted)
    if data is None:
        raise ApiError(FILE_NOT_FOUND)
    return _content(data)


def _create(call: Call) -> Answer:
    """An upload, or in the archive a new folder."""
    if not call.content_type.startswith("multipart/form-data"):
        if _place(call) == ARCHIVE and call.raw.strip():
            return _create_folder(call)
        raise ApiError(NO_FILE)
    upload = uploaded(call.content_type, call.raw)
    if upload is None or not upload.content:
        raise ApiError(NO_FILE)
    folder_id = _folder_id(call)
    number = call.store.next_number("file")
    data: Json = {
        "ArchiveFileId": str(uuid.uuid5(_NAMESPACE, f"archive {number}")),
        "Comments": None,
        "Content": base64.b64encode(upload.content).decode("ascii"),
        "Folder": folder_id,
        "Id": str(uuid.uuid5(_NAMESPACE, f"file {number}")),
        "Name": upload.name,
        "Place": _place(call),
        "Size": len(upload.content),
    }
    call.store.table("files").put(data["Id"], data)
    return Answer(
        status=201, body={"File": _file_shown(call, data)}, headers={"Location": _place(call)}
    )


def _create_folder(call: Call) -> Answer:
    sent = present(read({"Name": Field("text", 30)}, call.envelope("Folder")))
    name = str(sent.get("Name") or "")
    if not name:
        raise ApiError(VALUE_IS_NULL)
    if "/" in name:
        raise ApiError(BAD_STRUCTURE)
    parent, table = _folder_id(call), call.store.table("folders")
    if any((f["Place"], f["Parent"], f["Name"]) == (ARCHIVE, parent, name) for f in table.values()):
        raise ApiError(FOLDER_NAME_TAKEN)
    number = call.store.next_number("folder")
    data: Json = {
        "Id": str(uuid.uuid5(_NAMESPACE, f"folder {number}")),
        "Name": name,
        "Place": ARCHIVE,
        "Parent": parent,
    }
    table.put(data["Id"], data)
    return Answer(
        status=201, body={"Folder": _folder_shown(call, data["Id"])}, headers={"Location": ARCHIVE}
    )


def _delete(call: Call) -> Answer:
    wanted = call.args["id"]
    if call.store.table("folders").get(wanted) is not None:
        _delete_folder(call, wanted)
    else:
        _delete_file(call, wanted)
    return Answer(status=204)


def _delete_path(call: Call) -> Answer:
    folder_id = _folder_id(call)
    if not folder_id:
        raise ApiError(FOLDER_STAYS)
    _delete_folder(call, folder_id)
    return Answer(status=204)


def _delete_folder(call: Call, folder_id: str) -> None:
    """A folder goes with all that is in it (OpenAPI text); the inbox's own folders stay."""
    folders = call.store.table("folders")
    folder = folders.get(folder_id) or {"Place": ""}
    if folder["Place"] != _place(call):
        raise ApiError(FOLDER_NOT_FOUND)
    if folder["Place"] == INBOX:
        raise ApiError(FOLDER_STAYS)
    for data in call.store.table("files").values():
        if data["Folder"] == folder_id:
            _delete_file(call, data["Id"])
    for other in folders.values():
        if other["Parent"] == folder_id:
            _delete_folder(call, other["Id"])
    folders.delete(folder_id)


def _delete_file(call: Call, file_id: str) -> None:
    data = call.store.table("files").get(file_id)
    if data is None or data["Place"] != _place(call):
        raise ApiError(FILE_NOT_FOUND)
    if any(file_id in call.store.table(name) for name in CONNECTIONS):
        raise ApiError(FILE_CONNECTED)
    call.store.table("files").delete(file_id)


ROUTES = (
    Route("GET", INBOX, INBOX, _browse),
    Route("POST", INBOX, INBOX, _create),
    Route("GET", INBOX + "/{id}", INBOX, _get),
    Route("DELETE", INBOX + "/{id}", INBOX, _delete),
    Route("GET", ARCHIVE, ARCHIVE, _browse),
    Route("POST", ARCHIVE, ARCHIVE, _create),
    Route("DELETE", ARCHIVE, ARCHIVE, _delete_path),
    Route("GET", ARCHIVE + "/{id}", ARCHIVE, _get),
    Route("DELETE", ARCHIVE + "/{id}", ARCHIVE, _delete),
)
