"""A kept STOMP connection through the relay, as ``static/live/connection.js`` has it: it comes back after a loss."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench import stomp
from bench.backlog import Backlog
from bench.clock import now_ms
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
        on_message: Callable[[Frame, float], None],
        on_up: Callable[[], Awaitable[None]],
        backlog: Backlog,
    ) -> None:
        self._route = route
        self._subscriptions = subscriptions
        self._ticket = ticket
        self._renew = renew
        self._on_message = on_message
        self._on_up = on_up
        self._backlog = backlog
        self.losses = 0
        self._tries = 0
        self._socket: RelaySocket | None = None
        self._incoming = stomp.Incoming()
        self._heard_at = 0.0

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

    def send(self, frame: bytes) -> bool:
        """Send a STOMP frame; False when the line is down."""
        if self._socket is None or self._socket.closed.done():
            return False
        self._socket.send(frame)
        return True

    async def _converse(self, socket: RelaySocket) -> None:
        self._incoming = stomp.Incoming()
        socket.send(stomp.connect(self._route.broker_host, self._ticket))
        socket.send(stomp.subscribe(self._subscriptions))
        async with asyncio.timeout(CONNECT_LIMIT_S):
            while not self._take(await socket.receive(), now_ms()):
                pass
        self._tries = 0
        self._socket = socket
        socket.listen(self._hear)
        alive = asyncio.create_task(self._keep_alive(socket))
        try:
            await self._on_up()
            await alive
        except OSError:
            self.losses += 1
            raise
        finally:
            alive.cancel()
            self._socket = None

    def _hear(self, packet: bytes, received: float) -> None:
        self._heard_at = received
        self._backlog.add(lambda: self._look_at(packet, received))

    def _look_at(self, packet: bytes, received: float) -> None:
        try:
            self._take(packet, received * 1000)
        except stomp.StompRefused as error:
            if self._socket:
                self._socket.end(error)

    def _take(self, packet: bytes, received: float) -> bool:
        """Hand on what came; whether the receipt of the subscriptions was in it."""
        subscribed = False
        for frame in self._incoming.frames(packet):
            if frame.command == "MESSAGE":
                self._on_message(frame, received)
            subscribed |= frame.command == "RECEIPT"
        return subscribed

    async def _keep_alive(self, socket: RelaySocket) -> None:
        """Give signs of life, and hear them, until the line is lost."""
        self._heard_at = time.time()
        while time.time() - self._heard_at < SILENCE_LIMIT_S:
            ended, _ = await asyncio.wait([socket.closed], timeout=stomp.HEARTBEAT_MS / 1000)
            if ended:
                raise socket.closed.result()
            socket.send(stomp.BEAT)
        raise TimeoutError("not even a heart-beat came")

    async def _renew_ticket(self) -> None:
        try:
            self._ticket = await self._renew()
        except OSError as error:
            log.debug("no fresh ticket: %s", error)
