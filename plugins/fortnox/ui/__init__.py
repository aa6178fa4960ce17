"""The report in the Airflow UI. Reads reports only."""
