"""The classes of the API: their properties, what refers to what, who may do what with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fortnox.sandbox.seed.model import Json

_READ = frozenset({"get", "list", "count", "getSchema"})
_WRITE = _READ | {"set", "validate", "normalize"}
_ALL = _WRITE | {"create", "delete"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property; ``ref`` is the class whose uid (or, with ``many``, uids) it holds."""

    kind: str
    ref: str = ""
    many: bool = False
    inner: Mapping[str, "Property"] = field(default_factory=dict)

    def schema(self) -> Json:
        """As JSON Schema."""
        if self.many:
            return {"type": "array", "items": {"type": "integer"}}
        if self.inner:
            inner = {name: one.schema() for name, one in self.inner.items()}
            return {"type": "object", "properties": inner}
        return {"type": [self.kind, "null"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClass:
    """One class; ``writable`` are the properties that ``set`` and ``create`` take."""

    name: str
    properties: Mapping[str, Property]
    methods: frozenset[str] = _READ
    writable: frozenset[str] = frozenset()
    public: bool = False

    def schema(self, missing: frozenset[str]) -> Json:
        """``getSchema``: as JSON Schema, without properties that this shop does not have."""
        shown = {name: one.schema() for name, one in self.properties.items() if name not in missing}
        return {"type": "object", "title": self.name, "properties": shown}


def _plain(kind: str, names: str) -> dict[str, Property]:
    return {name: Property(kind=kind) for name in names.split()}


def _object(**inner: Property) -> Property:
    return Property(kind="object", inner=inner)


_COST = _object(**_plain("number", "exVat incVat vat vatRate"), currency=Property(kind="string"))
_ADDRESS = _plain(
    "string", "firstName lastName address address2 postcode town country phoneMobile companyName"
)
_DELIVERY_ADDRESS = _object(
    copyAddress=Property(kind="boolean"), **_plain("string", "name address postcode town country")
)
_LANGUAGES = _object(**_plain("string", "sv en"))

_CLASSES = (
    ApiClass(
        name="Order",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "orderNumber ordered changed currency language note"),
            **_plain("string", "externalOrderNumber paymentStatus deliveryStatus"),
            **_plain("number", "exchangeRate"),
            **_plain("boolean", "discarded hasVat"),
            **_plain("array", "tags discountInfo"),
            "customer": _object(
                info=_object(**_plain("string", "type email nin company")),
                address=_object(**_ADDRESS),
                deliveryAddress=_DELIVERY_ADDRESS,
            ),
            "items": Property(kind="array", ref="OrderItem", many=True),
            "payments": Property(kind="array", ref="Payment", many=True),
            "costs": _object(cart=_COST, payment=_COST, shipment=_COST, total=_COST),
            "delivery": _object(method=Property(kind="integer")),
        },
        methods=_WRITE,
        writable=frozenset({"note", "tags", "externalOrderNumber", "discarded", "deliveryStatus"}),
    ),
    ApiClass(
        name="OrderItem",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "articleNumber articleName"),
            **_plain("object", "choices discountInfo revenueShare download"),
            "order": Property(kind="integer", ref="Order"),
            "article": Property(kind="integer", ref="Article"),
            "costs": _object(total=_COST, unit=_COST),
        },
        methods=frozenset({"get", "getSchema"}),
    ),
    ApiClass(
        name="Payment",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "status externalRef"),
            **_plain("number", "amount"),
            **_plain("object", "params externalData"),
            "method": Property(kind="integer", ref="PaymentMethod"),
        },
        methods=frozenset({"get", "set", "getSchema"}),
        writable=frozenset({"status", "externalRef", "externalData"}),
    ),
    ApiClass(
        name="PaymentMethod",
        properties={
            **_plain("integer", "uid position"),
            **_plain("boolean", "active"),
            **_plain("string", "type orderStatus"),
            "name": _LANGUAGES,
            "description": _LANGUAGES,
            **_plain("object", "fee"),
        },
        public=True,
    ),
    ApiClass(
        name="DeliveryMethod",
        properties={
            **_plain("integer", "uid"),
            "name": _LANGUAGES,
            **_plain("boolean", "allowCod"),
            **_plain("array", "rates"),
        },
        public=True,
    ),
    ApiClass(
        name="Article",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "created changed articleNumber type unit ean"),
            **_plain("boolean", "draft hidden isBuyable vatIsIncluded hasChoices"),
            **_plain("number", "vatRate weight"),
            **_plain("object", "price stock choiceSchema choiceOptionPrices"),
            "name": _LANGUAGES,
            "description": _LANGUAGES,
            **_plain("array", "variants"),
        },
        methods=_ALL,
        writable=frozenset(
            {"articleNumber", "name", "description", "price", "stock", "draft", "hidden", "vatRate",
             "weight", "ean", "unit"}
        ),
        public=True,
    ),
    ApiClass(
        name="ArticleVariant",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "articleNumber"),
            **_plain("number", "stock"),
            "article": Property(kind="integer", ref="Article"),
        },
        methods=_WRITE,
        writable=frozenset({"stock", "articleNumber"}),
    ),
    ApiClass(
        name="Customer",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "created changed"),
            "info": _object(**_plain("string", "type email nin company")),
            "address": _object(**_ADDRESS),
            "deliveryAddress": _DELIVERY_ADDRESS,
        },
        methods=_WRITE | {"create"},
        writable=frozenset({"info", "address", "deliveryAddress"}),
    ),
    ApiClass(
        name="Webshop",
        properties={
            **_plain("integer", "uid"),
            **_plain("string", "type edition created vatCountry baseCurrency defaultLanguage"),
            **_plain("string", "companyNumber defaultDeliveryCountry"),
            **_plain("boolean", "priceStoredWithVat vatSupport showPricesIncludingVat is_demo"),
            **_plain("array", "activeCurrencies"),
            "name": _LANGUAGES,
            "url": _LANGUAGES,
        },
        methods=frozenset({"get", "getSchema"}),
        public=True,
    ),
    ApiClass(
        name="AuthToken",
        properties={
            **_plain("string", "uid name description created lastUsed"),
            **_plain("boolean", "active"),
        },
        methods=_ALL,
        writable=frozenset({"name", "description", "active"}),
    ),
)  # fmt: skip

CLASSES: Mapping[str, ApiClass] = {one.name: one for one in _CLASSES}
