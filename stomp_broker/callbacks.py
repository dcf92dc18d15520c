"""MorbidQ's callbacks: a web application is asked over HTTP what a client may do.

MorbidQ (the broker in Orbited 0.7) called this RestQ, and took the address of a resource. A GET of it answers with a
JSON object of addresses, for any of ``connect subscribe unsubscribe send disconnect``::

    {"connect": "http://app.example/mq/connect", "send": "http://app.example/mq/send"}

To these the headers of the client's frame are posted as a JSON object, with ``username``; for ``connect`` that is
``username`` and ``password`` alone, for ``send`` there is ``body`` too. The answer is a JSON object, of which these
count: ``allow`` ("no" refuses), ``body`` (goes out instead), ``autosubscribe`` and ``autounsubscribe`` (lists of
destinations). As with MorbidQ an answer without ``allow`` allows; unlike it, no answer refuses, and so does one that
cannot be understood, and the client is told instead of being left to wait.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from twisted.internet.defer import Deferred, DeferredSemaphore

from stomp_broker.events import Connect, Send, Subscription
from stomp_broker.hooks import Client, Refusal

COMMANDS = frozenset(["connect", "subscribe", "unsubscribe", "send", "disconnect"])
# Requests under way at once, and those that wait for their turn; more are refused.
MOST_AT_ONCE = 20
MOST_WAITING = 1_000
# What may be between an application and its broker: nothing that a redirect or a file name could lead to.
SCHEMES = ("http://", "https://")

# Give the body of the answer 200 to a GET, or to a POST of some bytes; fail for any other answer.
Fetch = Callable[[str, bytes | None], "Deferred[bytes]"]


class Callbacks:
    """A hook that asks the application at ``url``. See :mod:`stomp_broker.hooks`."""

    def __init__(self, url: str, fetch: Fetch) -> None:
        self._url = url
        self._fetch = fetch
        self._turns = DeferredSemaphore(MOST_AT_ONCE)
        # Asked for when first needed, and again until there is an answer.
        self._addresses: Mapping[str, str] | None = None

    async def on_connect(self, client: Client, connect: Connect) -> None:
        """Ask with login and passcode, which go nowhere else."""
        await self._ask("connect", client, {"username": connect.login, "password": connect.passcode})

    async def on_subscribe(self, client: Client, subscription: Subscription) -> None:
        """Ask with the headers of SUBSCRIBE."""
        await self._ask("subscribe", client, _described(client, subscription))

    async def on_unsubscribe(self, client: Client, subscription: Subscription) -> None:
        """Tell with the headers of UNSUBSCRIBE."""
        await self._ask("unsubscribe", client, _described(client, subscription))

    async def on_send(self, client: Client, send: Send) -> Send:
        """Ask with headers and body, and send what comes back."""
        said = dict(send.headers) | {"username": _username(client), "body": send.body.decode(errors="replace")}
        answer = await self._ask("send", client, said)
        body = answer.get("body")
        if body is None:
            return send
        if not isinstance(body, str):
            raise Refusal("the callback's body is no text")
        return replace(send, body=body.encode())

    async def on_disconnect(self, client: Client) -> None:
        """Tell."""
        await self._ask("disconnect", client, {"username": _username(client)})

    async def _ask(self, command: str, client: Client, said: Mapping[str, str]) -> Mapping[str, Any]:
        address = (await self._find()).get(command)
        if address is None:
            return {}
        answer = _object(await self._request(address, json.dumps(said).encode()))
        if answer.get("allow") == "no":
            raise Refusal(f"callback {command}")
        for destination in _texts(answer, "autosubscribe"):
            client.subscribe(destination)
        for destination in _texts(answer, "autounsubscribe"):
            client.unsubscribe(destination)
        return answer

    async def _find(self) -> Mapping[str, str]:
        """Give the application's addresses by command."""
        if self._addresses is None:
            found = _object(await self._request(self._url, None))
            self._addresses = {name: _address(name, found[name]) for name in COMMANDS & found.keys() if found[name]}
        return self._addresses

    async def _request(self, address: str, body: bytes | None) -> bytes:
        if len(self._turns.waiting) >= MOST_WAITING:
            raise Refusal("too many callbacks are under way")
        answer: bytes = await self._turns.run(self._fetch, address, body)
        return answer


def _described(client: Client, subscription: Subscription) -> dict[str, str]:
    name = {} if subscription.id is None else {"id": subscription.id}
    said = {"destination": subscription.destination, "ack": subscription.ack.value, "username": _username(client)}
    return name | said


def _username(client: Client) -> str:
    """Give the login, as MorbidQ had it, or the subject of a ticket, whose login is anybody's."""
    return (client.subject or "").removeprefix("any:").removeprefix("service:")


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("a callback's answer is no JSON") from None
    if not isinstance(found, dict):
        raise Refusal("a callback's answer is no JSON object")
    return found


def _address(name: str, address: object) -> str:
    if not (isinstance(address, str) and address.startswith(SCHEMES)):
        raise Refusal(f"the callback {name} has no address that begins with {' or '.join(SCHEMES)}")
    return address


def _texts(answer: Mapping[str, Any], name: str) -> list[str]:
    found = answer.get(name, [])
    if not (isinstance(found, list) and all(isinstance(each, str) for each in found)):
        raise Refusal(f"a callback's {name} is no list of destinations")
    return found
