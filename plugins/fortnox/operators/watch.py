"""The tasks of the watch DAG, thin; the work is in ``fortnox.steps.watch``."""

from typing import Any

from airflow.sdk import Context

from fortnox.operators.base import FortnoxOperator


class FortnoxLookAtYesterdayOperator(FortnoxOperator):
    """What became of yesterday, as a message.

    Args:
        shop: Key of the shop in shops.csv.
    """

    ui_color = "#e8f0fe"

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop

    def work(self, context: Context) -> Any:
        """The message."""
        from fortnox.steps.watch import look_at_yesterday  # noqa: PLC0415 - at task time only

        return look_at_yesterday(context, self.shop)


class FortnoxTellOperator(FortnoxOperator):
    """Sends the message to one channel, through Airflow's notifier for it.

    Args:
        shop: Key of the shop in shops.csv.
        message: The XCom of the look.
        channel: Which one of the shop's ``notify``, counted from 0: an address in an argument would
            stand in the UI.
    """

    ui_color = "#fef7e0"
    template_fields = ("message", "channel")

    def __init__(self, *, shop: str, message: Any, channel: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop
        self.message = message
        self.channel = channel

    def work(self, context: Context) -> Any:
        """Nothing is returned."""
        from fortnox.steps.watch import tell  # noqa: PLC0415 - as above

        tell(context, self.shop, self.message, self.channel)


class FortnoxMustBeProvenOperator(FortnoxOperator):
    """Colours the run: red while yesterday is not proven, told or not.

    Args:
        message: The XCom of the look.

    Raises:
        AirflowFailException: Yesterday is neither reconciled nor held.
    """

    ui_color = "#e8f0fe"
    template_fields = ("message",)

    def __init__(self, *, message: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.message = message

    def work(self, context: Context) -> Any:  # noqa: ARG002
        """Nothing is returned."""
        from fortnox.steps.watch import must_be_proven  # noqa: PLC0415 - as above

        must_be_proven(self.message)
