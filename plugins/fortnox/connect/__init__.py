"""``python -m fortnox connect``: from nothing to a tested Airflow connection, with a person."""
