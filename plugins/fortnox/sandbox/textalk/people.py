"""Buyers as Textalk shows them: who they are, where they live, where the goods go."""

from fortnox.sandbox.seed.model import Json, ShopData

CUSTOMER_UID = 9_000_000


def customer_of(billing: Json, organisation_number: str, company_field: str) -> Json:
    """``Order.customer``; a business buyer's name stands where this shop keeps it."""
    customer: Json = {
        "info": {
            "type": "business" if billing["company"] else "individual",
            "email": billing["email"],
            "nin": organisation_number,
        },
        "address": {
            "firstName": billing["first_name"],
            "lastName": billing["last_name"],
            "address": billing["address_1"],
            "postcode": billing["postcode"],
            "town": billing["city"],
            "country": billing["country"],
            "phoneMobile": billing["phone"],
        },
        "deliveryAddress": {
            "copyAddress": True,
            "name": f"{billing['first_name']} {billing['last_name']}",
            "address": billing["address_1"],
            "postcode": billing["postcode"],
            "town": billing["city"],
            "country": billing["country"],
        },
    }
    if billing["company"]:
        part, name = company_field.split("/")
        customer[part][name] = billing["company"]
    return customer


def registered(sales: ShopData, company_field: str) -> dict[int, Json]:
    """The registered customers by uid."""
    found: dict[int, Json] = {}
    for one in sales.customers:
        uid = CUSTOMER_UID + one["id"]
        number = one["meta_data"][0]["value"] if one["meta_data"] else ""
        modified = one["date_modified_gmt"] or one["date_created_gmt"]
        found[uid] = {
            "uid": uid,
            "created": f"{one['date_created_gmt']}Z",
            "changed": f"{modified}Z",
            **customer_of(one["billing"], number, company_field),
        }
    return found


def move_company(customer: Json, old_field: str, new_field: str) -> None:
    """Keep a business buyer's name under another field."""
    (old_part, old_name), (part, name) = old_field.split("/"), new_field.split("/")
    if old_name in customer[old_part]:
        customer[part][name] = customer[old_part].pop(old_name)
