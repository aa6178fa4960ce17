"""Gives the plugin to Airflow from the plugins folder.

Airflow executes every ``.py`` below ``plugins/`` as a module of its own; ``.airflowignore`` keeps
it out of the package ``fortnox``, so that the package is loaded once, by this import.
"""

from fortnox.ui.installation import refuse_second_copy
from fortnox.ui.plugin import FortnoxPlugin

__all__ = ["FortnoxPlugin"]

refuse_second_copy()
