"""Small registers: units, terms and modes of payment, currencies, voucher series, predefined."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fortnox.sandbox.fortnox.errors import (
    BAD_VALUE,
    CODE_TAKEN,
    NO_DATA,
    PREDEFINED_ACCOUNT_BAD,
    PREDEFINED_NOT_FOUND,
    RECORD_NOT_FOUND,
    ROW_ACCOUNT_UNKNOWN,
    TERMS_NOT_FOUND,
    UNIT_NOT_FOUND,
    VALUE_IS_NULL,
    ApiError,
    Kind,
)
from fortnox.sandbox.fortnox.fields import (
    API_BLANK,
    Field,
    Fields,
    created,
    present,
    read,
    texts,
    updated,
)
from fortnox.sandbox.fortnox.ledger import account_of, year_of
from fortnox.sandbox.fortnox.listing import page
from fortnox.sandbox.fortnox.routing import Call, Route
from fortnox.sandbox.fortnox.wire import Answer, Json


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register whose objects are named by a code in the path.

    Attributes:
        location: What the ``Location`` header of a 201 says; ``paymentterms`` was recorded for
            terms of payment.
    """

    path: str
    single: str
    plural: str
    scope: str
    fields: Fields
    blanks: Mapping[str, Any]
    required: tuple[str, ...]
    not_found: Kind = RECORD_NOT_FOUND
    location: str = ""
    deletable: bool = True

    def routes(self) -> tuple[Route, ...]:
        """GET, POST, PUT and DELETE of the register."""
        one = self.path + "/{code}"
        routes = [
            Route("GET", self.path, self.scope, self._list),
            Route("POST", self.path, self.scope, self._create),
            Route("GET", one, self.scope, self._get),
            Route("PUT", one, self.scope, self._update),
        ]
        if self.deletable:
            routes.append(Route("DELETE", one, self.scope, self._delete))
        return tuple(routes)

    def _shown(self, call: Call, data: Json) -> Json:
        return {"@url": call.url(f"{self.path}/{data['Code']}"), **data}

    def _found(self, call: Call) -> Json:
        data = call.store.table(self.path).get(call.args["code"])
        if data is None:
            raise ApiError(self.not_found)
        return data

    def _list(self, call: Call) -> Answer:
        rows = [data for data, _ in call.store.table(self.path).listed()]
        return page(
            sorted(rows, key=lambda data: str(data["Code"])),
            call.query,
            plural=self.plural,
            item=lambda data: self._shown(call, data),
            max_limit=call.store.switches.max_limit,
        )

    def _get(self, call: Call) -> Answer:
        return Answer(body={self.single: self._shown(call, self._found(call))})

    def _create(self, call: Call) -> Answer:
        sent = read(self.fields, call.envelope(self.single))
        for name in self.required:
            if name not in present(sent):
                raise ApiError(VALUE_IS_NULL)
        data = created(self.blanks, sent)
        table = call.store.table(self.path)
        if data["Code"] in table:
            raise ApiError(CODE_TAKEN)
        _check_account(call, data)
        table.put(data["Code"], data)
        return Answer(
            status=201,
            body={self.single: self._shown(call, data)},
            headers={"Location": self.location or self.path},
        )

    def _update(self, call: Call) -> Answer:
        current = self._found(call)
        sent = read(self.fields, call.envelope(self.single))
        if any(name in sent and sent[name] is None for name in self.required):
            raise ApiError(VALUE_IS_NULL)
        data = updated(current, sent, self.blanks)
        if data["Code"] != current["Code"]:
            raise ApiError(BAD_VALUE, name="Code")
        _check_account(call, data)
        call.store.table(self.path).put(data["Code"], data)
        return Answer(body={self.single: self._shown(call, data)})

    def _delete(self, call: Call) -> Answer:
        self._found(call)
        call.store.table(self.path).delete(call.args["code"])
        return Answer(status=204)


def _check_account(call: Call, data: Json) -> None:
    if "AccountNumber" not in data:
        return
    year = year_of(call.store, call.store.clock.today().isoformat())
    number = str(data["AccountNumber"])
    known = year is not None and number.isdecimal()
    if not known or account_of(call.store, int((year or {})["Id"]), int(number)) is None:
        raise ApiError(ROW_ACCOUNT_UNKNOWN)


UNITS = Register(
    path="units",
    single="Unit",
    plural="Units",
    scope="settings",
    fields={"Code": Field("text", 20), **texts("CodeEnglish", "Description", length=100)},
    blanks={"Code": "", "CodeEnglish": "", "Description": ""},
    required=("Code", "Description"),
    not_found=UNIT_NOT_FOUND,
)
TERMS_OF_PAYMENTS = Register(
    path="termsofpayments",
    single="TermsOfPayment",
    plural="TermsOfPayments",
    scope="settings",
    fields={"Code": Field("text", 25), "Description": Field()},
    blanks={"Code": "", "Description": ""},
    required=("Code", "Description"),
    not_found=TERMS_NOT_FOUND,
    location="paymentterms",
)
MODES_OF_PAYMENTS = Register(
    path="modesofpayments",
    single="ModeOfPayment",
    plural="ModesOfPayments",
    scope="settings",
    fields={"Code": Field(), "Description": Field(), "AccountNumber": Field("text", 4)},
    blanks={"Code": "", "Description": "", "AccountNumber": ""},
    required=("Code", "AccountNumber"),
)
CURRENCIES = Register(
    path="currencies",
    single="Currency",
    plural="Currencies",
    scope="currency",
    fields={
        "Code": Field("text", 3),
        "Description": Field(),
        "BuyRate": Field("number"),
        "SellRate": Field("number"),
        "Unit": Field("number"),
        "IsAutomatic": Field("bool"),
        "Date": Field("date"),
    },
    blanks={
        "BuyRate": 1,
        "Code": "",
        "Date": None,
        "Description": "",
        "IsAutomatic": False,
        "SellRate": 1,
        "Unit": 1,
    },
    required=("Code", "Description"),
)


def _predefined_list(call: Call) -> Answer:
    rows = call.store.table("predefinedaccounts").values()
    return page(
        sorted(rows, key=lambda data: str(data["Name"])),
        call.query,
        plural="PreDefinedAccounts",
        item=lambda data: _predefined_shown(call, data),
        max_limit=call.store.switches.max_limit,
    )


def _predefined_shown(call: Call, data: Json) -> Json:
    return {"@url": call.url(f"predefinedaccounts/{data['Name']}"), **data}


def _predefined_one(call: Call) -> Json:
    data = call.store.table("predefinedaccounts").get(call.args["name"].upper())
    if data is None:
        raise ApiError(PREDEFINED_NOT_FOUND)
    return data


def _predefined_get(call: Call) -> Answer:
    return Answer(body={"PreDefinedAccount": _predefined_shown(call, _predefined_one(call))})


def _predefined_update(call: Call) -> Answer:
    current = _predefined_one(call)
    sent = read({"Account": Field("int"), "Name": Field()}, call.envelope("PreDefinedAccount"))
    if sent.get("Account") == API_BLANK:
        return _predefined_kept(call, {"Name": current["Name"], "Account": None})
    if not sent.get("Account"):
        raise ApiError(NO_DATA)
    year = year_of(call.store, call.store.clock.today().isoformat())
    account = None if year is None else account_of(call.store, int(year["Id"]), sent["Account"])
    if account is None or not account["Active"]:
        raise ApiError(PREDEFINED_ACCOUNT_BAD)
    return _predefined_kept(call, {"Name": current["Name"], "Account": sent["Account"]})


def _predefined_kept(call: Call, data: Json) -> Answer:
    call.store.table("predefinedaccounts").put(str(data["Name"]), data)
    return Answer(body={"PreDefinedAccount": _predefined_shown(call, data)})


ROUTES = (
    *UNITS.routes(),
    *TERMS_OF_PAYMENTS.routes(),
    *MODES_OF_PAYMENTS.routes(),
    *CURRENCIES.routes(),
    Route("GET", "predefinedaccounts", "settings", _predefined_list),
    Route("GET", "predefinedaccounts/{name}", "settings", _predefined_get),
    Route("PUT", "predefinedaccounts/{name}", "settings", _predefined_update),
)
