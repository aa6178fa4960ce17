"""Fortnox's resources: envelopes, pages, and the verbs that a resource knows.

>>> client.get("invoices/17", "Invoice")                       # GET one
>>> list(client.list("invoices", "Invoices", filter="unbooked"))  # GET all pages
>>> client.create("invoices", "Invoice", {"CustomerNumber": "1"})  # POST
>>> client.action("invoices/17/bookkeep", "Invoice")           # PUT without a body
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import requests

from fortnox.api.auth import TokenSource
from fortnox.api.lanes import Lanes
from fortnox.api.limiter import Pacing
from fortnox.api.request import Request
from fortnox.api.shapes import fits, page_fits
from fortnox.api.transport import Transport, Usage
from fortnox.api.wire import JsonObject, NotJsonError, ParamValue, decode, encode, query
from fortnox.core.errors import DocumentError, UnreachableError

#: Fortnox's largest page.
PAGE_LIMIT = 500
_NOT_FOUND = 404
_BAD_REQUEST = 400
_MAX_READINGS = 2


class FortnoxClient:
    """A company's Fortnox. Safe for several threads, which then share one pace.

    Args:
        base_url: ``https://api.fortnox.se/3`` or a sandbox.
        tokens: Gives access tokens.
        pacer: The company's rate; one per process and company.
        session: For connections; keeps its proxies, verification and adapters.
        timeout_s: Seconds to connect, and seconds between two parts of an answer.
        before_write: Called immediately before every request that acts (the lease check); what
            it raises reaches the caller and nothing is sent.
        clock: Monotonic seconds.
        sleep: Waits so many seconds.
        lanes: How many documents may be on their way at once.

    Attributes:
        lanes: For whoever has several documents to write.

    All methods raise ``FatalError`` (keys, rights, licence, address), ``UnreachableError`` (a
    reading failed for a minute; the rate was refused for two) and ``DocumentError`` (Fortnox
    refuses this one); those that write also ``UnknownOutcomeError`` (sent, no good answer).
    """

    def __init__(
        self,
        *,
        base_url: str,
        tokens: TokenSource,
        pacer: Pacing,
        session: requests.Session | None = None,
        timeout_s: tuple[float, float] = (5, 30),
        before_write: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        lanes: int = 1,
    ) -> None:
        self.lanes = Lanes(lanes)
        self._transport = Transport(
            base_url=base_url,
            tokens=tokens,
            pacer=pacer,
            session=session or requests.Session(),
            timeout_s=timeout_s,
            before_write=before_write,
            clock=clock,
            sleep=sleep,
        )

    @property
    def usage(self) -> Usage:
        """Requests and waiting so far."""
        return self._transport.usage

    def get(self, path: str, envelope: str, **params: ParamValue) -> JsonObject:
        """One object.

        Raises:
            DocumentError: There is none (``http_status`` 404).
        """
        return self._object(Request(method="GET", path=path, params=query(params)), envelope)

    def get_service(self, path: str) -> JsonObject:
        """One plain object of a service beside ``/3``, such as ``/api/warehouse/tenants-v4``."""
        request = Request(method="GET", path=path, params={})
        return _content(self._transport.exchange(request, lambda answer: bool(_content(answer))))

    def find(self, path: str, envelope: str, **params: ParamValue) -> JsonObject | None:
        """One object, or None if Fortnox says that there is none."""
        try:
            return self.get(path, envelope, **params)
        except DocumentError as error:
            if error.http_status != _NOT_FOUND:
                raise
        return None

    def list(self, path: str, key: str, **params: ParamValue) -> Iterator[JsonObject]:
        """All objects of a list, each once, over all its pages.

        A list that shrinks while it is read has moved entries from pages to come onto pages
        already read; it is then read once more, and what was new is given too.

        Args:
            path: E.g. ``invoices``.
            key: The list's key in the answer, e.g. ``Invoices``.
            params: Filters; ``limit`` defaults to 500.

        Raises:
            UnreachableError: The list shrank during the second reading as well.
        """
        seen: set[str] = set()
        for _ in range(_MAX_READINGS):
            whole = yield from self._read_pages(path, key, {"limit": PAGE_LIMIT, **params}, seen)
            if whole:
                return
        raise UnreachableError(
            f"The list of {path} keeps shrinking while it is read.", remedy="Try again later."
        )

    def get_bytes(self, path: str, **params: ParamValue) -> bytes:
        """A file, such as ``sie/4``, as it is."""
        request = Request(method="GET", path=path, params=query(params))
        return self._transport.exchange(request, _is_file).content

    def create(
        self, path: str, envelope: str, body: Mapping[str, Any], **params: ParamValue
    ) -> JsonObject:
        """POST; returns the object as Fortnox made it."""
        return self._write("POST", path, envelope, {envelope: body}, params)

    def update(
        self, path: str, envelope: str, body: Mapping[str, Any], **params: ParamValue
    ) -> JsonObject:
        """PUT some fields; absent ones stay. Returns the whole object."""
        return self._write("PUT", path, envelope, {envelope: body}, params)

    def action(self, path: str, envelope: str, **params: ParamValue) -> JsonObject:
        """PUT without a body: ``invoices/17/bookkeep``. Returns the object afterwards.

        That it acted is all that is certain: nobody looks into the object.
        """
        request = Request(method="PUT", path=path, params=query(params), acts=True)
        return self._object(request, envelope, _holds_object)

    def delete(self, path: str) -> None:
        """DELETE; the answer is empty."""
        request = Request(method="DELETE", path=path, params={}, acts=True)
        self._transport.exchange(request, lambda answer: answer.status_code < _BAD_REQUEST)

    def send(self, path: str, envelope: str) -> JsonObject:
        """A GET that sends (``invoices/17/email``): counted and guarded as a write.

        Raises:
            UnknownOutcomeError: It may have been sent; never sent twice by itself.
        """
        return self._object(Request(method="GET", path=path, params={}, acts=True), envelope)

    def upload(
        self, path: str, envelope: str, name: str, content: bytes, **params: ParamValue
    ) -> JsonObject:
        """POST a file as multipart form data, field ``file``; returns what Fortnox made of it."""
        form = requests.Request("POST", "http://file", files={"file": (name, content)}).prepare()
        request = Request(
            method="POST",
            path=path,
            params=query(params),
            body=form.body if isinstance(form.body, bytes) else None,
            acts=True,
            content_type=str(form.headers["Content-Type"]),
        )
        return self._object(request, envelope)

    def _write(
        self,
        method: str,
        path: str,
        envelope: str,
        body: Mapping[str, Any],
        params: Mapping[str, ParamValue],
    ) -> JsonObject:
        payload = encode(body)
        request = Request(method=method, path=path, params=query(params), body=payload, acts=True)
        return self._object(request, envelope)

    def _object(
        self,
        request: Request,
        envelope: str,
        is_whole: Callable[[str, JsonObject], bool] = fits,
    ) -> JsonObject:
        answer = self._transport.exchange(
            request, lambda answer: is_whole(envelope, _content(answer))
        )
        value: JsonObject = _content(answer)[envelope]
        return value

    def _read_pages(
        self, path: str, key: str, params: Mapping[str, ParamValue], seen: set[str]
    ) -> Generator[JsonObject, None, bool]:
        """One reading of a list; returns whether it is certain to be whole.

        The end is counted in entries, not taken from ``@TotalPages``: a server that caps the
        limit lower than asked is then read to its end too.
        """
        read: set[str] = set()
        page, received, total = 1, 0, 0
        while True:
            content = self._page(path, key, {**params, "page": page})
            entries = content[key]
            before, known_total = len(read), total
            for entry in entries:
                identity = str(entry.get("@url") or encode(entry).decode())
                read.add(identity)
                if identity not in seen:
                    seen.add(identity)
                    yield entry
            received += len(entries)
            total = _total(content, received)
            if total < max(known_total, received):
                return False
            if received >= total:
                return True
            if len(read) == before:
                return False
            page += 1

    def _page(self, path: str, key: str, params: Mapping[str, ParamValue]) -> JsonObject:
        request = Request(method="GET", path=path, params=query(params))
        answer = self._transport.exchange(request, lambda answer: page_fits(key, _content(answer)))
        return _content(answer)


def _holds_object(envelope: str, content: JsonObject) -> bool:
    return isinstance(content.get(envelope), dict)


def _content(answer: requests.Response) -> JsonObject:
    """The answer's object; empty when it is cut, an error page, or not JSON at all."""
    try:
        return decode(answer.content)
    except NotJsonError:
        return {}


def _total(content: JsonObject, received: int) -> int:
    """How many entries the list has; small registers do not say and come whole."""
    meta = content.get("MetaInformation")
    told = meta.get("@TotalResources") if isinstance(meta, dict) else None
    return received if told is None else int(told)


def _is_file(answer: requests.Response) -> bool:
    """Not empty, not an error page, and not an error in an answer that says 200."""
    begins = answer.content[:64].lstrip()[:1]
    return begins not in {b"", b"<", b"{"}
