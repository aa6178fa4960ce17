"""Memory and processor time of each part of a running cluster."""

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.proofs.memory import held_kb

from fortnox.demo import processes

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Usage:
    """The parts by the names that their supervisor gave them, workers and sandboxes joined.

    Attributes:
        pss_mb: The most memory seen at once, shared pages counted once.
        cpu_s: Processor seconds so far. What a killed process used since the last look is missing.
    """

    mark: str
    pss_mb: Counter[str] = field(default_factory=Counter)
    cpu_s: Counter[str] = field(default_factory=Counter)
    _last_s: Counter[str] = field(default_factory=Counter)

    def sample(self) -> None:
        """Look at all processes; now and then is enough."""
        found: dict[str, list[int]] = defaultdict(list)
        for process in processes.marked(self.mark):
            # One that ended meanwhile has no name any more; its parent has its time.
            if child := _child_of(process.pid):
                found[child].append(process.pid)
        held: Counter[str] = Counter()
        for child, pids in found.items():
            part = child.partition("-")[0] if child[-1:].isdigit() else child
            held[part] += sum(held_kb(pid)[1] for pid in pids) // 1024
            used_s = sum(map(_used_s, pids))
            self.cpu_s[part] += max(0.0, used_s - self._last_s[child])  # type: ignore[assignment]
            self._last_s[child] = used_s  # type: ignore[assignment]
        self.pss_mb = self.pss_mb | held

    def airflow(self, counted: Counter[str]) -> float:
        """All parts but the sandboxes."""
        return sum(value for part, value in counted.items() if part != "sandbox")


def _child_of(pid: int) -> str:
    wanted = f"{processes.CHILD_MARK}=".encode()
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((one.removeprefix(wanted).decode() for one in variables if wanted in one), "")


def _used_s(pid: int) -> float:
    """Of a process and of its children that ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS_PER_S
