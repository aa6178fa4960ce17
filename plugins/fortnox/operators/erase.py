"""Erases working files of old runs: they hold buyers' names and addresses (rule 28 of the books).

Reports, and whatever else is an accounting record, lie in another place and are never touched.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from airflow.sdk import BaseOperator, Context

from fortnox.core.errors import FatalError

#: Environment variable with the days that working files are kept.
RETENTION_VARIABLE = "FORTNOX_RETENTION_DAYS"
_RETENTION_DAYS = 14
_DAY_S = 24 * 60 * 60
#: ``<company>/<shop>/<window label>/<run hash>``.
_RUN_FOLDERS = "*/*/*/*"


class FortnoxEraseStagingOperator(BaseOperator):
    """Removes the staging folders of runs whose newest file is older than the retention."""

    def execute(self, context: Context) -> int:  # noqa: ARG002 - Airflow's signature
        """Erase; returns how many runs' folders were removed."""
        from fortnox.steps.staging import local_folder, staging_base  # noqa: PLC0415 - pandas

        days = retention_days(os.environ.get(RETENTION_VARIABLE, ""))
        base = local_folder(staging_base())
        erased = 0
        for folder in expired_runs(base, older_than=time.time() - days * _DAY_S):
            shutil.rmtree(folder)
            erased += 1
        self.log.info("%d runs older than %d days erased", erased, days)
        return erased


def retention_days(text: str) -> int:
    """Days from the environment variable; empty means the default.

    Raises:
        FatalError: Not a whole number of days: nothing is erased on a guess.
    """
    if not text.strip():
        return _RETENTION_DAYS
    if not text.strip().isdecimal():
        raise FatalError(
            f'{RETENTION_VARIABLE} is "{text[:20]}".', remedy="Write a number of days, such as 14."
        )
    return int(text)


def expired_runs(base: Path, *, older_than: float) -> Iterator[Path]:
    """Run folders in which nothing was written since ``older_than`` (seconds since 1970)."""
    for folder in base.glob(_RUN_FOLDERS):
        if not folder.is_dir() or folder.is_symlink():
            continue
        times = [path.stat().st_mtime for path in folder.iterdir()]
        if max(times, default=folder.stat().st_mtime) < older_than:
            yield folder
