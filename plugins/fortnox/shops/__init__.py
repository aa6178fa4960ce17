"""Web shops over HTTP, turned into canonical orders. Knows no Airflow."""
