"""Calling Textalk's API: the way in, what errors mean, and that the key stays where it is."""

import json
from typing import Any

import pytest
import requests
import responses

from fortnox.core.errors import FatalError, UnreachableError
from fortnox.shops.patience import Patience
from fortnox.shops.textalk.client import Access, TextalkClient, endpoint
from fortnox.shops.textalk.errors import NoMethodError, NotFoundError, QueryError

KEY = "k+ey/1=="
URL = "https://shop.textalk.se/backend/jsonrpc/v1/"


def client(username: str = "", **changed: Any) -> TextalkClient:
    """A client that does not sleep."""
    access = Access(webshop="4711", username=username, secret=KEY)
    patience = Patience(sleep=lambda _: None)
    return TextalkClient("", access, session=requests.Session(), patience=patience, **changed)


def answer(**envelope: Any) -> None:
    """The next answer of the shop."""
    responses.add(responses.POST, URL, json={"jsonrpc": "2.0", "id": 1, **envelope})


def error(code: int, **more: Any) -> None:
    """The next answer is an error."""
    answer(error={"code": code, "message": "…", **more})


@responses.activate
def test_a_call_as_the_api_wants_it() -> None:
    """The shop would not know who asks for what."""
    answer(result=[])
    assert client().call("Order.list", ["uid"], {"limit": 1}) == []
    request = responses.calls[0].request
    assert request.url == f"{URL}?webshop=4711&auth=k%2Bey%2F1%3D%3D"
    body = json.loads(request.body or "")
    assert body["method"] == "Order.list"
    assert body["params"] == [["uid"], {"limit": 1}]


@responses.activate
def test_a_login_is_renewed_when_it_ends() -> None:
    """A backfill that takes longer than a token lives would die on the way."""
    masked: list[str] = []
    shop = client("eva", on_secret=masked.append)
    for envelope in ({"result": "t1"}, {"result": 1}):
        answer(**envelope)
    assert shop.call("Order.count") == 1
    error(1004)
    answer(result="t2")
    answer(result=2)
    assert shop.call("Order.count") == 2
    assert masked == ["t1", "t2"]
    urls = [str(call.request.url) for call in responses.calls]
    assert ["auth=" in url for url in urls] == [False, True, True, False, True]
    assert urls[-1].endswith("auth=t2")


@responses.activate
def test_a_refused_login_says_so() -> None:
    """The owner would look for a wrong API key that was never there."""
    error(1006)
    with pytest.raises(FatalError, match="user name or the password"):
        client("eva").call("Order.count")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (1002, FatalError, "no such shop"),
        (1004, FatalError, "refuses the API key"),
        (1006, FatalError, "may not do"),
        (-32601, NoMethodError, "has no Order.get"),
        (9003, NotFoundError, "does not have"),
        (4242, FatalError, "code 4242"),
    ],
)
@responses.activate
def test_errors_by_what_can_be_done(code: int, kind: type[FatalError], words: str) -> None:
    """Whoever reads the log would not know whether key, rights or shop are wrong."""
    error(code, data="Eva Ek, Gatan 1")
    with pytest.raises(kind, match=words) as caught:
        client().call("Order.get", 1)
    assert "Eva" not in str(caught.value)
    assert len(responses.calls) == 1


@responses.activate
def test_a_refused_query_says_where() -> None:
    """A field that this shop lacks could not be found; and values in the answer would leak."""
    data = [{"message": "Eva", "pointer": "/0/hasVat"}, {"pointer": "Eva Ek"}]
    error(-32602, data=data)
    with pytest.raises(QueryError) as caught:
        client().call("Order.list")
    assert caught.value.pointers == ("/0/hasVat",)
    assert "Eva" not in str(caught.value)


@responses.activate
def test_their_trouble_is_tried_again() -> None:
    """An internal error or an empty body of one moment would end the night's run."""
    error(-32603)
    responses.add(responses.POST, URL, body=b"")
    responses.add(responses.POST, URL, status=502, body="<title>Bad Gateway</title>")
    answer(result=None)
    assert client().call("Order.get", 1) is None
    assert len(responses.calls) == 4


@responses.activate
def test_lasting_trouble_names_no_address() -> None:
    """The key stands in the address: an exception that holds it would write it into the log."""
    responses.add(responses.POST, URL, body=requests.ConnectionError(f"{URL}?auth={KEY}"))
    with pytest.raises(UnreachableError) as caught:
        client().call("Order.count")
    assert KEY not in f"{caught.value!r}{caught.value.__context__!r}{client()!r}"


@responses.activate
def test_another_page_at_the_address() -> None:
    """A redirect would carry the key elsewhere; a wrong host would look like an outage."""
    responses.add(responses.POST, URL, status=301, headers={"Location": "http://x.example/"})
    with pytest.raises(FatalError, match="HTTP 301"):
        client().call("Order.count")
    assert len(responses.calls) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://shop.example", "https://shop.example/backend/jsonrpc/v1/"),
        ("https://shop.example/backend/jsonrpc/v1", "https://shop.example/backend/jsonrpc/v1/"),
        ("http://127.0.0.1:8086", "http://127.0.0.1:8086/backend/jsonrpc/v1/"),
    ],
)
def test_addresses(address: str, expected: str) -> None:
    """A connection that is right would be refused, or ask at another place."""
    assert endpoint(address) == expected


@pytest.mark.parametrize(
    "address", ["http://shop.example", "shop.example", "https://", "https://x:y"]
)
def test_the_key_never_travels_in_the_clear(address: str) -> None:
    """Anybody on the way would read the key."""
    with pytest.raises(FatalError, match="https"):
        endpoint(address)


@pytest.mark.parametrize(("webshop", "secret"), [("", "k"), ("shop", "k"), ("1", "")])
def test_an_incomplete_connection_is_told(webshop: str, secret: str) -> None:
    """The first call would fail in a way that says nothing about the connection."""
    with pytest.raises(FatalError, match="shop's number") as caught:
        TextalkClient(
            "",
            Access(webshop=webshop, secret=secret),
            session=requests.Session(),
            patience=Patience(),
        )
    assert caught.value.remedy
    assert "'k'" not in repr(Access(webshop=webshop, secret=secret))
