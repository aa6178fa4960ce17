"""The query language: which properties of an object an answer shows, and which references open.

``true`` or ``{}`` is all, ``"name"`` one, ``["uid", "name"]`` some, ``{"name": "sv"}`` a part of a
part. A reference is a uid, unless the query says what to show of the object behind it.
"""

from collections.abc import Callable
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.textalk.rpc import invalid_params
from fortnox.sandbox.textalk.schema import CLASSES, ApiClass, Property

#: ``find(class_name, uid)``: the object; None when there is none.
Find = Callable[[str, Any], Json | None]


class Shower:
    """Shows objects of one shop.

    Args:
        find: Opens references.
        missing: ``Class.property`` that this shop does not have.
    """

    def __init__(self, find: Find, missing: tuple[str, ...] = ()) -> None:
        self._find = find
        self._missing = frozenset(missing)

    def show(self, thing: Json, of: ApiClass, query: Any, pointer: str) -> Json:
        """The wanted properties of an object.

        Raises:
            RpcError: -32602 with the pointer to what is wrong in the query.
        """
        shown: Json = {}
        known = {name for name in of.properties if f"{of.name}.{name}" not in self._missing}
        for name, sub in _wanted(query, known, pointer).items():
            where = f"{pointer}/{name}"
            if name not in known:
                raise invalid_params(f"{of.name} has no property {name}", where)
            shown[name] = self._property(thing.get(name), of.properties[name], sub, where)
        return shown

    def _property(self, value: Any, of: Property, query: Any, pointer: str) -> Any:
        if not of.ref:
            return value if query is True else _part(value, query, pointer)
        if query is True or value is None:
            return value
        if not of.many:
            return self._opened(value, of.ref, query, pointer)
        return [self._opened(uid, of.ref, query, pointer) for uid in value]

    def _opened(self, uid: Any, class_name: str, query: Any, pointer: str) -> Json | None:
        found = self._find(class_name, uid)
        return None if found is None else self.show(found, CLASSES[class_name], query, pointer)


def _wanted(query: Any, known: set[str], pointer: str) -> dict[str, Any]:
    """Property -> what to show of it."""
    if query is True or query in ({}, None):
        return dict.fromkeys(sorted(known), True)
    if isinstance(query, str):
        return {query: True}
    if isinstance(query, list) and all(isinstance(name, str) for name in query):
        return dict.fromkeys(query, True)
    if isinstance(query, dict):
        return {name: sub for name, sub in query.items() if sub is not False}
    raise invalid_params("A query is true, a name, a list of names or an object", pointer)


def _part(value: Any, query: Any, pointer: str) -> Any:
    """A part of a plain object; properties that it does not have are left out."""
    if isinstance(value, list):
        return [_part(one, query, pointer) for one in value]
    if not isinstance(value, dict):
        return value
    wanted = _wanted(query, set(value), pointer)
    return {
        name: value[name] if sub is True else _part(value[name], sub, f"{pointer}/{name}")
        for name, sub in wanted.items()
        if name in value
    }
