"""What a player and a host have in common: the state of one game, kept right by snapshot, events and catch-up."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from bench import stomp
from bench.clock import ClockCheck, now_ms
from bench.connection import Connection, Route
from bench.http import HttpClient
from bench.report import Report
from bench.view import OVER, Order, View
from stomp_broker.frames import Frame

Data = dict[str, Any]

READS = 5
READ_AGAIN_S = 1.0
"""A state or a catch-up that cannot be read is asked for so often, with such a pause."""

QUESTION_OPENED = "question.opened"

SENT = "sent"
"""The receipt of what a member sends; it is not waited for."""


class Member:
    """Somebody who sees one game. Subclasses say what they do about it in :meth:`changed` and :meth:`told`."""

    def __init__(self, name: str, http: HttpClient, state: Data, report: Report) -> None:
        self.name = name
        self.http = http
        self.report = report
        self.view = View(state)
        self.is_up = asyncio.Event()
        self.is_over = asyncio.Event()
        self.seen_at = 0.0
        self._clock = ClockCheck()
        self._filling = asyncio.Lock()
        self._connection: Connection | None = None
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def address(self) -> str:
        """Where the game is on the server."""
        return f"/games/{self.view.state['game']}"

    def changed(self, event: Data | None, received: float) -> None:
        """The state is another one: by this event, or by a snapshot."""

    def told(self, event: Data, received: float) -> None:
        """A message came to this member's own destination."""

    async def follow(self, route: Route, ticket: str, own: dict[str, str], work: Callable[[], Awaitable[None]]) -> None:
        """Stay connected while ``work`` is done; ``own`` are subscriptions beside those of every member."""
        subscriptions = {"status": f"{self.address}/status", "players": f"{self.address}/players", **own}
        self._connection = Connection(
            route,
            subscriptions,
            ticket=ticket,
            renew=self.fresh_ticket,
            on_message=self._receive,
            on_up=self._up,
            backlog=self.report.backlog,
        )
        try:
            async with asyncio.TaskGroup() as self._tasks:
                line = self._tasks.create_task(self._connection.run())
                await work()
                line.cancel()
        finally:
            self.report.counts.reconnects += self._connection.losses

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something beside; :meth:`follow` does not end before it."""
        assert self._tasks is not None
        self._tasks.create_task(work)

    async def refresh(self) -> Data:
        """Read the state anew."""
        sent = now_ms()
        state = await self._read(f"{self.address}/state/")
        self.learn_time(sent, state)
        self.view.replace(state)
        self._tell_change(None, now_ms())
        return state

    def learn_time(self, sent: float, state: Data) -> None:
        """A state is an exchange that tells the server's time."""
        self._clock.sample(sent, state["server_time"])

    async def fresh_ticket(self) -> str:
        """Ask for the ticket of this member."""
        answer = await self.http.post(f"{self.address}/ticket/", {})
        if answer.status != 200:
            raise ConnectionError(f"no ticket: {answer.status}")
        return str(answer.json()["ticket"])

    def send(self, destination: str, data: Data) -> bool:
        """Send over the line; False when it is down."""
        frame = stomp.send(destination, json.dumps(data).encode(), SENT)
        return self._connection is not None and self._connection.send(frame)

    async def _up(self) -> None:
        await self.refresh()
        self.http.close()  # A page's browser gives it up too, sooner or later.
        self.is_up.set()

    def _receive(self, frame: Frame, received: float) -> None:
        event = _parsed(frame.body)
        if event["seq"]:
            self._take_in(event, received)
        elif frame.headers["destination"].startswith("/players/"):
            self.told(event, received)

    def _take_in(self, event: Data, received: float) -> None:
        self.report.fault("clock_errors", self.name, self._clock.problems(event, received))
        if event["type"] == QUESTION_OPENED:
            self.seen_at = received
            self.report.times["options"][event["data"]["question"]["id"]].append(
                received - self.report.caused_at(event)
            )
        order = self.view.receive(event)
        if order is Order.NEXT:
            self._tell_change(event, received)
        elif order is Order.DOUBLED:
            self.report.counts.events_doubled += 1
        elif order is Order.EARLY and not self._filling.locked():
            self.do(self._fill_gap())

    async def _fill_gap(self) -> None:
        async with self._filling:
            self.report.counts.gaps += 1
            for _ in range(READS):
                missed = await self._read(f"{self.address}/events/?after={self.view.seq}")
                for event in missed["events"]:
                    self.view.catch_up(event)
                    self._tell_change(event, now_ms())
                if not self.view.is_behind:
                    self.report.counts.gaps_filled += 1
                    return
            await self.refresh()

    def _tell_change(self, event: Data | None, received: float) -> None:
        if self.view.phase in OVER:
            self.is_over.set()
        self.changed(event, received)

    async def _read(self, path: str) -> Data:
        for attempt in range(READS):
            try:
                answer = await self.http.get(path)
            except OSError:
                if attempt == READS - 1:
                    raise
            else:
                if answer.status == 200:
                    return answer.json()
            await asyncio.sleep(READ_AGAIN_S)
        raise ConnectionError(f"{path} cannot be read: {answer.status}")


@lru_cache(maxsize=64)
def _parsed(body: bytes) -> Data:
    """The same bytes come to all players, who only read them."""
    event: Data = json.loads(body)
    return event


def route_of(admission: Data, url: str) -> Route:
    """Where relay and broker are, from the answer to a join; an empty host is the site's own."""
    site, relay, broker = urlsplit(url), admission["relay"], admission["broker"]
    return Route(f"{site.scheme}://{relay['host'] or site.hostname}:{relay['port']}", broker["host"], broker["port"])
