"""One Airflow task each: read, call the core, act, push."""
