"""Documents found by their references (rules of the books 3): exactly, by few lists.

An empty answer counts only where a document that is known to exist was found in the same way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import MappingProxyType

from fortnox.api.invoices import JsonObject
from fortnox.api.reader import Reader
from fortnox.api.registers import INVOICES, Register
from fortnox.core.documents import ListedInvoice
from fortnox.core.references import order_of, range_prefixes, sale_reference

#: How many of the newest documents are looked through for one of ours: one page.
_NEWEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInvoices:
    """Documents of exact references, and whether an absent one may be taken as not there."""

    documents: tuple[ListedInvoice, ...]
    filter_proven: bool

    @property
    def by_reference(self) -> dict[str, tuple[ListedInvoice, ...]]:
        """Grouped by exact reference."""
        return merged(self.documents)


def find_by_reference(
    client: Reader,
    key: str,
    references: Iterable[str],
    register: Register = INVOICES,
    known: Mapping[str, ListedInvoice] = MappingProxyType({}),
) -> FoundInvoices:
    """Every document of these references' orders, cancelled ones too, by a few range lists.

    Compares exactly: the filter is a contains match, so others' references come along, and the
    refunds of an order with its sale. An empty answer to a partial reference counts only if the
    filter is proven; where it is seen to match whole references only, each is looked up by itself.

    Args:
        client: The company's client.
        key: ``reference_key`` of the shop.
        references: The exact ones.
        register: Where the documents stand.
        known: Documents by number, as their creation was answered: where lists show no reference,
            these need no look at the whole document.
    """
    wanted = set(references)
    if not register.lists_reference:
        exact = _find_each(client, wanted, register, known)
        return FoundInvoices(documents=tuple(exact), filter_proven=True)
    orders = {order_id for reference in wanted if (order_id := order_of(key, reference))}
    asked = [sale_reference(key, prefix) for prefix in range_prefixes(orders)]
    listed = client.lanes.gather(partial(_carrying, client, key, register), asked)
    found = [document for documents in listed for document in documents]
    unknown = wanted - {document.reference for document in found} - set(asked)
    proven = not unknown or any(document.reference not in asked for document in found)
    if not proven:
        proven = partial_filter_works(client, key, register)
    if not proven and _known_recently(client, key, register):
        found += _find_each(client, unknown, register)
        proven = True
    documents = {d.document_number: d for d in found if order_of(key, d.reference) in orders}
    return FoundInvoices(documents=tuple(documents.values()), filter_proven=proven)


def partial_filter_works(client: Reader, key: str, register: Register = INVOICES) -> bool:
    """Whether a document is found by a part of its reference, as rule 3 asks (one request)."""
    if not register.lists_reference:
        return True
    partial = f"{key}:"
    matching: dict[str, str | int] = {register.filter_name: partial, "limit": 1}
    listed = client.list(register.path, register.list_key, **matching)
    first = next(iter(listed), {})
    reference = str(first.get("ExternalInvoiceReference1") or "")
    return partial in reference and reference != partial


def _known_recently(client: Reader, key: str, register: Register) -> bool:
    """Whether one of the company's newest documents is this shop's."""
    newest = client.list(
        register.path,
        register.list_key,
        sortby="documentnumber",
        sortorder="descending",
        limit=_NEWEST,
    )
    return any(order_of_item(key, item) is not None for item in islice(newest, _NEWEST))


def _carrying(client: Reader, key: str, register: Register, reference: str) -> list[ListedInvoice]:
    """Documents of this shop whose reference matches; others' items are not even parsed."""
    items = client.list(register.path, register.list_key, **{register.filter_name: reference})
    return [register.parse_listed(item) for item in items if order_of_item(key, item) is not None]


def _find_each(
    client: Reader,
    references: Iterable[str],
    register: Register,
    known: Mapping[str, ListedInvoice] = MappingProxyType({}),
) -> list[ListedInvoice]:
    """One exact look-up for each, side by side."""

    def find(reference: str) -> tuple[ListedInvoice, ...]:
        return find_exact(client, reference, register, known)

    each = client.lanes.gather(find, sorted(references))
    return [document for documents in each for document in documents]


def order_of_item(key: str, item: JsonObject) -> str | None:
    """The order that a list item is about; None when it is another shop's."""
    return order_of(key, str(item.get("ExternalInvoiceReference1") or ""))


def find_exact(
    client: Reader,
    reference: str,
    register: Register = INVOICES,
    known: Mapping[str, ListedInvoice] = MappingProxyType({}),
) -> tuple[ListedInvoice, ...]:
    """The documents of one reference: the exact look-up that needs no proven filter.

    ``known`` as in :func:`find_by_reference`.
    """
    items = client.list(register.path, register.list_key, **{register.filter_name: reference})
    documents = (
        known.get(str(item["DocumentNumber"])) or _parsed(client, item, register) for item in items
    )
    return tuple(document for document in documents if document.reference == reference)


def _parsed(client: Reader, item: JsonObject, register: Register) -> ListedInvoice:
    if not register.lists_reference:
        item = client.get(register.one(str(item["DocumentNumber"])), register.envelope)
    return register.parse_listed(item)


def merged(documents: Iterable[ListedInvoice]) -> dict[str, tuple[ListedInvoice, ...]]:
    """By reference, each document once; a later reading of one replaces the earlier."""
    grouped: dict[str, dict[str, ListedInvoice]] = {}
    for document in documents:
        grouped.setdefault(document.reference, {})[document.document_number] = document
    return {reference: tuple(found.values()) for reference, found in grouped.items()}
