"""Vouchers that go on from another one, over HTTP."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.acceptance.books import Books, books
from tests.support.advances import DELIVERED, PAID, STRICT, events, sold, vouchers, wanted

from fortnox.api.client import FortnoxClient
from fortnox.api.files import connect_file, upload_file
from fortnox.api.intents import Intent, IntentStore
from fortnox.api.snapshot import financial_years
from fortnox.api.voucher_writer import VouchersWritten, VoucherWriter
from fortnox.api.vouchers import list_series
from fortnox.core.errors import UnknownOutcomeError
from fortnox.core.vouchers import ListedVoucher, Voucher, by_mark

#: A is the sandbox's manual series.
SHOP = STRICT.replaced(voucher_series="A")


def standing(company: Books) -> dict[str, tuple[ListedVoucher, ...]]:
    client = company.world.client()
    return by_mark(list_series(client, "A", financial_years(client)))


def write(company: Books, folder: Path, *made: Voucher, quiet_minutes: int = 30) -> VouchersWritten:
    client = company.world.client()
    quiet = timedelta(minutes=quiet_minutes)
    writer = VoucherWriter(client, IntentStore(folder), financial_years(client), quiet=quiet)
    return writer.write(made, standing(company))


def test_a_delivery_waits_for_its_advance_and_follows_it(tmp_path: Path) -> None:
    """2420 would get a claim on the buyer in place of a debt."""
    (paid,) = vouchers(events(PAID, sold(), shop=SHOP))
    _, delivered = vouchers(wanted(DELIVERED, sold(), shop=SHOP).advances)
    with books() as company:
        alone = write(company, tmp_path, delivered)
        assert [item.code for item in alone.not_written] == ["advance_not_booked"]
        assert standing(company) == {}
        both = write(company, tmp_path, paid, delivered)
        assert list(both.created) == [paid.mark, delivered.mark]
        found = standing(company)
        assert {mark: same[0].content for mark, same in found.items()} == {
            paid.mark: paid.content,
            delivered.mark: delivered.content,
        }
        again = write(company, tmp_path, delivered)
        assert list(again.unchanged) == [delivered.mark]


def test_what_fortnox_refused_is_sent_at_once_when_it_is_mended(tmp_path: Path) -> None:
    """Its file lies in the inbox as after a lost answer: the run would wait half an hour for it."""
    shop = SHOP.replaced(advances_account=2429)
    (paid,) = vouchers(events(PAID, sold(), shop=shop))
    with books() as company:
        refused = write(company, tmp_path, paid)
        assert [item.code for item in refused.not_written] == ["fortnox_2001304"]
        account = {"Number": 2429, "Description": "Förskott", "Active": True}
        for year in company.world.client().list("financialyears", "FinancialYears"):
            company.world.client().create("accounts", "Account", account, financialyear=year["Id"])
        assert list(write(company, tmp_path, paid).created) == [paid.mark]
        connections = company.world.fortnox.table("voucherfileconnections").values()
        assert len(list(connections)) == 1


def test_a_file_id_that_fortnox_does_not_know_is_looked_up_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An odd answer to the upload must not leave an accounting record without its basis."""
    (paid,) = vouchers(events(PAID, sold(), shop=SHOP))

    def odd(client: FortnoxClient, name: str, content: bytes) -> str:
        upload_file(client, name, content)
        return "no-such-file"

    monkeypatch.setattr("fortnox.api.voucher_writer.upload_file", odd)
    with books() as company:
        connections = company.world.fortnox.table("voucherfileconnections")
        assert len(write(company, tmp_path, paid).notes) == 1
        assert list(connections.values()) == []
        assert write(company, tmp_path, paid).notes == []
        assert len(list(connections.values())) == 1
        assert IntentStore(tmp_path).read(paid.mark) is None


def test_a_file_that_is_connected_after_all_is_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The voucher would have its order list twice, and somebody wonder which one is right."""
    (paid,) = vouchers(events(PAID, sold(), shop=SHOP))

    def hang(*_: object) -> None:
        raise UnknownOutcomeError("no answer", remedy="")

    def late(client: FortnoxClient, file_id: str, voucher: ListedVoucher) -> None:
        connect_file(client, file_id, voucher)  # The one that hung: after the look-up.
        connect_file(client, file_id, voucher)

    with books() as company:
        store = company.world.fortnox
        monkeypatch.setattr("fortnox.api.voucher_writer.connect_file", hang)
        assert len(write(company, tmp_path, paid).notes) == 1
        monkeypatch.setattr("fortnox.api.voucher_writer.connect_file", late)
        assert write(company, tmp_path, paid).notes == []
        assert IntentStore(tmp_path).read(paid.mark) is None
        assert len(list(store.table("voucherfileconnections").values())) == 1
        assert len(list(store.table("files").values())) == 1


def test_a_file_that_arrived_late_is_not_uploaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy would lie in the inbox, for somebody to book a second time."""
    (paid,) = vouchers(events(PAID, sold(), shop=SHOP))

    def hang(*_: object) -> str:
        raise UnknownOutcomeError("no answer", remedy="")

    with books() as company:
        with monkeypatch.context() as patch:
            patch.setattr("fortnox.api.voucher_writer.upload_file", hang)
            (held,) = write(company, tmp_path, paid).not_written
            assert held.code == "voucher_no_answer"
        intent = IntentStore(tmp_path).read(paid.mark)
        assert intent is not None
        assert paid.attachment is not None
        upload_file(company.world.client(), intent.file_name, paid.attachment.content)
        assert list(write(company, tmp_path, paid, quiet_minutes=0).created) == [paid.mark]
        assert len(list(company.world.fortnox.table("files").values())) == 1


def test_a_damaged_intent_still_keeps_its_voucher_back(tmp_path: Path) -> None:
    """Its request may be on the way: to post again at once could double the voucher."""
    (paid,) = vouchers(events(PAID, sold(), shop=SHOP))
    store = IntentStore(tmp_path)
    store.write(Intent(mark=paid.mark, at=datetime(2026, 5, 4, tzinfo=UTC), content=""))
    (file,) = (tmp_path / "intents").iterdir()
    file.write_bytes(b'{"mark": 1')
    with books() as company:
        held = write(company, tmp_path, paid)
    assert [item.code for item in held.not_written] == ["voucher_quiet"]
