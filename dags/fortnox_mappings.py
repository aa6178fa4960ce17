"""Makes no DAG: raises all errors of the mapping files, so that they stand in Airflow's UI.

A bad row costs its own shop's DAGs only; other shops run (rules of the scheduler 21).
"""

from pathlib import Path

from fortnox.core.mapping import parse_mappings
from fortnox.mapping_files import mappings_folder, read_folder

_FOLDER = mappings_folder(Path(__file__).resolve().parent.parent / "include" / "mappings")

parse_mappings(read_folder(_FOLDER)).raise_for_errors()
