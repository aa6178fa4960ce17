"""Working files hold personal data and must go; everything else must stay."""

import os

import pytest

from fortnox.core.errors import FatalError
from fortnox.operators.erase import expired_runs, retention_days


def test_only_old_runs_are_erased(tmp_path):
    """A run of yesterday, the ledger cache, the lease and a report must survive the retention."""
    old = tmp_path / "c1" / "demo" / "2026-01-01" / "aaaa"
    new = tmp_path / "c1" / "demo" / "2026-01-02" / "bbbb"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "orders-1.parquet").write_bytes(b"x")
    ledger = tmp_path / "c1" / "ledger"
    ledger.mkdir()
    (ledger / "2-rows.parquet").write_bytes(b"x")
    (tmp_path / "c1" / "lease.json").write_text("{}")
    for path in (old / "orders-1.parquet", ledger / "2-rows.parquet"):
        os.utime(path, (1_000, 1_000))

    assert list(expired_runs(tmp_path, older_than=2_000)) == [old]


def test_retention_is_a_number_of_days():
    """A typing error must not erase everything, nor nothing for ever without a word."""
    assert (retention_days(""), retention_days("30")) == (14, 30)
    with pytest.raises(FatalError, match="FORTNOX_RETENTION_DAYS"):
        retention_days("two weeks")
