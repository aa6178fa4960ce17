"""OAuth 1.0a signing as WooCommerce verifies it."""

import hashlib
import hmac
from base64 import b64encode

from fortnox.shops.woocommerce.oauth import signature, signed


def test_known_vector() -> None:
    """A shop over plain http would refuse every request if the signature were off by a sign."""
    params = signed(
        "GET",
        "http://shop.example/wp-json/wc/v3/orders",
        {"per_page": "100", "status": "processing,completed"},
        key="ck_test",
        secret="cs_test",
        timestamp_s=1700000000,
        nonce="n1",
    )
    assert params["oauth_signature"] == "O48iTb8DFwDVom9g4TR5liP5UHKYdp8hFkdCHlGgFKc="
    assert params["per_page"] == "100"
    assert "cs_test" not in params.values()


def test_reserved_signs_are_encoded_twice() -> None:
    """A colon in a date or a comma in a list must not break the signature."""
    base = "GET&http%3A%2F%2Fs.example%2Fp&after%3D2026-11-20T00%253A00%253A00%26q%3Da%2520b%252Cc"
    digest = hmac.new(b"cs&", base.encode(), hashlib.sha256).digest()
    params = {"q": "a b,c", "after": "2026-11-20T00:00:00"}
    assert signature("GET", "http://s.example/p", params, "cs") == b64encode(digest).decode()
