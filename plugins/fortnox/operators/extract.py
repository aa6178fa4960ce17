"""Task ``extract``: the shop's orders and refunds of the window, as canonical values."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator


class FortnoxExtractOperator(FortnoxOperator):
    """Reads the shop; complete for the window, whatever is edited meanwhile.

    Args:
        run: The first task's XCom.
        skip_when_empty: Skip the rest of the run when nothing changed (hourly runs).

    Raises:
        AirflowSkipException: Nothing changed and ``skip_when_empty``.
    """

    ui_color = "#e6f4ea"
    template_fields = ("run",)

    def __init__(self, *, run: Any, skip_when_empty: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.skip_when_empty = skip_when_empty

    def work(self, context: Context) -> Any:
        """Pointers to the staged orders and refunds."""
        from fortnox.steps.extract import extract  # noqa: PLC0415 - heavy, at task time only

        return extract(context, self.run, skip_when_empty=self.skip_when_empty)
