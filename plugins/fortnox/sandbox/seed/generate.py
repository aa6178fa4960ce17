"""The whole shop: every day's orders, each told up to the end of the last day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from fortnox.sandbox.seed import people, registers
from fortnox.sandbox.seed.basket import money_of
from fortnox.sandbox.seed.cart import Basket, Coupon, Item
from fortnox.sandbox.seed.catalogue import ARTICLES, FOOD, LOW, REDUCED, ZERO
from fortnox.sandbox.seed.model import WP_TIME, Json, ShopData, Unrounded, chance, gmt_text
from fortnox.sandbox.seed.refunds import refund_of, summary_of
from fortnox.sandbox.seed.story import Story, plan_story

_ZONE = ZoneInfo("Europe/Stockholm")
_FIRST_DAY = date(2024, 1, 1)
#: The awkward orders: one a day, one of each a week.
_AWKWARD = ("norway", "eu", "refund_partial", "refund_full", "gift_card", "euro", "deleted_product")
_METHODS = {"kco": 42, "stripe": 16, "swish": 18, "bacs": 9, "cheque": 9, "cod": 6}
#: Shares of the ordinary orders.
_COMPANIES, _GUESTS, _WITH_COUPON = 0.06, 0.55, 0.14
#: In this hour the last order of a day is made.
_LATE_HOUR = 23
_COUPONS = (
    Coupon("välkommen10", "percent", 10),
    Coupon("skörd15", "percent", 15),
    Coupon("100kr", "fixed_cart", 100),
    Coupon("frifrakt", "fixed_cart", 0, free_shipping=True),
)


@dataclass(slots=True)
class _Shop:
    """What is being filled."""

    seed: int
    orders_per_day: int
    until: datetime
    registered: list[people.Buyer]
    orders: list[Json] = field(default_factory=list)
    refunds: list[Json] = field(default_factory=list)
    unrounded: dict[int, Unrounded] = field(default_factory=dict)


def generate(*, seed: int = 1, end_day: date, days: int = 21, orders_per_day: int = 20) -> ShopData:
    """Make a shop with its last ``days`` days of orders.

    Args:
        seed: Another seed is another shop.
        end_day: The last local day with orders; what would happen after it has not happened.
        days: How many days, ``end_day`` included.
        orders_per_day: Orders made each day, whatever became of them.

    Raises:
        ValueError: No days, no orders, or days before 2024.
    """
    first = end_day - timedelta(days=days - 1)
    if days < 1 or orders_per_day < 1 or first < _FIRST_DAY:
        raise ValueError("days and orders_per_day must be 1 or more, and the days after 2023")
    shop = _Shop(
        seed=seed,
        orders_per_day=orders_per_day,
        until=_midnight(end_day + timedelta(days=1)),
        registered=people.buyers(seed),
    )
    for offset in range(days):
        day = first + timedelta(days=offset)
        kinds = zip(_moments(shop, day), _kinds(shop, day), strict=True)
        for index, (created, kind) in enumerate(kinds):
            _add_order(shop, day, index, created, kind)
    opened = datetime(2023, 6, 1, 9, tzinfo=UTC)
    products, variations = registers.products(opened, _ZONE, end_day)
    return ShopData(
        orders=shop.orders,
        refunds=sorted(shop.refunds, key=lambda refund: str(refund["date_created_gmt"])),
        products=products,
        variations=variations,
        customers=people.customers(shop.registered, opened, _ZONE),
        taxes=registers.taxes(),
        settings=registers.settings(),
        gateways=registers.gateways(),
        timezone=_ZONE.key,
        unrounded=shop.unrounded,
        tax_classes=registers.tax_classes(),
        categories=registers.categories(),
        attributes=registers.attributes(),
        zones=registers.zones(),
        methods=registers.methods(),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=_ZONE).astimezone(UTC)


def _kinds(shop: _Shop, day: date) -> list[str]:
    """What each of the day's orders is: ``ordinary``, or one of the awkward kinds."""
    week, weekday = divmod(day.toordinal(), 7)
    of_week = list(_AWKWARD)
    chance(shop.seed, week, "awkward").shuffle(of_week)
    awkward = [of_week[weekday]][: shop.orders_per_day - 1]
    kinds = awkward + ["ordinary"] * (shop.orders_per_day - len(awkward))
    chance(shop.seed, day, "kinds").shuffle(kinds)
    return kinds


def _moments(shop: _Shop, day: date) -> list[datetime]:
    """When the day's orders are made; the last one so late that its payment may be tomorrow's."""
    rng = chance(shop.seed, day, "moments")
    late = time(_LATE_HOUR, rng.randint(52, 59), rng.randint(0, 59))
    times = sorted(
        time(rng.choices(range(6, 23), range(3, 20))[0], rng.randint(0, 59), rng.randint(0, 59))
        for _ in range(shop.orders_per_day - 1)
    )
    return [datetime.combine(day, moment, tzinfo=_ZONE) for moment in [*times, late]]


def _add_order(shop: _Shop, day: date, index: int, created: datetime, kind: str) -> None:
    rng = chance(shop.seed, day, index)
    ids_per_day = max(60, 2 * shop.orders_per_day)
    order_id = 1000 + (day - _FIRST_DAY).days * ids_per_day + index
    method = _method(rng, kind, created)
    buyer = _buyer(rng, shop, kind, method)
    basket = _basket(rng, kind, day, method, buyer)
    money, unrounded = money_of(basket, order_id * 30)
    planned = plan_story(rng, method, created, sold=kind != "ordinary")
    story = planned.until(shop.until)
    order = _order_json(rng, order_id, story, method, buyer) | money
    shop.orders.append(order)
    shop.unrounded |= unrounded
    if kind.startswith("refund") and planned.completed is not None:
        refunded = planned.completed + timedelta(days=rng.randint(1, 4), minutes=rng.randint(1, 90))
        if refunded <= shop.until:
            _refund(shop, order, order_id + shop.orders_per_day, refunded, full=kind[-4:] == "full")


def _method(rng: random.Random, kind: str, created: datetime) -> str:
    if kind != "ordinary" or created.hour == _LATE_HOUR:
        return rng.choice(("kco", "stripe"))
    return rng.choices(tuple(_METHODS), tuple(_METHODS.values()))[0]


def _buyer(rng: random.Random, shop: _Shop, kind: str, method: str) -> people.Buyer:
    if kind in ("norway", "eu"):
        country = "NO" if kind == "norway" else rng.choice(("DE", "NL"))
        return people.Buyer(0, people.abroad(rng, country))
    companies = [buyer for buyer in shop.registered if buyer.organisation_number]
    if method == "cheque" or (kind == "ordinary" and rng.random() < _COMPANIES):
        return rng.choice(companies)
    if rng.random() < _GUESTS:
        return people.Buyer(0, people.address(rng))
    return rng.choice([buyer for buyer in shop.registered if not buyer.organisation_number])


def _basket(rng: random.Random, kind: str, day: date, method: str, buyer: people.Buyer) -> Basket:
    # A low chance for what is dear or odd, so that most baskets are everyday ones.
    weights = [{REDUCED: 2, ZERO: 2, LOW: 8, FOOD: 10}.get(a.kind, 5) for a in ARTICLES]
    wanted = rng.choices((1, 2, 3, 4, 6), (34, 30, 20, 11, 5))[0]
    chosen = dict.fromkeys(rng.choices(ARTICLES, weights, k=wanted))
    items = tuple(
        Item(
            article,
            rng.choices((1, 2, 3, 5, 7), (66, 18, 9, 5, 2))[0],
            rng.randrange(len(article.options)) if article.options else None,
        )
        for article in chosen
    )
    if kind == "gift_card":
        items = (Item(ARTICLES[7], 1), *(item for item in items if item.article != ARTICLES[7]))
    with_coupon = kind == "ordinary" and rng.random() < _WITH_COUPON
    coupon = rng.choice(_COUPONS) if with_coupon else None
    return Basket(
        items=items,
        day=day,
        country=buyer.billing["country"],
        currency="EUR" if kind == "euro" else "SEK",
        coupon=coupon,
        invoice_fee=method == "cheque",
        gift_card=Decimal("200.00") if kind == "gift_card" else Decimal(0),
        product_deleted=kind == "deleted_product",
    )


def _pairs(**moments: datetime | None) -> Iterator[tuple[str, str | None]]:
    """Each time twice, local and GMT, as WooCommerce shows it."""
    for name, moment in moments.items():
        normal = None if moment is None else moment.astimezone(UTC)
        yield name, None if normal is None else normal.astimezone(_ZONE).strftime(WP_TIME)
        yield f"{name}_gmt", gmt_text(normal)


def _order_json(
    rng: random.Random, order_id: int, story: Story, method: str, buyer: people.Buyer
) -> Json:
    draft = story.status == "checkout-draft"
    dates = dict(
        _pairs(
            date_created=story.created,
            date_modified=story.modified,
            date_completed=story.completed,
            date_paid=story.paid,
        )
    )
    prepaid = method in ("kco", "stripe", "swish") and story.paid is not None
    return {
        "id": order_id,
        "parent_id": 0,
        "status": story.status,
        "version": "11.0.1",
        **dates,
        "customer_id": buyer.customer_id,
        "order_key": f"wc_order_{rng.getrandbits(52):013x}",
        "billing": buyer.billing,
        "shipping": people.delivery(buyer.billing),
        "payment_method": "" if draft else method,
        "payment_method_title": "" if draft else registers.GATEWAYS[method],
        "transaction_id": f"{method.upper()}-{order_id:08d}" if prepaid else "",
        "customer_ip_address": f"192.0.2.{rng.randint(1, 254)}",
        "customer_user_agent": "Mozilla/5.0 (sandbox)",
        "created_via": "store-api" if draft else "checkout",
        "customer_note": rng.choice(("", "", "", "Ställ paketet bakom grinden, tack!")),
        "cart_hash": "",
        "number": str(order_id),
        "meta_data": _meta(order_id, buyer),
        "is_editable": story.status in ("pending", "on-hold"),
        "needs_payment": story.status in ("pending", "failed", "checkout-draft"),
        "needs_processing": True,
    }


def _meta(order_id: int, buyer: people.Buyer) -> list[Json]:
    meta = [{"id": order_id * 4, "key": "is_vat_exempt", "value": "no"}]
    if buyer.organisation_number:
        meta.append({"id": order_id * 4 + 1, "key": "_billing_org_nr",
                     "value": buyer.organisation_number})  # fmt: skip
    return meta


def _refund(shop: _Shop, order: Json, refund_id: int, created: datetime, *, full: bool) -> None:
    reason = "Ångrat köp" if full else "En skadad i frakten"
    created = created.astimezone(UTC)
    refund = refund_of(
        order, refund_id=refund_id, created=created, zone=_ZONE, full=full, reason=reason
    )
    shop.refunds.append(refund)
    order["refunds"] = [summary_of(refund)]
    order.update(_pairs(date_modified=created))
    if full:
        order["status"] = "refunded"
