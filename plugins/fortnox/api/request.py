"""A request to Fortnox as a value that can be logged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Resources whose number may be a person's.
_PERSONAL = {"customers", "suppliers", "employees"}
_DOCUMENT_NUMBER = re.compile(r"\d{1,9}")
_ACTION = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request.

    ``acts`` is True for whatever changes something at Fortnox: every POST, PUT and DELETE, and
    the GETs that send an e-mail.
    """

    method: str
    path: str
    params: Mapping[str, str]
    body: bytes | None = None
    acts: bool = False
    content_type: str = "application/json"

    @property
    def headers(self) -> dict[str, str]:
        """What Fortnox wants said of the body and the answer."""
        headers = {"Accept": "application/json"}
        if self.method != "GET":
            headers["Content-Type"] = self.content_type
        return headers

    def __str__(self) -> str:
        """For logs and messages: no query values, no numbers that may be a person's."""
        names = f" ({', '.join(sorted(self.params))})" if self.params else ""
        return f"{self.method} {path_template(self.path)}{names}"


def path_template(path: str) -> str:
    """``customers/demo-17`` -> ``customers/{id}``; document numbers and actions stay."""
    resource, *rest = path.strip("/").split("/")
    shown = [resource]
    for position, part in enumerate(rest):
        is_number = _DOCUMENT_NUMBER.fullmatch(part) and resource not in _PERSONAL
        is_action = position > 0 and _ACTION.fullmatch(part)
        is_setting = resource in {"settings", "api"}
        shown.append(part if is_number or is_action or is_setting else "{id}")
    return "/".join(shown)
