"""Fortnox over HTTP. Knows no Airflow."""
