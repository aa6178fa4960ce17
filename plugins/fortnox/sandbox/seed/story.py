"""When an order is paid, delivered, cancelled: planned once, shown up to a given moment."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_SAME_MOMENT = ("kco", "stripe", "swish")
#: Shares of the orders that come to nothing: bank transfers, and checkouts.
_NEVER_TRANSFERRED = 0.15
_ABANDONED = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happens to an order, in aware times; None is never.

    ``opening`` is the status at checkout, ``prepared`` the time when staff takes an order in
    hand that is not paid yet (invoice, cash on delivery).
    """

    created: datetime
    opening: str
    prepared: datetime | None = None
    paid: datetime | None = None
    completed: datetime | None = None
    cancelled: datetime | None = None

    def until(self, now: datetime) -> "Story":
        """The story so far."""

        def happened(moment: datetime | None) -> datetime | None:
            return moment if moment is not None and moment <= now else None

        return replace(
            self,
            prepared=happened(self.prepared),
            paid=happened(self.paid),
            completed=happened(self.completed),
            cancelled=happened(self.cancelled),
        )

    @property
    def status(self) -> str:
        """WooCommerce's status at the story's end."""
        if self.cancelled:
            return "cancelled"
        if self.completed:
            return "completed"
        return "processing" if self.paid or self.prepared else self.opening

    @property
    def modified(self) -> datetime:
        """The time of the last event; WooCommerce saves a new order once more at once."""
        events = (self.prepared, self.paid, self.completed, self.cancelled)
        saved = self.created + timedelta(seconds=3)
        return max([saved, *(moment for moment in events if moment)])


def plan_story(rng: random.Random, method: str, created: datetime, *, sold: bool) -> Story:
    """Plan an order's events by its payment method.

    Args:
        rng: The order's own source of chance.
        method: Payment method.
        created: When the order is made, in the shop's time zone.
        sold: False lets abandoned, failed and cancelled orders happen; True never does.
    """
    if method in _SAME_MOMENT:
        return _paid_at_once(rng, created, sold=sold)
    if method == "bacs":
        if not sold and rng.random() < _NEVER_TRANSFERRED:
            return Story(created=created, opening="on-hold",
                         cancelled=_workday_hour(rng, created, 10))  # fmt: skip
        paid = _workday_hour(rng, created, rng.choice((1, 1, 2, 2, 3, 4, 6, 9, 15, 20)))
        return Story(created=created, opening="on-hold", paid=paid,
                     completed=paid + timedelta(hours=rng.randint(2, 30)))  # fmt: skip
    prepared = created + timedelta(minutes=rng.randint(1, 240))
    completed = _delivery(rng, created)
    if method == "cheque":
        # WooCommerce dates the payment when staff moves the order on, paid or not.
        return Story(created=created, opening="on-hold", prepared=prepared, paid=prepared,
                     completed=completed)  # fmt: skip
    return Story(created=created, opening="processing", paid=completed, completed=completed)


def _paid_at_once(rng: random.Random, created: datetime, *, sold: bool) -> Story:
    if not sold and rng.random() < _ABANDONED:
        opening = rng.choice(("pending", "failed", "checkout-draft"))
        return Story(created=created, opening=opening)
    paid = created + timedelta(seconds=rng.randint(25, 700))
    return Story(created=created, opening="pending", paid=paid,
                 completed=_delivery(rng, created))  # fmt: skip


def _delivery(rng: random.Random, created: datetime) -> datetime:
    days = rng.choices((1, 2, 3, 4, 5, 7, 10, 14, 20), (30, 25, 15, 8, 6, 6, 4, 3, 3))[0]
    return _workday_hour(rng, created, days)


def _workday_hour(rng: random.Random, created: datetime, days: int) -> datetime:
    day = created + timedelta(days=days)
    return day.replace(
        hour=rng.randint(8, 17), minute=rng.randint(0, 59), second=rng.randint(0, 59)
    )
