"""The embedded Airflow of `make demo`."""
