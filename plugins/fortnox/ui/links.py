"""Where an order and a document can be opened: templates with ``{id}``, made from connections.

Only the names of the connections come from the report; the address is the connection's own, so
whoever writes a report can lead nobody astray.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from airflow.models.connection import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

_log = logging.getLogger(__name__)

#: The edit page of an order; with order tables of its own (HPOS) WooCommerce leads on from here.
_WOOCOMMERCE_ORDER = "/wp-admin/post.php?post={id}&action=edit"


def links_of(summary: Mapping[str, Any]) -> dict[str, str]:
    """``order`` and ``document``: templates with ``{id}``; left out where none is known.

    Fortnox documents no address for a document in its own pages, so that link needs
    ``invoice_link`` in the extra of the Fortnox connection.
    """
    found = {
        "order": _order_link(_connection(summary.get("shop"), "shop_conn_id")),
        "document": _extra_link(
            _connection(summary.get("company"), "fortnox_conn_id"), ("fortnox",), "invoice_link"
        ),
    }
    return {name: link for name, link in found.items() if link}


def _connection(part: object, name: str) -> Connection | None:
    conn_id = part.get(name) if isinstance(part, Mapping) else None
    if not isinstance(conn_id, str) or not conn_id:
        return None
    try:
        return Connection.get_connection_from_secrets(conn_id)
    except AirflowNotFoundException:
        return None
    except Exception as error:  # noqa: BLE001 - secrets backends raise errors of their own
        _log.warning("a connection can't be read for links: %s", type(error).__name__)
        return None


def _order_link(connection: Connection | None) -> str:
    link = _extra_link(connection, ("woocommerce", "textalk"), "order_link")
    if link or connection is None or connection.conn_type != "woocommerce":
        return link
    return _safe(f"{_address(connection)}{_WOOCOMMERCE_ORDER}")


def _extra_link(connection: Connection | None, conn_types: tuple[str, ...], name: str) -> str:
    if connection is None or connection.conn_type not in conn_types:
        return ""
    return _safe(str(connection.extra_dejson.get(name) or ""))


def _address(connection: Connection) -> str:
    """Scheme, host and path; Airflow splits an URI, the form keeps the address whole."""
    host = str(connection.host or "").strip().rstrip("/")
    if "://" in host:
        return host
    scheme = "http" if connection.schema == "http" else "https"
    port = f":{connection.port}" if connection.port and ":" not in host else ""
    return f"{scheme}://{host}{port}"


def _safe(link: str) -> str:
    """The link if it is one that a browser may open and that holds no password; else nothing."""
    parts = urlsplit(link)
    is_web = parts.scheme in ("https", "http") and parts.hostname and "@" not in parts.netloc
    return link if is_web and "{id}" in link else ""
