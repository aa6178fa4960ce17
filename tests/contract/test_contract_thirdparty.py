"""Clients that others wrote work against the sandboxes, and the same way against the real ones.

They live in an environment of their own, so that their old dependencies meet nobody: ``make
thirdparty`` makes it, and ``FORTNOX_THIRDPARTY_PYTHON`` names its interpreter.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fortnox.sandbox.fortnox.app import create_app as fortnox_app
from fortnox.sandbox.fortnox.company import default_company
from fortnox.sandbox.seed import generate
from fortnox.sandbox.server import Certificate, start
from fortnox.sandbox.woocommerce import DEFAULT_KEY, DEFAULT_SECRET, create_app

SCRIPTS = Path(__file__).parent / "thirdparty"
PYTHON = os.environ.get("FORTNOX_THIRDPARTY_PYTHON", "")
REAL_SHOP = ("REAL_WOOCOMMERCE_URL", "REAL_WOOCOMMERCE_KEY", "REAL_WOOCOMMERCE_SECRET")
REAL_FORTNOX = ("REAL_FORTNOX_CLIENT_ID", "REAL_FORTNOX_CLIENT_SECRET", "REAL_FORTNOX_TENANT_ID")
pytestmark = [
    pytest.mark.thirdparty,
    pytest.mark.skipif(not PYTHON, reason="FORTNOX_THIRDPARTY_PYTHON is not set: make thirdparty"),
]


def run(script: str, mode: str, **environment: str) -> dict[str, Any]:
    """What a client saw; skips when it is not installed in that environment."""
    package = script.removesuffix("_client")
    there = subprocess.run([PYTHON, "-c", f"import {package}"], capture_output=True, check=False)
    if there.returncode:
        pytest.skip(f"{package} is not installed beside {PYTHON}")
    done = subprocess.run(
        [PYTHON, str(SCRIPTS / f"{script}.py"), mode],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def certificate(folder: Path) -> Certificate:
    """A self-signed certificate for 127.0.0.1, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox")])
    now = datetime.now(UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, coded = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files = Certificate(file=folder / "cert.pem", key_file=folder / "key.pem")
    files.file.write_bytes(made.public_bytes(pem))
    files.key_file.write_bytes(key.private_bytes(pem, coded, serialization.NoEncryption()))
    return files


@pytest.fixture(params=["http: OAuth 1.0a", "https: Basic", "https: key in the query"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A sandbox shop's address and key, for each way to authenticate."""
    app = create_app(generate(end_day=date(2026, 11, 20), days=3, orders_per_day=10))
    tls = certificate(tmp_path) if request.param.startswith("https") else None
    with start(app, certificate=tls) as server:
        yield {
            "SHOP_URL": server.url,
            "SHOP_KEY": DEFAULT_KEY,
            "SHOP_SECRET": DEFAULT_SECRET,
            "SHOP_QUERY_AUTH": "1" if "query" in request.param else "0",
            "REQUESTS_CA_BUNDLE": str(tls.file) if tls else "",
        }


def test_woocommerce_package_reads_and_writes_the_sandbox(shop: dict[str, str]) -> None:
    """Somebody else's WooCommerce client could not be staged on the sandbox."""
    check_shop(run("woocommerce_client", "read", **shop))
    assert run("woocommerce_client", "write", **shop) == {
        "created": 201,
        "name": "Å &amp; Ä",
        "total": "250.00",
        "meta": ["A17"],
        "refund": [201, "10.00"],
        "batch": "Ny",
        "deleted": 200,
    }


@pytest.mark.skipif(
    not all(os.environ.get(name) for name in REAL_SHOP),
    reason=f"no real shop: {', '.join(REAL_SHOP)} are not set",
)
def test_woocommerce_package_reads_a_real_shop() -> None:
    """What is promised of the sandbox would not hold for the shop that it stands for."""
    url, key, secret = (os.environ[name] for name in REAL_SHOP)
    check_shop(run("woocommerce_client", "read", SHOP_URL=url, SHOP_KEY=key, SHOP_SECRET=secret))


def check_shop(seen: dict[str, Any]) -> None:
    """What every WooCommerce shop answers."""
    assert seen["statuses"] == [200, 200, 404]
    assert seen["missing"] == "woocommerce_rest_shop_order_invalid_id"
    assert seen["orders"] == min(2, seen["total_header"])
    assert seen["same"]
    assert {"billing", "line_items", "tax_lines", "refunds", "_links"} <= set(seen["members"])
    names = ("products", "customers", "taxes", "refunds")
    assert {seen[name] for name in names} == {200}
    assert seen["status"] == "UTC"


def test_fortpyx_reads_and_writes_the_sandbox() -> None:
    """A typed client made of Fortnox's own document would refuse the sandbox's answers."""
    company = default_company()
    with start(fortnox_app(company)) as server:
        consent = requests.post(f"{server.url}/_sandbox/refresh-token", timeout=10).json()
        login = {
            "FORTNOX_URL": server.url,
            "CLIENT_ID": company.client_id,
            "CLIENT_SECRET": company.client_secret,
            "TENANT_ID": company.tenant_id,
            "REFRESH_TOKEN": consent["refresh_token"],
        }
        read = run("fortpyx_client", "read", **login)
        assert read["company"] == company.organisation_number
        assert read["accounts"] > 100
        assert run("fortpyx_client", "write", **login) == {
            "customer": "Åsa Ek",
            "total": 250.0,
            "booked": True,
            "voucher": True,
            "listed": 1,
        }


@pytest.mark.skipif(
    not all(os.environ.get(name) for name in REAL_FORTNOX),
    reason=f"no real Fortnox: {', '.join(REAL_FORTNOX)} are not set",
)
def test_fortpyx_reads_a_real_fortnox() -> None:
    """What is promised of the sandbox would not hold for the Fortnox that it stands for."""
    client_id, secret, tenant = (os.environ[name] for name in REAL_FORTNOX)
    seen = run("fortpyx_client", "read", CLIENT_ID=client_id, CLIENT_SECRET=secret,
               TENANT_ID=tenant)  # fmt: skip
    assert seen["company"]
    assert seen["accounts"] > 0
