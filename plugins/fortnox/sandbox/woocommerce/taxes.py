"""``/taxes`` and ``/taxes/classes``, and which rate a sale gets."""

from decimal import Decimal

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.errors import WpError, no_trash
from fortnox.sandbox.woocommerce.listing import Paging, Reply, page_of
from fortnox.sandbox.woocommerce.schema import Kind, checked
from fortnox.sandbox.woocommerce.state import Registers
from fortnox.sandbox.woocommerce.texts import slug_of
from fortnox.sandbox.woocommerce.wire import links, only

_SCHEMA: dict[str, Kind] = {
    "country": "string", "state": "string", "postcode": "string", "city": "string",
    "postcodes": ["string"], "cities": ["string"], "rate": "string", "name": "string",
    "priority": "integer", "compound": "boolean", "shipping": "boolean", "order": "integer",
    "class": "string",
}  # fmt: skip
_BLANK: Json = {
    "id": 0, "country": "", "state": "", "postcode": "", "city": "", "rate": "0.0000", "name": "",
    "priority": 1, "compound": False, "shipping": True, "order": 0, "class": "standard",
    "postcodes": [], "cities": [],
}  # fmt: skip


def list_taxes(ctx: Context) -> Reply:
    """``GET /taxes``, in the order in which they apply."""
    paging = Paging.read(ctx.params, order_by=("id", "order", "priority"), default_order="asc",
                         default_by="order")  # fmt: skip
    wanted = ctx.params.choice("class", "", ("", *ctx.data.tax_classes))
    ctx.params.finish()
    found = [tax for tax in ctx.data.taxes.values() if wanted in ("", tax["class"])]
    return page_of(found, paging, url=ctx.url, query=ctx.params.query.flat(),
                   show=lambda tax: only(_shown(ctx, tax), ctx.fields))  # fmt: skip


def get_tax(ctx: Context, tax_id: str) -> Reply:
    """``GET /taxes/<id>``."""
    return ctx.one(_shown(ctx, _tax(ctx, tax_id)))


def create_tax(ctx: Context) -> Reply:
    """``POST /taxes``."""
    return _written(ctx, {**_BLANK, "id": ctx.data.next_id("other")}, 201)


def put_tax(ctx: Context, tax_id: str) -> Reply:
    """``PUT /taxes/<id>``."""
    return _written(ctx, dict(_tax(ctx, tax_id)), 200)


def delete_tax(ctx: Context, tax_id: str) -> Reply:
    """``DELETE /taxes/<id>``: only for good."""
    tax = _tax(ctx, tax_id)
    if not ctx.force:
        raise no_trash("Taxes")
    del ctx.data.taxes[tax["id"]]
    ctx.store.save()
    return ctx.one(_shown(ctx, tax))


def list_classes(ctx: Context) -> Reply:
    """``GET /taxes/classes``: all of them, on one page."""
    ctx.params.finish()
    found = [_shown_class(ctx, item) for item in ctx.data.tax_classes.values()]
    total = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": "1"}
    return Reply(body=only(found, ctx.fields), headers=total)


def create_class(ctx: Context) -> Reply:
    """``POST /taxes/classes``."""
    written = checked(ctx.body, {"name": "string"}, required=("name",))
    slug = slug_of(written["name"], ())
    if slug in ctx.data.tax_classes:
        text = "Cannot create tax class"
        raise WpError("woocommerce_rest_tax_class_exists", text, 400)
    ctx.data.tax_classes[slug] = {"slug": slug, "name": written["name"]}
    ctx.store.save()
    return Reply(body=_shown_class(ctx, ctx.data.tax_classes[slug]), status=201)


def rate_of(registers: Registers, country: str, tax_class: str) -> tuple[int, Decimal] | None:
    """Id and percentage of the rate of a country and class (``""``: standard); None if not set."""
    for tax in sorted(registers.taxes.values(), key=lambda tax: (tax["order"], tax["id"])):
        if tax["country"] in ("", country) and tax["class"] == (tax_class or "standard"):
            return tax["id"], Decimal(tax["rate"])
    return None


def _tax(ctx: Context, tax_id: str) -> Json:
    found = ctx.data.taxes.get(int(tax_id))
    if found is None:
        raise WpError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
    return found


def _written(ctx: Context, tax: Json, status: int) -> Reply:
    written = checked(ctx.body, _SCHEMA)
    if "rate" in written:
        try:
            written["rate"] = f"{Decimal(written['rate'] or 0):.4f}"
        except ArithmeticError:
            written["rate"] = "0.0000"
    if not written.get("class", tax["class"]):
        written["class"] = "standard"
    tax |= written
    tax.pop("_links", None)
    ctx.data.taxes[tax["id"]] = tax
    ctx.store.save()
    return ctx.one(_shown(ctx, tax), status)


def _shown(ctx: Context, tax: Json) -> Json:
    return tax if "_links" in tax else tax | {"_links": links(ctx.home, f"taxes/{tax['id']}")}


def _shown_class(ctx: Context, item: Json) -> Json:
    collection = [{"href": f"{ctx.home}/wp-json/wc/v3/taxes/classes"}]
    return item | {"_links": {"collection": collection}}
