"""Wanted vouchers into Fortnox, each mark once, as far as a thing without a reference allows.

Per voucher: known already? then nothing but its missing file; else the intent to disk, the file to
the inbox (a second trace, on Fortnox's side), the POST, the connection of both. An intent, or a
file of that mark, younger than the quiet time and no voucher: its request may still be carried
out, so the mark is held. A POST carried out after the quiet time can still double a voucher: it is
found by its mark and its reversal proposed (rules of the books 11).
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from fortnox.api.client import FortnoxClient
from fortnox.api.files import connect_file, find_files, is_connected, upload_file
from fortnox.api.intents import Intent, IntentStore
from fortnox.api.vouchers import create_voucher, list_days
from fortnox.core.actions import FinancialYear
from fortnox.core.errors import DocumentError, PipelineError, UnknownOutcomeError
from fortnox.core.vouchers import ListedVoucher, Voucher

log = logging.getLogger(__name__)

_TIME = "%Y%m%dT%H%M%SZ"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWritten:
    """A voucher that was not made, and why; ``vendor_code`` when Fortnox refused it."""

    voucher: Voucher
    code: str
    reason: str
    remedy: str


@dataclass(slots=True)
class VouchersWritten:
    """What became of the wanted vouchers, by mark."""

    created: dict[str, ListedVoucher] = field(default_factory=dict)
    unchanged: dict[str, ListedVoucher] = field(default_factory=dict)
    not_written: list[NotWritten] = field(default_factory=list)
    #: Sentences about vouchers that stand without their file.
    notes: list[str] = field(default_factory=list)


class VoucherWriter:
    """Writes vouchers of one company, under its lease.

    Args:
        client: Its ``before_write`` checks the company's lease.
        intents: The company's intents.
        years: The company's financial years.
        quiet: How long a request without an answer may still be carried out.
        now: The clock.
    """

    def __init__(
        self,
        client: FortnoxClient,
        intents: IntentStore,
        years: Iterable[FinancialYear],
        *,
        quiet: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._intents = intents
        self._years = tuple(years)
        self._quiet = quiet
        self._now = now
        self.written = VouchersWritten()

    def write(
        self, wanted: Sequence[Voucher], known: Mapping[str, Sequence[ListedVoucher]]
    ) -> VouchersWritten:
        """Make what is missing.

        Args:
            wanted: Vouchers, one per mark; each after the one that it names in ``after``.
            known: What Fortnox has by mark, read after the lease was taken.

        Raises:
            UnreachableError: Fortnox doesn't answer; a new try goes on from what stands there.
            FatalError: Credentials or rights.
        """
        for voucher in wanted:
            existing = known.get(voucher.mark)
            if existing:
                self.written.unchanged[voucher.mark] = existing[0]
                self._complete(voucher, existing[0])
            elif self._may_follow(voucher, known):
                self._make(voucher)
        return self.written

    def _may_follow(self, voucher: Voucher, known: Mapping[str, Sequence[ListedVoucher]]) -> bool:
        """Whether the voucher that this one goes on from stands; else it is held."""
        made = self.written.created.keys() | known.keys()
        if not voucher.after or voucher.after in made:
            return True
        self._held(
            voucher,
            "advance_not_booked",
            f"voucher ({voucher.after}), which it takes back, is not in Fortnox",
            "Mend what holds that one, or run its day; then run this day again.",
        )
        return False

    def _make(self, voucher: Voucher) -> None:
        year = next((y for y in self._years if y.from_date <= voucher.day <= y.to_date), None)
        if year is None:
            self._held(
                voucher,
                "no_financial_year",
                f"Fortnox has no financial year for {voucher.day}",
                "Create the financial year in Fortnox, then run again.",
            )
            return
        try:
            if self._is_quiet(voucher):
                return
            intent = self._intend(voucher)
            made = self._create(voucher, year)
        except DocumentError as error:
            self._forget_time(voucher.mark)
            self._refused(voucher, error)
        except UnknownOutcomeError as error:
            self._held(
                voucher,
                "voucher_no_answer",
                error.message,
                "The next run after the quiet time looks whether it was made, and makes it if not.",
            )
        else:
            self.written.created[voucher.mark] = made
            self._connect(intent, made)

    def _is_quiet(self, voucher: Voucher) -> bool:
        """Whether a request for it may still be carried out; it is held then."""
        pending = self._pending(voucher)
        if pending is None:
            return False
        self._held(
            voucher,
            "voucher_quiet",
            f"a request for it was sent at {pending:%Y-%m-%d %H:%M} UTC without an answer and "
            "may still be carried out",
            f"Run again {self._quiet.total_seconds() / 60:.0f} minutes after that.",
        )
        return True

    def _refused(self, voucher: Voucher, error: DocumentError) -> None:
        number = error.vendor_code
        code = f"fortnox_{number}" if number else "fortnox_refused"
        self._held(
            voucher,
            code,
            f"{error.message} {error.vendor_message}".strip(),
            error.remedy or "Correct the cause in Fortnox or in the mapping, then run again.",
        )

    def _forget_time(self, mark: str) -> None:
        """A refused request is not carried out later; the file in the inbox can't tell that."""
        intent = self._intents.read(mark)
        if intent is not None:
            self._intents.write(replace(intent, at=_LONG_AGO))

    def _create(self, voucher: Voucher, year: FinancialYear) -> ListedVoucher:
        """POST it; without an answer its day is looked through before anything else is done."""
        try:
            return create_voucher(self._client, voucher, year)
        except UnknownOutcomeError:
            for listed in list_days(self._client, year, voucher.day, voucher.day):
                if voucher.mark in listed.marks:
                    return listed
            raise

    def _pending(self, voucher: Voucher) -> datetime | None:
        """When a request for this mark was sent that may still be carried out; else None.

        Without an intent the inbox tells: each POST is preceded by the upload of its file, so
        that a store that was lost does not hide what was sent.
        """
        intent = self._intents.read(voucher.mark)
        times = [intent.at] if intent else list(self._upload_times(voucher))
        newest = max(times, default=None)
        return newest if newest and self._now() - newest < self._quiet else None

    def _upload_times(self, voucher: Voucher) -> Iterable[datetime]:
        if voucher.attachment is None:
            return
        prefix = _file_prefix(voucher)
        for name in find_files(self._client, prefix):
            stamp = name.removeprefix(prefix).partition(".")[0]
            try:
                yield datetime.strptime(stamp, _TIME).replace(tzinfo=UTC)
            except ValueError:
                continue

    def _intend(self, voucher: Voucher) -> Intent:
        """The intent on disk, and the file in the inbox, one that is there already used again."""
        before = self._intents.read(voucher.mark)
        now = self._now()
        name = before.file_name if before else ""
        if voucher.attachment is not None and not name:
            name = f"{_file_prefix(voucher)}{now:{_TIME}}.{voucher.attachment.suffix}"
        intent = self._intents.write(
            Intent(
                mark=voucher.mark,
                at=now,
                content=voucher.content,
                file_name=name,
                file_id=before.file_id if before else "",
            )
        )
        if voucher.attachment is None or intent.file_id:
            return intent
        put = self._find_or_upload if before else self._upload
        return self._intents.uploaded(intent, put(name, voucher.attachment.content))

    def _upload(self, name: str, content: bytes) -> str:
        """An upload without an answer is looked up; a second copy of a file does no harm."""
        try:
            return upload_file(self._client, name, content)
        except UnknownOutcomeError:
            return self._find_or_upload(name, content)

    def _find_or_upload(self, name: str, content: bytes) -> str:
        """An earlier upload may have arrived."""
        found = find_files(self._client, name).get(name)
        return found or upload_file(self._client, name, content)

    def _complete(self, voucher: Voucher, existing: ListedVoucher) -> None:
        """Connect the file of a voucher that an earlier run made and did not finish."""
        intent = self._intents.read(voucher.mark)
        if intent is None:
            return
        try:
            if voucher.attachment is not None and intent.file_name and not intent.file_id:
                found = self._find_or_upload(intent.file_name, voucher.attachment.content)
                intent = self._intents.uploaded(intent, found)
            is_done = not intent.file_id or is_connected(self._client, intent.file_id, existing)
        except (DocumentError, UnknownOutcomeError) as error:
            self._note_without_file(existing, intent, error)
            return
        if is_done:
            self._intents.remove(voucher.mark)
        else:
            self._connect(intent, existing)

    def _connect(self, intent: Intent, voucher: ListedVoucher) -> None:
        """The intent is kept until the file is connected: it knows which one it is."""
        if intent.file_id:
            try:
                self._connect_once(intent.file_id, voucher)
            except (DocumentError, UnknownOutcomeError) as error:
                self._note_without_file(voucher, intent, error)
                if isinstance(error, DocumentError):
                    # There is no such file: the next run looks for it by its name.
                    self._intents.write(replace(intent, file_id=""))
                return
        self._intents.remove(intent.mark)

    def _connect_once(self, file_id: str, voucher: ListedVoucher) -> None:
        """A file that an earlier request connected is refused; so is one that does not exist."""
        try:
            connect_file(self._client, file_id, voucher)
        except DocumentError:
            if not is_connected(self._client, file_id, voucher):
                raise

    def _note_without_file(
        self, voucher: ListedVoucher, intent: Intent, error: PipelineError
    ) -> None:
        log.warning("voucher %s stands without its file: %s", voucher, error.message)
        self.written.notes.append(
            f"Voucher {voucher} stands without its file {intent.file_name}; the next run "
            "connects it."
        )

    def _held(self, voucher: Voucher, code: str, reason: str, remedy: str) -> None:
        self.written.not_written.append(
            NotWritten(voucher=voucher, code=code, reason=reason, remedy=remedy)
        )


def _file_prefix(voucher: Voucher) -> str:
    """``<mark>_`` in characters that file names may hold."""
    return f"{_NOT_IN_FILE_NAMES.sub('.', voucher.mark)}_"
