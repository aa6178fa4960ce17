"""Lists as WordPress answers them: filtered, sorted, paged, with its headers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.params import Params

ORDER_BY = ("date", "id", "include", "title", "slug", "modified")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer before it becomes bytes."""

    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Paging:
    """Which part of a list is asked for, and in which order."""

    page: int
    per_page: int
    offset: int | None
    order_by: str
    descending: bool
    include: list[int]
    exclude: list[int]

    @classmethod
    def read(
        cls,
        params: Params,
        *,
        order_by: Iterable[str] = ORDER_BY,
        default_order: str = "desc",
        default_by: str = "date",
    ) -> "Paging":
        """From the query; errors are collected in ``params``."""
        offset = params.integer("offset", 0, 0) if "offset" in params.query.values else None
        return cls(
            page=params.integer("page", 1, 1),
            per_page=params.integer("per_page", 10, 1, 100),
            offset=offset,
            order_by=params.choice("orderby", default_by, tuple(order_by)),
            descending=params.choice("order", default_order, ("asc", "desc")) == "desc",
            include=params.ids("include"),
            exclude=params.ids("exclude"),
        )


def page_of(
    items: Iterable[Json],
    paging: Paging,
    *,
    url: str,
    query: Mapping[str, str],
    show: Callable[[Json], Any],
    defaults: Mapping[str, str] | None = None,
) -> Reply:
    """Sort and cut a list.

    A page beyond the end is empty and says that there is nothing at all (total 0), as seen.

    Args:
        items: Everything that passes the resource's own filters.
        paging: What is asked for.
        url: The list's own address.
        query: The parameters, for the ``Link`` header.
        show: Makes the JSON of one item.
        defaults: Parameters that WooCommerce adds to the links while it shows items.
    """
    include, exclude = set(paging.include), set(paging.exclude)
    found = [
        item
        for item in items
        if (not include or item["id"] in include) and item["id"] not in exclude
    ]
    found.sort(key=_sort_key(paging), reverse=paging.descending and paging.order_by != "include")
    start = (paging.page - 1) * paging.per_page if paging.offset is None else paging.offset
    part = found[start : start + paging.per_page]
    total = len(found) if part else 0
    pages = -(-total // paging.per_page)
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
    link = _link(url, _shown_query(query, defaults if part else None), paging.page, pages)
    return Reply(body=[show(item) for item in part], headers=headers | link)


def _sort_key(paging: Paging) -> Callable[[Json], Any]:
    """The id is the second key, so that equal seconds have a fixed order."""
    if paging.order_by == "include" and paging.include:
        places = {item_id: place for place, item_id in enumerate(paging.include)}
        return lambda item: places[item["id"]]
    if paging.order_by in ("date", "modified"):
        name = "date_created" if paging.order_by == "date" else "date_modified"
        return lambda item: (item[f"{name}_gmt"], item["id"])
    if paging.order_by in ("name", "registered_date"):
        # A customer's name is the user name; categories have names of their own.
        name = {"name": "username", "registered_date": "date_created_gmt"}[paging.order_by]
        return lambda item: (str(item.get(name) or item.get("name")).lower(), item["id"])
    if paging.order_by == "price":
        return lambda item: (Decimal(item["price"] or 0), item["id"])
    return lambda item: item["id"]


def _shown_query(query: Mapping[str, str], defaults: Mapping[str, str] | None) -> dict[str, str]:
    """What was asked for, then the defaults that were not."""
    return {**query, **{n: v for n, v in (defaults or {}).items() if n not in query}}


def _link(url: str, query: Mapping[str, str], page: int, pages: int) -> dict[str, str]:
    """``prev`` and ``next`` with every parameter, the credentials in it included (as seen)."""

    def to(number: int, rel: str) -> str:
        values = {**query, "page": str(number)}
        text = "&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in values.items())
        return f'<{url}?{text}>; rel="{rel}"'

    found = [to(min(page - 1, pages), "prev")] if page > 1 else []
    if page < pages:
        found.append(to(page + 1, "next"))
    return {"Link": ", ".join(found)} if found else {}
