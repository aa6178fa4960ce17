"""``python -m fortnox connect``: its options, and which walk they begin."""

import argparse
from pathlib import Path

from fortnox.core.errors import FatalError
from fortnox.core.mapping import parse_mappings
from fortnox.mapping_files import read_folder

SYSTEMS = ("fortnox", "woocommerce", "textalk")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command; secrets are asked for, never arguments."""
    parser.add_argument("system", choices=SYSTEMS, help="what to connect to")
    parser.add_argument(
        "--connection",
        default="",
        metavar="ID",
        help="Airflow connection (default: SYSTEM_default)",
    )
    parser.add_argument(
        "--host", default="", metavar="URL", help="the shop's address, or a sandbox"
    )
    parser.add_argument(
        "--replace", action="store_true", help="give a connection that is there new keys"
    )
    only = parser.add_argument_group("only for fortnox")
    only.add_argument("--redirect-uri", default="", metavar="URI", help="as registered for the app")
    only.add_argument(
        "--tenant-id",
        default="",
        metavar="NUMBER",
        help="the company's database number, when an administrator has consented already",
    )
    only.add_argument(
        "--with-refresh-token", action="store_true", help="for apps without a service account"
    )
    only.add_argument("--no-browser", action="store_true", help="only print the page's address")


def run(chosen: argparse.Namespace, folder: Path) -> int:
    """Walk; returns 0 when the connection is stored.

    Args:
        chosen: The options.
        folder: Of the mapping files: their rows say which company and which scopes.
    """
    # Imported here: with it comes Airflow.
    from fortnox.connect.fortnox import REDIRECT_URI, Wish, connect_fortnox  # noqa: PLC0415
    from fortnox.connect.shops import connect_textalk, connect_woocommerce  # noqa: PLC0415
    from fortnox.connect.talk import Talk  # noqa: PLC0415
    from fortnox.preflight import use_stored_connections  # noqa: PLC0415

    use_stored_connections()
    conn_id, talk = chosen.connection or f"{chosen.system}_default", Talk()
    if chosen.system == "woocommerce":
        connect_woocommerce(conn_id, chosen.host, talk, replace=chosen.replace)
    elif chosen.system == "textalk":
        connect_textalk(conn_id, chosen.host, talk, replace=chosen.replace)
    else:
        if chosen.tenant_id and chosen.with_refresh_token:
            raise FatalError("--tenant-id is for the flow without a refresh token: choose one.")
        wish = Wish(
            conn_id=conn_id,
            host=chosen.host.rstrip("/"),
            redirect_uri=chosen.redirect_uri or REDIRECT_URI,
            tenant_id=chosen.tenant_id,
            with_refresh_token=chosen.with_refresh_token,
            open_browser=not chosen.no_browser,
            replace=chosen.replace,
        )
        connect_fortnox(wish, parse_mappings(read_folder(folder)).mappings, talk)
    return 0
