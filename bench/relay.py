"""The relay's socket as a page has it: bytes to and from a server behind the relay, over our WebSocket transport.

Wire: ``docs/orbited-protocol.md``. A lost WebSocket is not resumed here; the members come back with a new session, as
pages do whose grace period is over. Thousands of these share the machine with what they measure, so they are lean.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

from bench.yardstick.wire import BINARY, CLOSE, TEXT, Frames, masked

ACKNOWLEDGE_PACKETS = 64
ACKNOWLEDGE_BYTES = 65_536
"""After so many, whichever comes first, the relay is told what has arrived; it holds at most 1 MiB for us."""

CONNECTED = b"1"

UPGRADE = (
    "GET /tcp/websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

OnPacket = Callable[[bytes, float], None]
"""Told each data packet, and when its bytes were read (seconds since the epoch)."""


class RelayClosed(ConnectionError):
    """The relay, or the server behind it, has ended the conversation; the text says why."""


class RelaySocket(asyncio.Protocol):
    """An open conversation with ``host:port`` behind the relay. ``closed`` is set with the reason at its end."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[ConnectionError] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._head = b""
        self._upgraded: asyncio.Future[None] = loop.create_future()
        self._opened: asyncio.Future[None] = loop.create_future()
        self._frames = Frames()
        self._packets = 0
        self._acknowledged = 0
        self._unacknowledged_bytes = 0
        self._on_packet: OnPacket = self._keep
        self._kept: deque[bytes] = deque()
        self._came = asyncio.Event()

    @classmethod
    async def open(cls, url: str, target: str) -> Self:
        """Reach ``target`` (``host:port``) through the relay at ``url`` (``http://…``). Raises ``OSError``."""
        address = urlsplit(url)
        _, socket = await asyncio.get_running_loop().create_connection(cls, address.hostname, address.port)
        try:
            await socket._shake_hands(address.netloc, target)
        except BaseException:
            socket._drop()
            raise
        return socket

    def send(self, data: bytes) -> None:
        """Send one data packet; on a line that is lost, nowhere."""
        self._write(masked(data))

    async def receive(self) -> bytes:
        """The next data packet. Raises :class:`RelayClosed`."""
        while not self._kept:
            if self.closed.done():
                raise self.closed.result()
            self._came.clear()
            await self._came.wait()
        return self._kept.popleft()

    def listen(self, on_packet: OnPacket) -> None:
        """Hand each packet to ``on_packet`` from now on, and those that have come already."""
        now = time.time()
        while self._kept:
            on_packet(self._kept.popleft(), now)
        self._on_packet = on_packet

    def end(self, why: ConnectionError) -> None:
        """Be closed for that reason."""
        if not self.closed.done():
            self.closed.set_result(why)
            self._came.set()
            self._drop()

    async def close(self) -> None:
        """Say goodbye; the relay forgets the session."""
        self._say(["close"])
        self._drop()

    # What asyncio says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.BaseProtocol`."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        now = time.time()
        if not self._upgraded.done():
            data = self._read_head(data)
        for opcode, payload in self._frames.read(data):
            if opcode == BINARY:
                self._on_packet(payload, now)
                self._count(len(payload))
            elif opcode == TEXT:
                self._control(json.loads(payload))
            elif opcode == CLOSE:
                self._end(f"the relay has sent a close frame: {int.from_bytes(payload[:2])}")

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.BaseProtocol`."""
        self._end(f"connection lost: {exc or 'the relay has hung up'}")

    # Steps of the above.

    async def _shake_hands(self, host: str, target: str) -> None:
        self._write(UPGRADE.format(host=host).encode())
        for step in (self._upgraded, self._opened):
            await asyncio.wait([step, self.closed], return_when=asyncio.FIRST_COMPLETED)
            if not step.done():
                raise self.closed.result()
        self.send(f"{target}\n".encode())
        answer = await self.receive()
        if answer != CONNECTED:
            raise RelayClosed(f"the relay refuses {target}: {answer.decode()}")

    def _read_head(self, data: bytes) -> bytes:
        """What of the data is behind the answer to the upgrade."""
        head, end, rest = (self._head + data).partition(b"\r\n\r\n")
        self._head = head
        if not end:
            return b""
        status = head.split(b"\r\n", 1)[0]
        if b" 101 " in status:
            self._upgraded.set_result(None)
            return rest
        self._end(f"no WebSocket there: {status.decode('latin-1')}")
        return b""

    def _keep(self, packet: bytes, _: float) -> None:
        self._kept.append(packet)
        self._came.set()

    def _count(self, size: int) -> None:
        self._packets += 1
        self._unacknowledged_bytes += size
        is_much = self._packets - self._acknowledged >= ACKNOWLEDGE_PACKETS
        if is_much or self._unacknowledged_bytes >= ACKNOWLEDGE_BYTES:
            self._acknowledge()

    def _acknowledge(self) -> None:
        self._acknowledged, self._unacknowledged_bytes = self._packets, 0
        self._say(["ack", self._packets])

    def _control(self, words: list[Any]) -> None:
        if words[0] == "open" and not self._opened.done():
            self._opened.set_result(None)
        elif words[0] == "ping":
            self._acknowledge()
        elif words[0] == "close":
            self._end(" ".join(map(str, words[1:])))

    def _say(self, words: list[Any]) -> None:
        self._write(masked(json.dumps(words).encode(), TEXT))

    def _write(self, data: bytes) -> None:
        if self._transport and not self.closed.done():
            self._transport.write(data)

    def _end(self, why: str) -> None:
        self.end(RelayClosed(why))

    def _drop(self) -> None:
        if self._transport:
            self._transport.close()
