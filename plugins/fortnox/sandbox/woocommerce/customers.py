"""``/customers``: read, create, change, delete; an e-mail address belongs to one customer."""

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.woocommerce.context import Context
from fortnox.sandbox.woocommerce.defaults import BILLING, CUSTOMER, SHIPPING, fresh
from fortnox.sandbox.woocommerce.errors import WpError, no_trash
from fortnox.sandbox.woocommerce.listing import Paging, Reply, page_of
from fortnox.sandbox.woocommerce.schema import META, Kind, checked
from fortnox.sandbox.woocommerce.texts import with_meta
from fortnox.sandbox.woocommerce.wire import links, only

_ORDER_BY = ("id", "include", "name", "registered_date")
_ROLES = ("all", "administrator", "editor", "author", "contributor", "subscriber", "customer",
          "shop_manager")  # fmt: skip
_SCHEMA: dict[str, Kind] = {
    "email": "email", "first_name": "string", "last_name": "string", "username": "string",
    "password": "string", "billing": dict.fromkeys(BILLING, "string"),
    "shipping": dict.fromkeys(SHIPPING, "string"), "meta_data": META,
}  # fmt: skip


def list_customers(ctx: Context) -> Reply:
    """``GET /customers``: role customer unless asked otherwise, no filter by date at all."""
    params = ctx.params
    paging = Paging.read(params, order_by=_ORDER_BY, default_order="asc", default_by="name")
    role = params.choice("role", "customer", _ROLES)
    email = params.query.text("email").lower()
    search = params.query.text("search").lower()
    params.finish()
    found = [
        customer
        for customer in ctx.data.customers.values()
        if role in ("all", customer["role"])
        and email in ("", customer["email"].lower())
        and search in f"{customer['username']} {customer['email']}".lower()
    ]
    return page_of(found, paging, url=ctx.url, query=params.query.flat(),
                   show=lambda item: only(_shown(ctx, item), ctx.fields))  # fmt: skip


def get_customer(ctx: Context, customer_id: str) -> Reply:
    """``GET /customers/<id>``."""
    return ctx.one(_shown(ctx, _customer(ctx, customer_id)))


def create_customer(ctx: Context) -> Reply:
    """``POST /customers``: the user name is made from the e-mail address if none is given."""
    written = checked(ctx.body, _SCHEMA, required=("email",))
    _check_email(ctx, written["email"], own_id=0)
    name = written.get("username") or _free_name(ctx, written["email"].partition("@")[0])
    if name.lower() in _names(ctx):
        text = "An account is already registered with that username. Please choose another."
        raise WpError("registration-error-username-exists", text, 400)
    customer = fresh(CUSTOMER, {"id": ctx.data.next_id("user"), "username": name})
    ctx.store.stamp(customer, "date_created")
    _write(ctx, customer, written)
    return ctx.one(_shown(ctx, customer), 201)


def put_customer(ctx: Context, customer_id: str) -> Reply:
    """``PUT /customers/<id>``."""
    written = checked(ctx.body, _SCHEMA)
    customer = dict(_customer(ctx, customer_id, status=400))
    if "email" in written:
        _check_email(ctx, written["email"], own_id=customer["id"])
    if written.get("username", customer["username"]) != customer["username"]:
        text = "Username isn&#8217;t editable."
        raise WpError("woocommerce_rest_customer_invalid_argument", text, 400)
    _write(ctx, customer, written)
    return ctx.one(_shown(ctx, customer))


def delete_customer(ctx: Context, customer_id: str) -> Reply:
    """``DELETE /customers/<id>``: only for good; the customer's orders become guests' orders."""
    customer = _customer(ctx, customer_id, status=400)
    if not ctx.force:
        raise no_trash("Customers")
    before = _shown(ctx, customer)
    del ctx.data.customers[customer["id"]]
    for key, order in ctx.data.orders.items():
        if order["customer_id"] == customer["id"]:
            ctx.data.orders[key] = order | {"customer_id": 0}
    ctx.store.save()
    return ctx.one(before)


def _customer(ctx: Context, customer_id: str, *, status: int = 404) -> Json:
    found = ctx.data.customers.get(int(customer_id))
    if found is None:
        # GET says it with a code of WooCommerce's classes, writes with one of its REST API.
        if status == 404:  # noqa: PLR2004 - HTTP
            raise WpError("wc_user_invalid_id", "Invalid user ID.", status)
        raise WpError("woocommerce_rest_invalid_id", "Invalid resource ID.", status)
    return found


def _check_email(ctx: Context, email: str, *, own_id: int) -> None:
    for key, customer in ctx.data.customers.items():
        if key != own_id and customer["email"].lower() == email.lower():
            text = (f"An account is already registered with {email}. "
                    "Please log in or use a different email address.")  # fmt: skip
            raise WpError("registration-error-email-exists", text, 400)


def _names(ctx: Context) -> set[str]:
    return {customer["username"].lower() for customer in ctx.data.customers.values()}


def _free_name(ctx: Context, wanted: str) -> str:
    taken, number, name = _names(ctx), 1, wanted
    while name.lower() in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def _write(ctx: Context, customer: Json, written: Json) -> None:
    for name in ("email", "first_name", "last_name"):
        if name in written:
            customer[name] = written[name]
    for name in ("billing", "shipping"):
        customer[name] = customer[name] | written.get(name, {})
    customer["meta_data"] = with_meta(customer["meta_data"], written.get("meta_data", ()), ctx.data)
    customer.pop("_links", None)
    ctx.store.stamp(customer, "date_modified")
    ctx.data.customers[customer["id"]] = customer
    ctx.store.save()


def _shown(ctx: Context, customer: Json) -> Json:
    if "_links" in customer:
        return customer
    return customer | {"_links": links(ctx.home, f"customers/{customer['id']}")}
