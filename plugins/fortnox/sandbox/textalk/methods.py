"""What each method of the API does, once its context has been checked."""

import copy
import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fortnox.sandbox.seed.model import Json
from fortnox.sandbox.textalk.costs import noisy
from fortnox.sandbox.textalk.query import Shower
from fortnox.sandbox.textalk.rpc import RpcError, invalid_params
from fortnox.sandbox.textalk.schema import CLASSES, ApiClass
from fortnox.sandbox.textalk.selection import matching, selected
from fortnox.sandbox.textalk.store import LOGIN_TOKEN_AGE, Store
from fortnox.sandbox.textalk.switches import DEFAULT_PASSWORD, DEFAULT_USERNAME, WEBSHOP

#: What can be called without a token.
_OPEN_METHODS = frozenset({"Admin.login", "Context.get"})

#: Kind of a property -> what its values are in JSON.
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}


def needs_token(method: str) -> bool:
    """Whether a method is for administrators only."""
    class_name, _, verb = method.partition(".")
    of = CLASSES.get(class_name)
    reads = verb in {"get", "list", "count", "getSchema"}
    return method not in _OPEN_METHODS and not (of is not None and of.public and reads)


def perform(store: Store, method: str, params: list[Any], context: Json) -> Any:
    """One call.

    Raises:
        RpcError: Unknown method, wrong parameters, no such object.
    """
    if method == "Admin.login":
        return _login(store, params)
    if method == "Context.get":
        return context
    class_name, _, verb = method.partition(".")
    of = CLASSES.get(class_name)
    if of is None or verb not in of.methods:
        raise RpcError(-32601, message=f"Method not found: No API for {method}")
    if class_name == "AuthToken":
        return _auth_token(store, verb, params)
    result = _VERBS[verb](_Call(store, of), *params)
    if method == "Order.list":
        store.orders_listed()
    return noisy(result) if store.switches.float_noise and class_name == "Order" else result


class _Call:
    """The generic methods of one class."""

    def __init__(self, store: Store, of: ApiClass) -> None:
        self._store = store
        self._of = of
        self._shower = Shower(store.find, store.switches.missing_fields)

    def _things(self) -> list[Json]:
        things = self._store.objects[self._of.name].values()
        return [thing for thing in things if self._store.find(self._of.name, thing["uid"])]

    def _one(self, uid: Any) -> Json:
        thing = self._store.find(self._of.name, uid)
        if thing is None:
            raise RpcError(9003)
        return thing

    def list_(self, query: Any = None, selection: Any = None) -> list[Json]:
        """``X.list(query, selection)``."""
        found = selected(self._things(), self._of, selection, self._store.switches)
        return [self._shower.show(thing, self._of, query, "/0") for thing in found]

    def get(self, uid: Any, query: Any = None) -> Json:
        """``X.get(uid, query)``."""
        return self._shower.show(self._one(uid), self._of, query, "/1")

    def count(self, filters: Any = None) -> int:
        """``X.count(filters)``: the filters themselves, without a wrapper."""
        wanted = {} if filters in (None, True) else filters
        return len(matching(self._things(), self._of, wanted, self._store.switches, "/0"))

    def get_schema(self, _uid: Any = None) -> Json:
        """``X.getSchema(uid or null)``."""
        gone = {one.partition(".")[2] for one in self._store.switches.missing_fields
                if one.startswith(f"{self._of.name}.")}  # fmt: skip
        return self._of.schema(frozenset(gone))

    def validate(self, uid: Any, patch: Any) -> list[Json]:
        """``X.validate(uid, patch)``: what is wrong; nothing when it may be set."""
        del uid
        if not isinstance(patch, dict):
            raise invalid_params("A patch is an object", "/1")
        return [
            {"message": message, "pointer": f"/{name}"}
            for name, value in patch.items()
            if (message := self._wrong(name, value))
        ]

    def _wrong(self, name: str, value: Any) -> str:
        if name not in self._of.writable:
            return f"{name} can't be set"
        kind = self._of.properties[name].kind
        fits = value is None or (
            isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
        )
        return "" if fits else f"{name} is {kind}"

    def normalize(self, uid: Any, patch: Any) -> Any:
        """``X.normalize(uid, patch)``: the patch as it would be stored."""
        del uid
        return patch

    def set_(self, uid: Any, patch: Any, query: Any = None) -> Json:
        """``X.set(uid, patch, query)``: a deep merge; an order's ``changed`` moves."""
        with self._store.lock:
            thing = self._one(uid)
            self._refuse(patch)
            _merge(thing, patch)
            if "changed" in self._of.properties:
                thing["changed"] = self._store.moment()
            if self._of.name == "ArticleVariant":
                self._store.variant_changed(thing)
            self._store.save()
        return self._shower.show(thing, self._of, query, "/2")

    def create(self, patch: Any, query: Any = None) -> Json:
        """``X.create(patch, query)``."""
        with self._store.lock:
            self._refuse(patch)
            things = self._store.objects[self._of.name]
            uid = max(things, default=0) + 1
            moment = self._store.moment()
            things[uid] = {"uid": uid, "created": moment, "changed": moment, **copy.deepcopy(patch)}
            self._store.save()
        return self._shower.show(things[uid], self._of, query, "/1")

    def delete(self, uid: Any) -> bool:
        """``X.delete(uid)``."""
        with self._store.lock:
            del self._store.objects[self._of.name][self._one(uid)["uid"]]
            self._store.save()
        return True

    def _refuse(self, patch: Any) -> None:
        wrong = self.validate(None, patch)
        if wrong:
            raise RpcError(9001, wrong)


_VERBS: dict[str, Callable[..., Any]] = {
    "list": _Call.list_,
    "get": _Call.get,
    "count": _Call.count,
    "getSchema": _Call.get_schema,
    "validate": _Call.validate,
    "normalize": _Call.normalize,
    "set": _Call.set_,
    "create": _Call.create,
    "delete": _Call.delete,
}


def _merge(thing: Json, patch: Json) -> None:
    for name, value in patch.items():
        if isinstance(value, dict) and isinstance(thing.get(name), dict):
            _merge(thing[name], value)
        else:
            thing[name] = copy.deepcopy(value)


def _login(store: Store, params: list[Any]) -> str:
    if params != [DEFAULT_USERNAME, DEFAULT_PASSWORD]:
        raise RpcError(1006)
    token = f"{secrets.token_urlsafe(24)}+/="
    store.login_tokens[token] = store.now() + LOGIN_TOKEN_AGE
    return token


def _auth_token(store: Store, verb: str, params: list[Any]) -> Any:
    """Persistent tokens: the uid is the token itself."""
    if verb == "create":
        uid = f"{secrets.token_urlsafe(24)}+/="
        patch = params[0] if params else {}
        store.auth_tokens[uid] = {"uid": uid, "active": True, "created": store.moment(), **patch}
        return {"uid": uid}
    if verb == "list":
        return [dict(token) for token in store.auth_tokens.values()]
    token = store.auth_tokens.get(str(params[0])) if params else None
    if token is None:
        raise RpcError(9003)
    if verb == "delete":
        del store.auth_tokens[token["uid"]]
        return True
    if verb == "set":
        token |= params[1]
    return dict(token)


def webshop_known(value: str) -> bool:
    """Whether a context names this shop."""
    return value == str(WEBSHOP)
