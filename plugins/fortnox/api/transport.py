"""One request to Fortnox, from its turn to its answer.

What may be repeated: anything that never left this machine, anything that was refused before it
acted (401 once, 429), and readings. Nothing else, ever: a write whose answer is missing may have
been carried out.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import requests

from fortnox.api.auth import TokenSource
from fortnox.api.errors import classify, parse_error
from fortnox.api.failures import NoAnswer, no_answer, retry_after_s
from fortnox.api.limiter import Pacing
from fortnox.api.request import Request
from fortnox.api.retries import Backoff
from fortnox.core.errors import FatalError, PipelineError, UnknownOutcomeError, UnreachableError

_log = logging.getLogger(__name__)

#: Total time that refusals for the rate (429) are waited out, in seconds.
_RATE_LIMIT_S = 120.0
_UNAUTHORIZED = 401
_TOO_MANY = 429
_REDIRECT = 300
#: Fortnox's newer services, on the same host.
_SERVICES = "/api/"


@dataclass(slots=True)
class Usage:
    """What a client has used. All are counts, ``waited_ms`` is milliseconds."""

    reads: int = 0
    writes: int = 0
    rate_limited: int = 0
    retries: int = 0
    waited_ms: int = 0


class BearerAuth(requests.auth.AuthBase):
    """The token as a header. As an auth object, or a ``.netrc`` would replace the header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign one request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """Sends requests at the company's pace, with a token, and repeats what may be repeated.

    Safe for several threads. See :class:`fortnox.api.client.FortnoxClient` for the arguments.
    """

    def __init__(
        self,
        *,
        base_url: str,
        tokens: TokenSource,
        pacer: Pacing,
        session: requests.Session,
        timeout_s: tuple[float, float],
        before_write: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._pacer = pacer
        self._session = session
        self._timeout_s = timeout_s
        self._before_write = before_write
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self.usage = Usage()

    def exchange(
        self, request: Request, is_whole: Callable[[requests.Response], bool]
    ) -> requests.Response:
        """Send until there is a good answer, or an error that the caller must know.

        Args:
            request: What to send.
            is_whole: Whether a 2xx answer holds what was asked for; a cut or foreign one does not.

        Raises:
            FatalError: Keys, rights, licence, address or certificate.
            UnreachableError: A reading failed for a minute, or the rate was refused for two.
            UnknownOutcomeError: A write was sent and no good answer came.
            DocumentError: Fortnox refuses this request.
        """
        attempt = _Attempts(self, request)
        while True:
            outcome = self._send(request)
            if isinstance(outcome, NoAnswer):
                attempt.after_no_answer(outcome)
                continue
            if outcome.status_code < _REDIRECT and is_whole(outcome):
                return outcome
            attempt.after_answer(outcome)

    def _send(self, request: Request) -> requests.Response | NoAnswer:
        token = self._tokens.token()
        waited_s = self._pacer.wait()
        if request.acts:
            self._before_write()
        self._count(request, waited_s)
        try:
            answer = self._session.request(
                request.method,
                self._address(request.path),
                params=request.params,
                data=request.body,
                headers=request.headers,
                auth=BearerAuth(token),
                timeout=self._timeout_s,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # Its text holds the query, thus perhaps an e-mail address: only the kind goes on.
            failure = no_answer(error)
            _log.warning("%s -> no answer (%s)", request, failure.reason)
            return failure
        if request.acts:
            _log.info("%s -> %s", request, answer.status_code)
        if answer.status_code == _UNAUTHORIZED:
            self._tokens.invalidate(token)
        return answer

    def _address(self, path: str) -> str:
        """Below the base URL, or beside it where a path begins with ``/api/``."""
        beside = path.startswith(_SERVICES)
        base = self._base_url.removesuffix("/3") if beside else self._base_url
        return f"{base}/{path.strip('/')}"

    def _count(self, request: Request, waited_s: float) -> None:
        with self._lock:
            if request.acts:
                self.usage.writes += 1
            else:
                self.usage.reads += 1
            self.usage.waited_ms += round(waited_s * 1000)

    def count_retry(self, *, rate_limited: bool) -> None:
        """One more request will be sent for the same purpose."""
        with self._lock:
            self.usage.retries += 1
            self.usage.rate_limited += int(rate_limited)

    def new_backoff(self) -> Backoff:
        """The patience for one reading."""
        return Backoff(clock=self._clock, sleep=self._sleep)

    def hold_back(self, seconds: float) -> None:
        """Fortnox refused the rate: all threads of this process wait."""
        self._pacer.hold_back(seconds)


class _Attempts:
    """What has been tried for one request, and whether it may be tried again."""

    def __init__(self, transport: Transport, request: Request) -> None:
        self._transport = transport
        self._request = request
        self._backoff = transport.new_backoff()
        self._unauthorized = False
        self._rate_refusals = 0
        self._rate_waited_s = 0.0

    def after_no_answer(self, failure: NoAnswer) -> None:
        """Wait before another try, or raise."""
        if failure.fatal:
            raise FatalError(
                f"{self._request}: {failure.fatal}",
                remedy="Check the connection's host (https://api.fortnox.se/3).",
            )
        if self._request.acts and failure.sent:
            raise UnknownOutcomeError(
                f"{self._request} was sent and no answer came ({failure.reason}).",
                remedy="Look the document up before any new try.",
            )
        self._pause(
            UnreachableError(
                f"{self._request}: no answer from Fortnox ({failure.reason}).",
                remedy="Try again later; check the network and the connection's host.",
            )
        )

    def after_answer(self, answer: requests.Response) -> None:
        """Wait before another try, or raise."""
        status = answer.status_code
        if status == _TOO_MANY:
            self._wait_out_rate(answer)
        elif status == _UNAUTHORIZED and not self._unauthorized:
            # Refused before acting, so that one more try with a new token is safe for writes too.
            self._unauthorized = True
            self._transport.count_retry(rate_limited=False)
        else:
            error = self._error(answer)
            if not isinstance(error, UnreachableError):
                raise error
            self._pause(error)

    def _error(self, answer: requests.Response) -> PipelineError:
        status = answer.status_code
        if status < _REDIRECT and parse_error(answer.content) is None:
            kind = UnknownOutcomeError if self._request.acts else UnreachableError
            return kind(
                f"{self._request} was answered with {status} but not with what was asked for.",
                remedy="Look the document up before any new try."
                if self._request.acts
                else "Try again later; if it stays, check the connection's host.",
                http_status=status,
            )
        return self._classified(answer)

    def _classified(self, answer: requests.Response) -> PipelineError:
        request = self._request
        return classify(
            request.method, request.path, answer.status_code, answer.content, acts=request.acts
        )

    def _wait_out_rate(self, answer: requests.Response) -> None:
        pause_s = retry_after_s(answer.headers.get("Retry-After"), datetime.now(UTC))
        if pause_s is None:
            pause_s = float(2 ** min(self._rate_refusals, 4))
        if self._rate_waited_s + pause_s > _RATE_LIMIT_S:
            raise self._classified(answer)
        self._rate_refusals += 1
        self._rate_waited_s += pause_s
        self._transport.count_retry(rate_limited=True)
        self._transport.hold_back(pause_s)

    def _pause(self, error: UnreachableError) -> None:
        if not self._backoff.wait():
            raise error
        self._transport.count_retry(rate_limited=False)
