"""Web shop sales into Fortnox: planned, applied once, reconciled to the öre.

The map of the package, innermost first (arrows held by import-linter):

- ``core``       values and decisions: mapping, VAT, transform, plan, reconcile, report. Pure.
- ``api``        Fortnox over HTTP, and the plan carried out on it. Knows no Airflow.
- ``shops``      web shops over HTTP, turned into canonical orders. Knows no Airflow.
- ``hooks``      Airflow connections become clients.
- ``steps``      the work of each Airflow task: read, call the core, act, return.
- ``operators``  one Airflow task each, thin: what a DAG file needs to know.
- ``connect``    the walk to a tested connection, at the command line and as a page.
- ``ui``         the report in the Airflow UI. Reads reports only.
- ``sandbox``    a Fortnox, a WooCommerce, a Textalk to try it on. Imports nothing else of ours.
- ``demo``       the embedded Airflow of ``make demo``.
"""

__version__ = "0.1.0"
