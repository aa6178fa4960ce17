"""HTTP with Airflow's public REST API: login, and repeating what may be repeated.

Answers are dictionaries as Airflow sends them. What may be repeated is: a read after any broken
connection or 5xx; a write only after 503 or "database is locked", which Airflow answers when it
rolled back (SQLite under load: facts of 3.3.2).
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from fortnox.demo.errors import DemoError

Json = dict[str, Any]
_TIMEOUT_S = (5, 30)
# Airflow's first task makes its api-server import and build models, deaf for up to a minute where
# the cores are busy with other things.
_REPEAT_FOR_S = 180.0
_PAUSE_S = 0.5
_HTTP_UNAUTHORIZED = 401
_HTTP_NOT_FOUND = 404
_HTTP_ERROR = 400
_HTTP_SERVER_ERROR = 500
_HTTP_UNAVAILABLE = 503


class ApiError(DemoError):
    """Airflow refused a request.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Rest:
    """The API of one Airflow.

    Args:
        base_url: Such as ``http://127.0.0.1:8080``.
        username: Of the simple auth manager.
        password: Of the simple auth manager.
        tick: Called in every wait, for the supervisor's work.
        clock: Seconds that only grow.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        base_url: str,
        username: str,
        password: str,
        *,
        tick: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._credentials = {"username": username, "password": password}
        self._tick = tick
        self._clock = clock
        self._sleep = sleep
        self._session = requests.Session()
        self._session.trust_env = False  # loopback: never by a proxy
        self._token = ""

    def wait_until(
        self, done: Callable[[], bool], *, timeout_s: float, what: str, pause_s: float = _PAUSE_S
    ) -> None:
        """Waits, with the supervisor at work.

        Raises:
            DemoError: The time is over; names ``what``.
        """
        deadline = self._clock() + timeout_s
        while not done():
            if self._clock() > deadline:
                raise DemoError(f"Waited {timeout_s:.0f} s for {what}.")
            self._tick()
            self._sleep(pause_s)

    def probe(self, path: str) -> Json | None:
        """One read without login or repetition; None while nobody answers."""
        try:
            return dict(self._session.get(f"{self.base_url}{path}", timeout=_TIMEOUT_S).json())
        except requests.RequestException:
            return None

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Json | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Json:
        """One request below ``/api/v2``, repeated where that is safe.

        Raises:
            ApiError: Airflow refused.
            DemoError: Airflow can't be reached.
        """
        deadline = self._clock() + _REPEAT_FOR_S
        while True:
            answer = self._try(method, path, json, params)
            repeat = answer is None or _may_repeat(method, answer)
            if answer is not None and (not repeat or self._clock() > deadline):
                return _content(method, path, answer)
            if self._clock() > deadline:
                raise DemoError(f"Airflow at {self.base_url} does not answer.")
            self._tick()
            self._sleep(_PAUSE_S)

    def get_or_none(self, path: str, params: Mapping[str, Any] | None = None) -> Json | None:
        """A read whose answer may be 404, which gives None."""
        try:
            return self.call("GET", path, params=params)
        except ApiError as error:
            if error.status == _HTTP_NOT_FOUND:
                return None
            raise

    def _try(
        self, method: str, path: str, json: Json | None, params: Mapping[str, Any] | None
    ) -> requests.Response | None:
        """One try; None when the connection broke and repeating is safe."""
        try:
            if not self._token:
                self._login()
            answer = self._send(method, path, json, params)
            if answer.status_code == _HTTP_UNAUTHORIZED:
                self._login()
                answer = self._send(method, path, json, params)
        except requests.RequestException as error:
            refused = isinstance(error, requests.ConnectTimeout) or "refused" in str(error)
            if method == "GET" or refused:
                return None
            raise DemoError(f"Airflow broke off {method} {path}.") from error
        return answer

    def _send(
        self, method: str, path: str, json: Json | None, params: Mapping[str, Any] | None
    ) -> requests.Response:
        return self._session.request(
            method,
            f"{self.base_url}/api/v2/{path}",
            json=json,
            params=params,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=_TIMEOUT_S,
        )

    def _login(self) -> None:
        answer = self._session.post(
            f"{self.base_url}/auth/token", json=self._credentials, timeout=_TIMEOUT_S
        )
        answer.raise_for_status()
        self._token = str(answer.json()["access_token"])


def _may_repeat(method: str, answer: requests.Response) -> bool:
    if method == "GET":
        return answer.status_code >= _HTTP_SERVER_ERROR
    return answer.status_code == _HTTP_UNAVAILABLE or (
        answer.status_code >= _HTTP_SERVER_ERROR and "database is locked" in answer.text
    )


def _content(method: str, path: str, answer: requests.Response) -> Json:
    if answer.status_code >= _HTTP_ERROR:
        raise ApiError(
            answer.status_code,
            f"Airflow answered {answer.status_code} to {method} {path}: {_detail(answer)}",
        )
    return dict(answer.json() or {}) if answer.content else {}


def _detail(answer: requests.Response) -> str:
    try:
        return str(answer.json().get("detail", ""))[:500]
    except (ValueError, AttributeError):
        return answer.reason
