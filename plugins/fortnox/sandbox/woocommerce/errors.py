"""WordPress' REST errors: ``{"code", "message", "data": {"status"}}``."""

from collections.abc import Mapping
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
        self.body: dict[str, Any] = {
            "code": code,
            "message": message,
            "data": {"status": status, **data},
        }


def no_route() -> WpError:
    """What WordPress says of an address that no route matches."""
    text = "No route was found matching the URL and request method."
    return WpError("rest_no_route", text, 404)


def invalid_params(wrong: Mapping[str, tuple[str, str, Any]]) -> WpError:
    """Parameters that are not what they should be: name -> text, code and data of the detail."""
    return WpError(
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(wrong)}",
        400,
        params={name: text for name, (text, _, _) in wrong.items()},
        details={
            name: {"code": code, "message": text, "data": data}
            for name, (text, code, data) in wrong.items()
        },
    )


def refund_failed(message: str) -> WpError:
    """WooCommerce gives a bare number as ``data`` here, which becomes the status: 500."""
    error = WpError("woocommerce_rest_cannot_create_order_refund", message, 500)
    error.body["data"] = 500
    return error


def no_trash(resource: str) -> WpError:
    """Deleting what has no trash needs ``force=true``."""
    text = f"{resource} do not support trashing."
    return WpError("woocommerce_rest_trash_not_supported", text, 501)


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
