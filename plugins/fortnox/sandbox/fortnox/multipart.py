"""The file in a ``multipart/form-data`` body, by the standard library's parser of MIME messages."""

from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple


class Upload(NamedTuple):
    """A file as it was sent."""

    name: str
    content: bytes


def uploaded(content_type: str, body: bytes) -> Upload | None:
    """The part named ``file``, else the first that has a file name; None if there is none."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        return None
    found: Upload | None = None
    for part in message.iter_parts():
        name = part.get_filename()
        if not name:
            continue
        payload = part.get_payload(decode=True)
        upload = Upload(str(name), payload if isinstance(payload, bytes) else b"")
        if part.get_param("name", header="content-disposition") == "file":
            return upload
        found = found or upload
    return found
