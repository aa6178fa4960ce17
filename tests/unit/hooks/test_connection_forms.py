"""The forms of the three connection types in the Airflow UI."""

import re
from pathlib import Path
from typing import Any

import pytest

import fortnox
from fortnox.provider_info import get_provider_info

PACKAGE = Path(fortnox.__file__).parent
FORMS: dict[str, dict[str, Any]] = {
    form["connection-type"]: form for form in get_provider_info()["connection-types"]
}
#: What stays for the field "Extra": Airflow's own words, the same for every HTTP connection.
PLAIN_EXTRA = {"verify", "proxies"}


def read_by(*names: str) -> set[str]:
    """The extra fields that these hooks read."""
    text = "\n".join((PACKAGE / "hooks" / f"{name}.py").read_text() for name in names)
    found = re.findall(r'extra(?:\.get\(|\[|, )"([a-z_0-9]+)"', text)
    return set(found) - PLAIN_EXTRA


@pytest.mark.parametrize(
    ("conn_type", "modules", "more"),
    [
        ("fortnox", ("fortnox", "encryption"), {"invoice_link"}),
        ("woocommerce", ("woocommerce", "encryption"), {"order_link"}),
        ("textalk", ("textalk", "encryption"), {"order_link"}),
    ],
)
def test_every_field_that_is_read_stands_in_the_form(
    conn_type: str, modules: tuple[str, ...], more: set[str]
) -> None:
    """A user would have to know a JSON key from the documentation, or fill in one that is dead."""
    assert set(FORMS[conn_type]["conn-fields"]) == read_by(*modules) | more


@pytest.mark.parametrize("conn_type", FORMS)
def test_each_field_has_a_label_and_a_type_that_may_stay_empty(conn_type: str) -> None:
    """Airflow's form would refuse to save, or show a field without a name."""
    for name, field in FORMS[conn_type]["conn-fields"].items():
        assert field["label"], name
        assert field["description"], name
        assert "null" in field["schema"]["type"], name


@pytest.mark.parametrize("conn_type", FORMS)
def test_what_opens_something_is_not_shown(conn_type: str) -> None:
    """A token would stand on the screen of whoever edits the connection."""
    for name, field in FORMS[conn_type]["conn-fields"].items():
        if "token" in name and not name.endswith("url"):
            assert field["schema"]["format"] == "password"
    # Airflow hides its own password field by itself; a secret in login would be seen.
    labels = FORMS[conn_type]["ui-field-behaviour"]["relabeling"]
    assert "secret" not in labels["login"].lower()
    assert re.search("secret|key", labels["password"].lower())


@pytest.mark.parametrize("conn_type", FORMS)
def test_the_fields_that_mean_nothing_here_are_hidden(conn_type: str) -> None:
    """A port or a schema in the form would be filled in and have no effect."""
    assert FORMS[conn_type]["ui-field-behaviour"]["hidden-fields"] == ["schema", "port"]
    assert FORMS[conn_type]["ui-field-behaviour"]["placeholders"]["host"].startswith("https://")
