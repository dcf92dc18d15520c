"""A kept STOMP connection through the relay, as ``static/live/connection.js`` has it: it comes back after a loss."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench import stomp
from bench.relay import RelaySocket
from stomp_broker.frames import Frame

FIRST_WAIT_S = 1.0
LAST_WAIT_S = 15.0
"""Between two tries, doubling from the first to the last; a random half of it, so that not all come at once."""

CONNECT_LIMIT_S = 10.0
"""From opening the socket to the confirmed subscriptions."""

SILENCE_LIMIT_S = 2 * stomp.HEARTBEAT_MS / 1000
"""A line that has not even carried heart-beats for so long is dead."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Route:
    """Where the relay is (``http://host:port``), and the broker as the relay reaches it."""

    relay: str
    broker_host: str
    broker_port: int


class Connection:
    """Connects, subscribes, hands on messages; ``losses`` counts the lines that broke after they were up.

    ``renew`` gives a fresh ticket after the broker refused the one before; ``on_up`` runs each time when the
    subscriptions are confirmed, so that what was missed can be read.
    """

    def __init__(
        self,
        route: Route,
        subscriptions: dict[str, str],
        *,
        ticket: str,
        renew: Callable[[], Awaitable[str]],
        on_message: Callable[[Frame], None],
        on_up: Callable[[], Awaitable[None]],
    ) -> None:
        self._route = route
        self._subscriptions = subscriptions
        self._ticket = ticket
        self._renew = renew
        self._on_message = on_message
        self._on_up = on_up
        self.losses = 0
        self._tries = 0

    async def run(self) -> None:
        """Stay connected until cancelled."""
        while True:
            try:
                await self._live()
            except OSError as error:
                log.debug("line lost: %s", error or type(error).__name__)
                if isinstance(error, stomp.StompRefused):
                    await self._renew_ticket()
            wait = min(LAST_WAIT_S, FIRST_WAIT_S * 2**self._tries)
            self._tries += 1
            await asyncio.sleep(wait * random.uniform(0.5, 1))

    async def _live(self) -> None:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            socket = await RelaySocket.open(self._route.relay, f"{self._route.broker_host}:{self._route.broker_port}")
        try:
            await self._converse(socket)
        finally:
            await socket.close()

    async def _converse(self, socket: RelaySocket) -> None:
        incoming = stomp.Incoming()
        await socket.send(stomp.connect(self._route.broker_host, self._ticket))
        await socket.send(stomp.subscribe(self._subscriptions))
        async with asyncio.timeout(CONNECT_LIMIT_S):
            while not await self._receive(socket, incoming):
                pass
        self._tries = 0
        beating = asyncio.create_task(_beat(socket))
        try:
            await self._on_up()
            await self._listen(socket, incoming)
        except OSError:
            self.losses += 1
            raise
        finally:
            beating.cancel()

    async def _listen(self, socket: RelaySocket, incoming: stomp.Incoming) -> None:
        while True:
            async with asyncio.timeout(SILENCE_LIMIT_S):
                await self._receive(socket, incoming)

    async def _receive(self, socket: RelaySocket, incoming: stomp.Incoming) -> bool:
        """Hand on what comes next; whether the receipt of the subscriptions was in it."""
        subscribed = False
        for frame in incoming.frames(await socket.receive()):
            if frame.command == "MESSAGE":
                self._on_message(frame)
            subscribed |= frame.command == "RECEIPT"
        return subscribed

    async def _renew_ticket(self) -> None:
        try:
            self._ticket = await self._renew()
        except OSError as error:
            log.debug("no fresh ticket: %s", error)


async def _beat(socket: RelaySocket) -> None:
    with contextlib.suppress(OSError):  # Who listens hears of it too.
        while True:
            await asyncio.sleep(stomp.HEARTBEAT_MS / 1000)
            await socket.send(stomp.BEAT)
