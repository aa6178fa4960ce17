"""Cards remembered between runs: few requests, never a stale match, nothing readable on disk."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.once import a_company, api_requests

from fortnox.api.customer_cache import CustomerCache, customer_index
from fortnox.core.customer_match import CustomerIndex, email_key, organisation_key

Json = dict[str, Any]


class Cards:
    """A Fortnox that has these cards, and remembers what it was asked for."""

    def __init__(self, *items: Json) -> None:
        self.items = {str(item["CustomerNumber"]): item for item in items}
        self.inactive: set[str] = set()
        self.changed: set[str] = set()
        self.asked: list[Json] = []

    def get(self, path: str, envelope: str, **params: Any) -> Json:
        raise AssertionError(f"cards are listed, not read one by one: {path}")

    def list(self, path: str, key: str, **params: Any) -> Iterator[Json]:
        self.asked.append(params)
        for number, item in self.items.items():
            is_wanted = (params["filter"] == "inactive") == (number in self.inactive)
            if is_wanted and ("lastmodified" not in params or number in self.changed):
                yield item


def card(number: object, email: str | None = "", organisation: str = "") -> Json:
    return {"CustomerNumber": number, "Email": email, "OrganisationNumber": organisation}


@pytest.fixture
def clock() -> list[datetime]:
    """The time; ``clock[0]`` is now."""
    return [datetime(2026, 11, 20, 10, 0, tzinfo=UTC)]


def cache(folder: Path, clock: list[datetime]) -> CustomerCache:
    return CustomerCache(folder / "company" / "customers.json", now=lambda: clock[0])


def test_customers_by_what_they_can_be_matched_on():
    """Cards without number or e-mail have no key, so that none is found by an empty one."""
    index = customer_index(
        Cards(
            card("1", " A@b.SE ", "559000-0005"), card("2", None), card(3, "a@b.se", "165590000005")
        )
    )
    assert index.numbers == {"1", "2", "3"}
    assert dict(index.by_organisation_number) == {organisation_key("5590000005"): ("1", "3")}
    assert dict(index.by_email) == {email_key("a@b.se"): ("1", "3")}


def test_the_file_names_nobody_and_only_its_owner_reads_it(tmp_path: Path, clock: list[datetime]):
    """A copied folder would be a list of a company's customers."""
    cache(tmp_path, clock).index(Cards(card("1", "ada@example.com", "811228-9874")))
    (path,) = (tmp_path / "company").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    text = path.read_text()
    assert "ada" not in text
    assert "example" not in text
    assert "8112289874" not in text
    assert email_key("ada@example.com") in text


def test_within_a_day_only_changes_are_read(tmp_path: Path, clock: list[datetime]):
    """Every hourly run of every shop would read the whole register."""
    fortnox = Cards(card("1", "a@x.se"), card("2", "b@x.se"), card("3", "c@x.se"))
    cache(tmp_path, clock).index(fortnox)
    fortnox.items["1"] = card("1", "new@x.se")
    fortnox.items["4"] = card("4", "d@x.se")
    fortnox.inactive, fortnox.changed = {"2"}, {"1", "2", "4"}
    fortnox.asked.clear()
    clock[0] += timedelta(hours=23)

    index = cache(tmp_path, clock).index(fortnox)

    assert [params["filter"] for params in fortnox.asked] == ["inactive", "active"]
    assert {params["lastmodified"] for params in fortnox.asked} == {"2026-11-20 10:50"}
    assert index.numbers == {"1", "3", "4"}
    assert index == CustomerIndex(
        numbers=index.numbers,
        by_email={email_key(f"{name}@x.se"): (number,) for name, number in
                  (("new", "1"), ("c", "3"), ("d", "4"))},
    )  # fmt: skip


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(hours=-1)])
def test_after_a_day_or_a_clock_set_back_all_is_read(
    later: timedelta, tmp_path: Path, clock: list[datetime]
):
    """A deleted card would be matched for ever; a mark in the future would hide every change."""
    fortnox = Cards(card("1", "a@x.se"), card("2", "b@x.se"))
    cache(tmp_path, clock).index(fortnox)
    del fortnox.items["2"]
    clock[0] += later
    assert cache(tmp_path, clock).index(fortnox).numbers == {"1"}
    assert fortnox.asked[-1] == {"filter": "active"}


def test_a_mark_in_the_future_is_no_mark(tmp_path: Path, clock: list[datetime]):
    """The clock ran five hours ahead for one run: cards made in those hours would be unknown."""
    fortnox = Cards(card("1", "a@x.se"))
    cache(tmp_path, clock).index(fortnox)
    clock[0] += timedelta(hours=5)
    cache(tmp_path, clock).index(fortnox)
    fortnox.items["2"] = card("2", "b@x.se")
    clock[0] -= timedelta(hours=4)
    assert cache(tmp_path, clock).index(fortnox).numbers == {"1", "2"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format":1,"cards":[1]}', b"\xff"])
def test_a_broken_file_is_read_anew(content: bytes, tmp_path: Path, clock: list[datetime]):
    """A full disk would stop all bookings."""
    fortnox = Cards(card("1", "a@x.se"))
    cache(tmp_path, clock).index(fortnox)
    (path,) = (tmp_path / "company").iterdir()
    path.write_bytes(content)
    assert cache(tmp_path, clock).index(fortnox).numbers == {"1"}
    assert json.loads(path.read_text())["cards"]


def test_of_more_cards_than_a_page_only_the_changed_ones_are_read(tmp_path: Path):
    """A run's share of 25 requests in 5 seconds would go to customers that nobody touched.

    Read whole, these cards are three pages and more; what changed is one page of each filter.
    """
    with a_company(known=False) as company:
        now = datetime.now(UTC)
        table = company.fortnox.table("customers")
        made = company.by_hand("POST", "customers", {"Customer": {"Name": "A"}})
        template = {k: v for k, v in made["Customer"].items() if k != "@url"}
        with company.fortnox.lock:
            for number in range(1, 1_101):
                key = f"k-{number}"
                data = {**template, "CustomerNumber": key, "Email": f"{key}@x.se"}
                table.load(key, data, datetime(2026, 1, 1, tzinfo=UTC))
        client, path = company.client(), tmp_path / "customers.json"
        company.faults.forget_requests()
        whole = CustomerCache(path, now=lambda: now).index(client)
        assert len(api_requests(company)) >= 3
        assert len(whole.numbers) == 1_101
        for number in range(20):
            body = {"Customer": {"Email": f"new-{number}@x.se"}}
            company.by_hand("PUT", f"customers/k-{number + 1}", body)
        company.faults.forget_requests()

        index = CustomerCache(path, now=lambda: now + timedelta(hours=1)).index(client)

        assert len(api_requests(company)) == 2
        assert index.by_email[email_key("new-19@x.se")] == ("k-20",)
        assert index == customer_index(client)
