"""Refuses to work when two copies of the package can be imported (rules of the scheduler 22).

An installed wheel beside a copied plugins folder makes two; Python takes the first on its path
and says nothing, so the older one may well win.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import fortnox


def package_folders(search_path: Iterable[str], imported_from: str) -> list[Path]:
    """The folders from which ``fortnox`` can be imported, each once.

    Args:
        search_path: Usually ``sys.path``.
        imported_from: ``fortnox.__file__``, which need not be on the search path.

    Returns:
        Real paths (links followed), the imported copy first.
    """
    candidates = [
        Path(imported_from),
        *(Path(entry, "fortnox/__init__.py") for entry in search_path),
    ]
    folders = (module.resolve().parent for module in candidates if module.is_file())
    return list(dict.fromkeys(folders))


def refuse_second_copy() -> None:
    """Check this process.

    Raises:
        ImportError: More than one copy; Airflow shows the text among its plugin import errors.
    """
    folders = package_folders(sys.path, fortnox.__file__)
    if len(folders) > 1:
        others = ", ".join(str(folder) for folder in folders[1:])
        message = (
            f"installed twice: {folders[0]} (used) and {others}. Keep one: either the folders with "
            "`pip install -e .`, or the wheel and no `fortnox` in the plugins folder."
        )
        raise ImportError(message)
