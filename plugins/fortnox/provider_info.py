"""What Airflow's provider manager needs to know: the connection types and their forms."""

from typing import Any

from fortnox import __version__

_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_ALLOW_HTTP: dict[str, Any] = {
    "label": "Allow http",
    "description": "Permits plain http to another machine, in a network of your own. Secrets and "
    "buyers' data are then readable on the way.",
    "schema": {"type": ["boolean", "null"]},
}
_ORDER_LINK: dict[str, Any] = {
    "label": "Link to an order",
    "description": "Where an order can be opened, with {id} for its id; reports link there.",
    "schema": _TEXT,
}

_FORTNOX: dict[str, Any] = {
    "connection-type": "fortnox",
    "hook-class-name": "fortnox.hooks.fortnox.FortnoxHook",
    "hook-name": "Fortnox",
    "ui-field-behaviour": {
        "hidden-fields": ["schema", "port"],
        "relabeling": {
            "host": "Base URL",
            "login": "Client id",
            "password": "Client secret",
        },
        "placeholders": {"host": "https://api.fortnox.se/3"},
    },
    "conn-fields": {
        "tenant_id": {
            "label": "Tenant id",
            "description": "The company's database number in Fortnox "
            "(needed for client_credentials).",
            "schema": _TEXT,
        },
        "flow": {
            "label": "OAuth flow",
            "description": "client_credentials has no refresh token to lose and is recommended.",
            "schema": {
                "type": ["string", "null"],
                "enum": ["client_credentials", "authorization_code"],
                "default": "client_credentials",
            },
        },
        "refresh_token": {
            "label": "Refresh token",
            "description": "Only for authorization_code: the token of the consent. Its "
            "successors are kept in an Airflow Variable, encrypted.",
            "schema": {"type": ["string", "null"], "format": "password"},
        },
        "token_url": {
            "label": "Token URL",
            "description": "Empty: Fortnox's own.",
            "schema": _TEXT,
        },
        "requests_per_5s": {
            "label": "Requests per 5 s",
            "description": "Fortnox permits 25 per company; 24 leave room for the network.",
            "schema": {"type": ["integer", "null"], "default": 24, "minimum": 1, "maximum": 25},
        },
        "test_company": {
            "label": "Test company",
            "description": "True only for a company without real books; the smoke test needs it.",
            "schema": {"type": ["boolean", "null"]},
        },
        "invoice_link": {
            "label": "Link to an invoice",
            "description": "Where an invoice can be opened, with {id} for its number.",
            "schema": _TEXT,
        },
        "allow_http": _ALLOW_HTTP,
    },
}

_WOOCOMMERCE: dict[str, Any] = {
    "connection-type": "woocommerce",
    "hook-class-name": "fortnox.hooks.woocommerce.WooCommerceHook",
    "hook-name": "WooCommerce",
    "ui-field-behaviour": {
        "hidden-fields": ["schema", "port"],
        "relabeling": {
            "host": "Shop URL",
            "login": "Consumer key",
            "password": "Consumer secret",
        },
        "placeholders": {
            "host": "https://shop.example",
            "login": "ck_...",
            "password": "cs_...",
        },
    },
    "conn-fields": {
        "organisation_number_keys": {
            "label": "Meta keys of the organisation number",
            "description": "Only if the checkout uses unusual ones; with commas between.",
            "schema": _TEXT,
        },
        "vat_number_keys": {
            "label": "Meta keys of the VAT number",
            "description": "Only if the checkout uses unusual ones; with commas between.",
            "schema": _TEXT,
        },
        "order_link": {
            **_ORDER_LINK,
            "description": "With {id} for the order's id. Empty: its page in WooCommerce's admin.",
        },
        "allow_http": _ALLOW_HTTP,
    },
}

_TEXTALK: dict[str, Any] = {
    "connection-type": "textalk",
    "hook-class-name": "fortnox.hooks.textalk.TextalkHook",
    "hook-name": "Textalk Webshop (Abicart)",
    "ui-field-behaviour": {
        "hidden-fields": ["schema", "port"],
        "relabeling": {
            "host": "API host",
            "login": "User name (empty for an API key)",
            "password": "API key, or the user's password",
        },
        "placeholders": {"host": "https://shop.textalk.se"},
    },
    "conn-fields": {
        "webshop": {
            "label": "Webshop number",
            "description": "The shop's number at Textalk.",
            "schema": _TEXT,
        },
        "paid_statuses": {
            "label": "Payment statuses that mean paid",
            "description": "Empty: paid. Write paid,reserved if a reserved payment counts.",
            "schema": _TEXT,
        },
        "service_articles": {
            "label": "Article numbers of services",
            "description": "With commas between, and * for any ending. All others are goods.",
            "schema": _TEXT,
        },
        "eu_vat": {
            "label": "VAT charged to other EU countries",
            "description": "origin: the shop's own country's. destination: the buyer's (OSS). "
            "Empty: such sales are held.",
            "schema": {"type": ["string", "null"], "enum": ["", "origin", "destination", None]},
        },
        "order_link": _ORDER_LINK,
        "allow_http": _ALLOW_HTTP,
    },
}


def get_provider_info() -> dict[str, Any]:
    """The provider's description, found through the ``apache_airflow_provider`` entry point."""
    return {
        "package-name": "airflow-provider-webshop-fortnox",
        "name": "Fortnox for web shops",
        "description": "Web shop sales into Fortnox, exactly once and reconciled to the öre.",
        "versions": [__version__],
        "connection-types": [_FORTNOX, _WOOCOMMERCE, _TEXTALK],
    }
