"""Secrets and buyers' data leave the machine encrypted, unless somebody decided otherwise."""

import pytest

from fortnox.core.errors import FatalError
from fortnox.hooks.encryption import refuse_plain_http


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:8080",
        "",
    ],
)
def test_https_and_this_machine_are_fine(url: str):
    """The demo and a shop on the same machine work without a certificate."""
    refuse_plain_http(url, "shop_demo", {})


@pytest.mark.parametrize(
    "url", ["http://shop.example", "http://10.0.0.5:8080/shop", "http://127.0.0.1.example"]
)
def test_plain_http_to_another_machine_needs_a_decision(url: str):
    """A forgotten s in an address would show every buyer to the network."""
    with pytest.raises(FatalError, match="shop_demo would send") as caught:
        refuse_plain_http(url, "shop_demo", {})
    assert "allow_http" in caught.value.remedy
    refuse_plain_http(url, "shop_demo", {"allow_http": True})


def test_fortnox_is_never_spoken_to_in_the_clear():
    """No setting may send a company's token readable through the internet."""
    with pytest.raises(FatalError):
        refuse_plain_http("http://apps.fortnox.se/oauth-v1/token", "f", {"allow_http": True})
