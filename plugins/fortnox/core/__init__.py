"""Values and decisions: no HTTP, no Airflow, no clock."""
