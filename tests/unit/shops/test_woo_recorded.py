"""What a real WooCommerce answered to wrong keys and to a check, read by the adapter."""

import json
from pathlib import Path

import pytest
import responses

from fortnox.core.errors import FatalError
from fortnox.shops.woocommerce import WooCommerceShop

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "woocommerce" / "other"
HTTP = "http://shop.example"
HTTPS = "https://shop.example"
API = "/wp-json/wc/v3"

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded WooCommerce answers are not beside this repository"
)


def body(name: str) -> str:
    """A recorded body."""
    return (RECORDED / name).read_text(encoding="utf-8")


@responses.activate
@pytest.mark.parametrize(
    ("site", "name", "message"),
    [
        (HTTPS, "150_error_401_unknown_key.json", "may not read"),
        (HTTPS, "151_error_401_wrong_secret.json", "consumer secret is wrong"),
        (HTTP, "154_error_401_oauth_unknown_key.json", "does not know the consumer key"),
        (HTTP, "155_error_401_oauth_bad_signature.json", "signature"),
        (HTTP, "156_error_401_oauth_old_timestamp.json", "clock"),
        (HTTP, "157_error_401_oauth_nonce_used_twice.json", "seen this request"),
        (HTTPS, "159_error_401_write_key_reads.json", "may not read"),
    ],
)
def test_real_refusals(site: str, name: str, message: str) -> None:
    """The user would get WooCommerce's riddle instead of what to do."""
    responses.add(responses.GET, f"{site}{API}/orders", body=body(name), status=401)
    shop = WooCommerceShop(site, "ck_1", "cs_1", sleep=lambda _: None)
    with pytest.raises(FatalError, match=message) as caught:
        shop.check()
    assert caught.value.remedy


@responses.activate
def test_real_check() -> None:
    """The real shop's identity, from its own bodies."""
    orders = json.dumps([{"id": 217, "currency": "SEK"}])
    responses.add(responses.GET, f"{HTTPS}{API}/orders", body=orders)
    answers = {
        f"{API}/system_status": "145_system_status_environment_only.json",
        f"{API}/settings/tax/woocommerce_prices_include_tax": (
            "140_setting_prices_include_tax.json"
        ),
        "/wp-json/": "149_wp_json_root.json",
    }
    for path, name in answers.items():
        responses.add(responses.GET, f"{HTTPS}{path}", body=body(name))
    identity = WooCommerceShop(HTTPS, "ck_1", "cs_1", sleep=lambda _: None).check()
    assert (identity.version, identity.currency) == ("11.0.1", "SEK")
    assert identity.timezone == "Europe/Stockholm"
    assert identity.prices_include_vat
