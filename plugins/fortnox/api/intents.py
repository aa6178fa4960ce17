"""What was about to be written, kept on disk before it is sent (rules of the books 11).

A voucher can't be cancelled, and a request that we gave up on may be carried out later. So before
each POST the mark, the time and the content go to a file in the company's staging folder. It lies
beside the lock, which every process that writes to the company holds; it is not among the working
files that expire.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fortnox.api.private_file import write_private

_FOLDER = "intents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A voucher that was about to be written at a time (aware, UTC)."""

    mark: str
    at: datetime
    content: str
    file_name: str = ""
    #: The id of the uploaded file; empty until its upload was answered.
    file_id: str = ""


class IntentStore:
    """The intents of one company.

    Args:
        company_folder: The company's folder in the staging area, on a local file system.
    """

    def __init__(self, company_folder: Path) -> None:
        self._folder = company_folder / _FOLDER

    def read(self, mark: str) -> Intent | None:
        """The intent of a mark; None when there is none.

        One that was damaged still tells that a request was about to be sent, and when.
        """
        path = self._path(mark)
        try:
            data = json.loads(path.read_bytes())
            return Intent(**{**data, "at": datetime.fromisoformat(data["at"])})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            return Intent(
                mark=mark, at=datetime.fromtimestamp(path.stat().st_mtime, UTC), content=""
            )

    def write(self, intent: Intent) -> Intent:
        """Keep it, on the disk and not only in a cache, before anything is sent.

        Raises:
            UnreachableError: It can't be kept, so nothing may be sent.
        """
        data = {**asdict(intent), "at": intent.at.isoformat()}
        write_private(self._path(intent.mark), json.dumps(data).encode(), durable=True)
        return intent

    def uploaded(self, intent: Intent, file_id: str) -> Intent:
        """Keep the id of the file that was uploaded for it."""
        return self.write(replace(intent, file_id=file_id))

    def remove(self, mark: str) -> None:
        """Forget it: the voucher stands, with its file."""
        self._path(mark).unlink(missing_ok=True)

    def _path(self, mark: str) -> Path:
        return self._folder / f"{hashlib.sha256(mark.encode()).hexdigest()[:32]}.json"
