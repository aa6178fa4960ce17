"""JSON-RPC 2.0: envelopes, and the errors of the documented list. All come with HTTP 200."""

from typing import Any

from fortnox.sandbox.seed.model import Json

#: Code -> message, from the API's page of errors.
MESSAGES = {
    -32700: "Parse error",
    -32600: "Invalid request",
    -32601: "Method not found",
    -32602: "Invalid params",
    -32603: "Internal error",
    -32000: "Server error",
    1001: "Webshop missing",
    1002: "Invalid webshop",
    1003: "Invalid language",
    1004: "Invalid auth token",
    1006: "Access denied",
    1007: "Secure connection required",
    9001: "Validation failed",
    9003: "Object not found",
}


class RpcError(Exception):
    """An answer with ``error``."""

    def __init__(self, code: int, data: Any = None, message: str = "") -> None:
        super().__init__(message or MESSAGES[code])
        self.code = code
        self.data = data

    @property
    def body(self) -> Json:
        """The ``error`` member."""
        body: Json = {"code": self.code, "message": str(self)}
        return body if self.data is None else body | {"data": self.data}


def invalid_params(message: str, pointer: str) -> RpcError:
    """-32602 with the place that is wrong."""
    return RpcError(-32602, [{"message": message, "pointer": pointer}])


def answer(request_id: Any, result: Any) -> Json:
    """An envelope with a result."""
    return {"jsonrpc": "2.0", "id": request_id, "result": result}


def refusal(request_id: Any, error: RpcError) -> Json:
    """An envelope with an error."""
    return {"jsonrpc": "2.0", "id": request_id, "error": error.body}
