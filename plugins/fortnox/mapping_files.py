"""Where the mapping files lie, and their bytes. The only I/O of the mappings."""

import os
from pathlib import Path

from fortnox.core.mapping import ROW_TYPES

#: Environment variable with the folder of the mapping files.
FOLDER_VARIABLE = "FORTNOX_MAPPINGS_DIR"


def mappings_folder(default: Path) -> Path:
    """The folder of the mapping files (rules of the scheduler 21).

    Args:
        default: Used when ``FORTNOX_MAPPINGS_DIR`` is unset or empty; a DAG file gives
            ``../include/mappings`` beside itself.
    """
    named = os.environ.get(FOLDER_VARIABLE, "")
    return Path(named).expanduser() if named else default


def read_folder(folder: Path) -> dict[str, bytes]:
    """File name -> bytes of the mapping files in a folder; other files are left alone.

    A file that isn't there is left out: ``parse_mappings`` says which, and what its header is.
    """
    paths = {name: folder / name for name in ROW_TYPES}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
