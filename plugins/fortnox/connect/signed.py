"""What the page must remember while the browser is at Fortnox: in cookies that we have signed.

No table and no file: every api-server of the installation reads them, and nobody else can write
one. A cookie binds the answer to the browser and to the person that asked.
"""

from typing import Any, Final

from airflow.configuration import conf
from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

QUESTION: Final = "fortnox_connect_question"
OUTCOME: Final = "fortnox_connect_outcome"
#: A code of Fortnox's lives ten minutes; so long a person has to decide.
MAX_AGE_S: Final = 600


def keep(response: Response, name: str, value: dict[str, Any], *, secure: bool, path: str) -> None:
    """Set a cookie that comes back when Fortnox sends the browser back, and to no script."""
    response.set_cookie(
        name,
        _signer(name).dumps(value),
        max_age=MAX_AGE_S,
        path=path,
        secure=secure,
        httponly=True,
        # Lax: a link from another site brings it along, a request that another site makes does not.
        samesite="lax",
    )


def kept(request: Request, name: str, user_id: str) -> dict[str, Any] | None:
    """The cookie's value; None if there is none, it is old, altered, or another person's."""
    try:
        value = _signer(name).loads(request.cookies.get(name, ""), max_age=MAX_AGE_S)
    except BadData:
        return None
    if not isinstance(value, dict) or value.get("user") != user_id:
        return None
    return value


def _signer(name: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(conf.get_mandatory_value("api", "secret_key"), salt=name)
