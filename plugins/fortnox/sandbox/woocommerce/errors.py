"""WordPress' REST errors: ``{"code", "message", "data": {"status"}}``."""

from typing import Any


class WpError(Exception):
    """An error answer.

    Args:
        code: WordPress' error code, e.g. ``rest_no_route``.
        message: Its text.
        status: HTTP status; repeated in the body as WordPress does.
        data: More members of ``data``.
    """

    def __init__(self, code: str, message: str, status: int, **data: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "data": {"status": status, **data}}


def no_route() -> WpError:
    """What WordPress says of an address that no route matches."""
    text = "No route was found matching the URL and request method."
    return WpError("rest_no_route", text, 404)


def unauthenticated(message: str) -> WpError:
    """Credentials were given and are wrong."""
    return WpError("woocommerce_rest_authentication_error", message, 401)


def forbidden(method: str, *, listing: bool) -> WpError:
    """No credentials, an unknown key, or a key whose owner has no rights: all look the same."""
    if method == "GET":
        text = "Sorry, you cannot list resources."
        return WpError(
            "woocommerce_rest_cannot_view",
            text if listing else "Sorry, you cannot view this resource.",
            401,
        )
    verb = {"POST": "create", "DELETE": "delete"}.get(method, "edit")
    text = f"Sorry, you are not allowed to {verb} this resource."
    return WpError(f"woocommerce_rest_cannot_{verb}", text, 401)
