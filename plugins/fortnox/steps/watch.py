"""Tasks of the watch DAG: yesterday's verdict, told through Airflow's own notifiers."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from typing import Any

from airflow.configuration import conf
from airflow.sdk import BaseHook, Context
from airflow.sdk.bases.notifier import BaseNotifier
from airflow.sdk.exceptions import (
    AirflowFailException,
    AirflowNotFoundException,
    AirflowSkipException,
)

from fortnox.core.checks import Check, Severity
from fortnox.core.errors import FatalError, UnreachableError
from fortnox.core.mapping import ShopRow
from fortnox.core.names import daily_dag_id
from fortnox.core.report_language import LANGUAGES
from fortnox.core.watch import LOOK_BACK_DAYS, Message, morning_message
from fortnox.steps.report_store import read_days
from fortnox.steps.run import load_mappings

log = logging.getLogger(__name__)


def look_at_yesterday(context: Context, shop_key: str) -> dict[str, Any]:
    """The message about yesterday, whatever it says."""
    shop = _shop(context, shop_key)
    day = datetime.now(UTC).astimezone(shop.zone).date() - timedelta(days=1)
    return _message(shop, day).to_dict()


def tell(context: Context, shop_key: str, message: Mapping[str, Any], channel: int) -> None:
    """Send to one channel of the shop's ``notify``; retried by itself, beside the others.

    Raises:
        AirflowSkipException: Nothing is wrong, and only trouble is to be told.
        FatalError: The channel's connection or provider is not there.
        UnreachableError: The mail server or Slack does not take it.
    """
    shop, told = _shop(context, shop_key), Message.from_dict(message)
    if shop.notify_when == "trouble" and not told.is_trouble:
        raise AirflowSkipException("All is well, and only trouble is told.")
    kind, _, target = shop.notify[channel].partition(":")
    try:
        NOTIFIERS[kind](target, told).notify(context)
    except AirflowNotFoundException:
        raise FatalError(
            f"Airflow has no connection for {kind}.",
            remedy="Add it: smtp_default for mail, the one that notify names for slack.",
        ) from None
    except ModuleNotFoundError:
        raise FatalError(
            f"Airflow's provider for {kind} is not installed.",
            remedy=f"pip install apache-airflow-providers-{_PROVIDERS[kind]}",
        ) from None
    except Exception as error:  # noqa: BLE001 - each channel's library raises errors of its own
        # The class only: mail libraries quote addresses, and Slack's the webhook, which is a key.
        raise UnreachableError(
            f"The message could not be sent by {kind} ({type(error).__name__}).",
            remedy="Check the connection, and from_email in the extra of smtp_default.",
        ) from None
    log.info("told by %s: %s", kind, told.subject)


def channel_checks(shop: ShopRow) -> Iterator[Check]:
    """For preflight: whether each channel's provider and connection are there; sends nothing."""
    for kind, _, target in (channel.partition(":") for channel in shop.notify):
        what = f"notify by {kind}"
        conn_id = target if kind == "slack" else "smtp_default"
        if find_spec(f"airflow.providers.{_PROVIDERS[kind]}") is None:
            package = f"apache-airflow-providers-{_PROVIDERS[kind]}"
            yield Check(
                what=what,
                severity=Severity.WARNING,
                seen=f"{package} is not installed",
                remedy=f"pip install {package}",
            )
            continue
        try:
            BaseHook.get_connection(conn_id)
        except AirflowNotFoundException:
            yield Check(
                what=what,
                severity=Severity.WARNING,
                seen=f"Airflow has no connection {conn_id}: nobody would be told",
                remedy="add the connection under Admin, Connections",
            )
        else:
            yield Check(what=what, seen=f"connection {conn_id} is there")


def must_be_proven(message: Mapping[str, Any]) -> None:
    """The colour of the run: red while the day is not proven.

    Raises:
        AirflowFailException: It is not reconciled, and not held either.
    """
    told = Message.from_dict(message)
    if told.is_late:
        raise AirflowFailException(told.subject)


def _shop(context: Context, shop_key: str) -> ShopRow:
    return load_mappings(str(context["dag"].fileloc)).shop(shop_key)


def _message(shop: ShopRow, day: date) -> Message:
    dag_id = daily_dag_id(shop.shop)
    return morning_message(
        day,
        read_days(dag_id, day - timedelta(days=LOOK_BACK_DAYS), day),
        shop_name=shop.name,
        start_date=shop.start_date,
        dag_id=dag_id,
        base_url=conf.get("api", "base_url", fallback=""),
        language=shop.language or LANGUAGES[0],
    )


def _mail(address: str, message: Message) -> BaseNotifier:
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier  # noqa: PLC0415 - a provider

    return SmtpNotifier(to=address, subject=message.subject, html_content=message.html)


def _slack(conn_id: str, message: Message) -> BaseNotifier:
    from airflow.providers.slack.notifications.slack_webhook import (  # noqa: PLC0415 - optional
        SlackWebhookNotifier,
    )

    return SlackWebhookNotifier(slack_webhook_conn_id=conn_id, text=message.text)


#: One line per kind of channel: what stands before the colon in ``notify``.
NOTIFIERS: Mapping[str, Callable[[str, Message], BaseNotifier]] = {"mail": _mail, "slack": _slack}
_PROVIDERS = {"mail": "smtp", "slack": "slack"}
