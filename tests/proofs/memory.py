"""How much memory all processes of an embedded Airflow hold at once."""

from dataclasses import dataclass
from pathlib import Path

from fortnox.demo import processes


@dataclass(slots=True, kw_only=True)
class Memory:
    """The highest sums seen, in MB: resident memory, and with shared pages counted once (PSS)."""

    rss_mb: int = 0
    pss_mb: int = 0
    processes: int = 0

    def sample(self, mark: str) -> None:
        """Looks at all processes that carry a demo's mark."""
        found = [held_kb(process.pid) for process in processes.marked(mark)]
        self.rss_mb = max(self.rss_mb, sum(rss for rss, _ in found) // 1024)
        self.pss_mb = max(self.pss_mb, sum(pss for _, pss in found) // 1024)
        self.processes = max(self.processes, len(found))


def held_kb(pid: int) -> tuple[int, int]:
    """Of one process: resident, and with shared pages counted once."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it ended meanwhile
        return 0, 0
    fields = dict(line.split(":", 1) for line in text.splitlines()[1:])
    return _kb(fields["Rss"]), _kb(fields["Pss"])


def _kb(text: str) -> int:
    return int(text.split(maxsplit=1)[0])
