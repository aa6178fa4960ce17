"""What the entry point ``airflow.plugins`` of the distribution names.

Airflow loads the plugins folder first and entry points after it, and calls a plugin that comes
both ways an import error. ``pip install -e .`` brings the entry point along too; where the folder
has given the plugin already, this is therefore None, which Airflow passes over in silence.
"""

import sys

from fortnox.ui.plugin import FortnoxPlugin

PLUGIN: type[FortnoxPlugin] | None = None if "fortnox_plugin" in sys.modules else FortnoxPlugin
