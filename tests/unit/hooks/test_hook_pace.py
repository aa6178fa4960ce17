"""Which pace a company's requests keep."""

import pytest

from fortnox.api.limiter import Pacer
from fortnox.api.shared_pace import SharedPacer
from fortnox.hooks.pace import REDIS_VARIABLE, company_pacer


def test_without_a_redis_each_process_paces_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without Redis would stand still."""
    monkeypatch.setenv(REDIS_VARIABLE, " ")

    assert isinstance(company_pacer("https://x/3", "id", "1", 24), Pacer)


def test_a_named_redis_keeps_the_pace_of_each_company_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Companies would slow each other: Fortnox counts per app and company."""
    monkeypatch.setenv(REDIS_VARIABLE, "redis://127.0.0.1:1/0")

    first = company_pacer("https://x/3", "id", "1", 24)

    assert isinstance(first, SharedPacer)
    assert company_pacer("https://x/3", "id", "1", 24) is first
    assert company_pacer("https://x/3", "id", "2", 24) is not first


def test_the_password_of_the_redis_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow would show it in a task's log."""
    masked: list[str] = []
    monkeypatch.setattr("fortnox.hooks.pace.mask_secret", masked.append)
    monkeypatch.setenv(REDIS_VARIABLE, "redis://:hush-hush@127.0.0.1:1/0")

    company_pacer("https://x/3", "id", "3", 24)

    assert masked == ["hush-hush"]
