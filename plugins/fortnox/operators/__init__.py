"""One Airflow task each, thin: what a DAG file needs to know. The work is in ``fortnox.steps``."""
