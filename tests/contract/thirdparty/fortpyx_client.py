"""The ``fortpyx`` package (typed models made of Fortnox's OpenAPI document) against a Fortnox.

Runs in an environment of its own; prints what it saw as JSON. ``read`` is safe on a real company,
``write`` is not. With ``FORTNOX_URL`` its fixed addresses are sent there.
"""

import json
import os
import sys
from typing import Any

import requests
from fortpyx import Fortpyx
from fortpyx.model import FortnoxArticleWrap, FortnoxCustomerWrap, FortnoxInvoiceWrap
from requests.adapters import HTTPAdapter

_FIXED = ("https://api.fortnox.se", "https://apps.fortnox.se")


class _Elsewhere(HTTPAdapter):
    """Sends what is meant for Fortnox to another address."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        for address in _FIXED:
            request.url = str(request.url).replace(address, os.environ["FORTNOX_URL"])
        return super().send(request, *args, **kwargs)


def main() -> None:
    """``fortpyx_client.py read|write``, the company and its credentials from the environment."""
    url = os.environ.get("FORTNOX_URL", "")
    token = requests.post(
        f"{url or _FIXED[1]}/oauth-v1/token",
        data={"grant_type": "client_credentials"},
        auth=(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]),
        headers={"TenantId": os.environ["TENANT_ID"]},
        timeout=30,
    ).json()["access_token"]
    client = Fortpyx(
        client_id=os.environ["CLIENT_ID"],
        client_secret=os.environ["CLIENT_SECRET"],
        access_token=token,
        refresh_token=os.environ.get("REFRESH_TOKEN"),
        http_adapter=_Elsewhere() if url else None,
        page_size=100,
        auto_fetch_all_pages=True,
    )
    seen = read(client) if sys.argv[1] == "read" else write(client)
    print(json.dumps(seen, default=str))


def read(client: Fortpyx) -> dict[str, Any]:
    """Company, accounts, customers, invoices, vouchers: every answer fits its typed model."""
    api = client.fortnox
    company = api.company_information.retrieve_the__company__information()
    accounts = api.accounts.list_all_accounts()
    api.customers.retrieve_a_list_of_customers()
    api.articles.retrieve_a_list_of_articles()
    api.invoices.retrieve_a_list_of_invoices()
    api.vouchers.retrieve_all_vouchers()
    return {
        "company": company.model_dump(by_alias=True)["CompanyInformation"]["OrganizationNumber"],
        "accounts": len(accounts.model_dump(by_alias=True)["Accounts"]),
    }


def write(client: Fortpyx) -> dict[str, Any]:
    """Fresh tokens, then a customer, an article and an invoice, bookkept and listed."""
    if os.environ.get("REFRESH_TOKEN"):
        client.refresh_tokens()
    api = client.fortnox
    customer = api.customers.create_a_customer(
        FortnoxCustomerWrap.model_validate(
            {"Customer": {"Name": "Åsa Ek", "CustomerNumber": "TP1"}}
        )
    )
    # Fortnox answers ConstructionAccount 0 where none is set (recorded), which the client's own
    # model refuses: so one is set.
    article = {"Description": "Mugg", "ArticleNumber": "TP-1", "ConstructionAccount": 3001}
    api.articles.create_an_article(FortnoxArticleWrap.model_validate({"Article": article}))
    rows = [{"ArticleNumber": "TP-1", "DeliveredQuantity": "2", "Price": 100, "VAT": 25}]
    made = api.invoices.create_an_invoice(
        FortnoxInvoiceWrap.model_validate(
            {"Invoice": {"CustomerNumber": "TP1", "InvoiceRows": rows}}
        )
    ).model_dump(by_alias=True)["Invoice"]
    number = str(made["DocumentNumber"])
    booked = api.invoices.bookkeep_an_invoice(number).model_dump(by_alias=True)["Invoice"]
    listed = api.invoices.retrieve_a_list_of_invoices(customernumber="TP1")
    return {
        "customer": customer.model_dump(by_alias=True)["Customer"]["Name"],
        "total": made["Total"],
        "booked": booked["Booked"],
        "voucher": bool(booked["VoucherNumber"]),
        "listed": len(listed.model_dump(by_alias=True)["Invoices"]),
    }


if __name__ == "__main__":
    main()
