"""The relay's socket as a page has it: bytes to and from a server behind the relay, over our WebSocket transport.

Wire: ``docs/orbited-protocol.md``. A lost WebSocket is not resumed here; the members come back with a new session, as
pages do whose grace period is over.
"""

import json
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

ACKNOWLEDGE_PACKETS = 64
ACKNOWLEDGE_BYTES = 65_536
"""After so many, whichever comes first, the relay is told what has arrived; it holds at most 1 MiB for us."""

MAX_MESSAGE_BYTES = 1024 * 1024
"""The largest frame that a service may send."""

CONNECTED = b"1"


class RelayClosed(ConnectionError):
    """The relay, or the server behind it, has ended the conversation; the text says why."""


class RelaySocket:
    """An open conversation with ``host:port`` behind the relay."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self._packets = 0
        self._acknowledged = 0
        self._unacknowledged_bytes = 0

    @classmethod
    async def open(cls, url: str, target: str) -> Self:
        """Reach ``target`` (``host:port``) through the relay at ``url`` (``http://…``). Raises ``OSError``."""
        address = f"ws{url.removeprefix('http')}/tcp/websocket"
        try:
            websocket = await connect(
                address, compression=None, proxy=None, ping_interval=None, max_size=MAX_MESSAGE_BYTES, close_timeout=1
            )
        except WebSocketException as error:
            raise RelayClosed(str(error)) from error
        socket = cls(websocket)
        await socket._shake_hands(target)
        return socket

    async def send(self, data: bytes) -> None:
        """Send one data packet."""
        await self._send(data)

    async def receive(self) -> bytes:
        """The next data packet."""
        while True:
            message = await self._message()
            if isinstance(message, bytes):
                await self._count(len(message))
                return message
            await self._control(json.loads(message))

    async def close(self) -> None:
        """Say goodbye; the relay forgets the session."""
        try:
            await self._websocket.send('["close"]')
        except ConnectionClosed:
            return
        await self._websocket.close()

    async def _shake_hands(self, target: str) -> None:
        try:
            while await self._message() != '["open"]':
                pass
            await self._send(f"{target}\n".encode())
            answer = await self.receive()
            if answer != CONNECTED:
                raise RelayClosed(f"the relay refuses {target}: {answer.decode()}")
        except BaseException:
            await self._websocket.close()
            raise

    async def _count(self, size: int) -> None:
        self._packets += 1
        self._unacknowledged_bytes += size
        is_much = self._packets - self._acknowledged >= ACKNOWLEDGE_PACKETS
        if is_much or self._unacknowledged_bytes >= ACKNOWLEDGE_BYTES:
            await self._acknowledge()

    async def _acknowledge(self) -> None:
        self._acknowledged, self._unacknowledged_bytes = self._packets, 0
        await self._send(json.dumps(["ack", self._packets]))

    async def _control(self, words: list[Any]) -> None:
        if words[0] == "ping":
            await self._acknowledge()
        elif words[0] == "close":
            await self._websocket.close()
            raise RelayClosed(" ".join(map(str, words[1:])))

    async def _message(self) -> str | bytes:
        try:
            return await self._websocket.recv()
        except ConnectionClosed as error:
            raise RelayClosed(str(error)) from error

    async def _send(self, message: str | bytes) -> None:
        try:
            await self._websocket.send(message)
        except ConnectionClosed as error:
            raise RelayClosed(str(error)) from error
