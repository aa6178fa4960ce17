"""What a shop's customer runs remember: until when all was carried, and digests of what was.

Lost, it costs one whole reading, and fields that differ then are held instead of carried: nobody
knows which side changed them. The file holds ids, numbers and digests, no name and no address.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from fortnox.api.private_file import read_json, write_private
from fortnox.core.customer_sync import Known
from fortnox.steps.run import Run
from fortnox.steps.staging import local_folder, staging_base

#: After so long both sides are read whole: a delta misses deletions, and edits of accounts.
WHOLE_AFTER = timedelta(days=1)
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """``people`` has every account of the shop by id, those without a card too."""

    direction: str
    mark: datetime | None = None
    whole_at: datetime | None = None
    people: dict[str, Known] = field(default_factory=dict)

    def needs_whole(self, now: datetime) -> bool:
        """Whether a delta would not do."""
        if self.whole_at is None or self.mark is None:
            return True
        # Daily runs start some seconds early or late.
        almost = WHOLE_AFTER - timedelta(minutes=30)
        return not timedelta(0) <= now - self.whole_at < almost or self.mark > now


def memory_path(run: Run) -> Path:
    """The file of a shop, in its company's folder."""
    return (
        local_folder(staging_base(), run.shop.fortnox_conn_id) / f"customers-{run.shop.shop}.json"
    )


def load_memory(path: Path, direction: str) -> Memory:
    """What was remembered; nothing if it is lost. Of the other direction only what was agreed."""
    data = read_json(path)
    try:
        if data is None or data["format"] != _FORMAT:
            return Memory(direction=direction)
        people = {
            str(key): Known(email=email, number=number, seen=seen, agreed=dict(agreed))
            for key, (email, number, seen, agreed) in data["people"].items()
        }
        if data["direction"] != direction:
            unseen = {key: replace(known, seen="") for key, known in people.items()}
            return Memory(direction=direction, people=unseen)
        return Memory(
            direction=direction,
            mark=datetime.fromisoformat(data["mark"]),
            whole_at=datetime.fromisoformat(data["whole_at"]),
            people=people,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Memory(direction=direction)


def save_memory(path: Path, memory: Memory) -> None:
    """Write it whole, readable by its owner only."""
    if memory.mark is None or memory.whole_at is None:
        raise ValueError("a memory without its marks")
    data = {
        "format": _FORMAT,
        "direction": memory.direction,
        "mark": memory.mark.isoformat(),
        "whole_at": memory.whole_at.isoformat(),
        "people": {
            key: (known.email, known.number, known.seen, dict(known.agreed))
            for key, known in memory.people.items()
        },
    }
    write_private(path, json.dumps(data).encode())
