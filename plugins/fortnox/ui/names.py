"""Names of DAGs and runs in addresses, as Airflow's database can be asked for them."""

from typing import Annotated

from fastapi import Path

#: Airflow's own columns hold 250 characters, and PostgreSQL takes no NUL in a text.
Name = Annotated[str, Path(max_length=250, pattern=r"^[^\x00]+$")]
