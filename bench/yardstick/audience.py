"""Everybody who hears a broadcast: one thread that does nothing but read and count. Linux: epoll(7).

A frame is a NUL, as bodies have none. Nothing is parsed and nothing is kept, so that the broker is the limit. What a
broadcast costs the reader beside the system calls is half a microsecond; ``bench.broker_fanout`` says how much of its
time it was busy.
"""

import select
import socket
import time
from collections.abc import Sequence
from typing import Self

READ_BYTES = 1 << 20
MOST_AT_ONCE = 4096
# A broker from which nothing comes for so long has lost something.
SILENCE_LIMIT_S = 10


class LostError(Exception):
    """A message did not come, or a connection ended."""


class Audience:
    """Connections that are subscribed, and one that publishes."""

    def __init__(self, connections: Sequence[socket.socket], publisher: socket.socket) -> None:
        self.size = len(connections)
        self._publisher = publisher
        self._buffer = bytearray(READ_BYTES)
        self._poll = select.epoll()
        self._reads = {each.fileno(): each.recv_into for each in connections}
        for number in self._reads:
            self._poll.register(number, select.EPOLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._poll.close()

    def publish(self, frames: bytes, frames_each: int) -> float:
        """Send, and return the seconds until everybody has received ``frames_each`` more."""
        began = time.perf_counter()
        self.say(frames)
        self.hear(frames_each * self.size)
        return time.perf_counter() - began

    def say(self, frames: bytes) -> None:
        """Have the publisher send."""
        self._publisher.sendall(frames)

    def hear(self, frames: int) -> None:
        """Read until so many frames have ended."""
        while frames > 0:
            frames -= self.turn()
        if frames:
            raise LostError(f"{-frames} frames too many")

    def turn(self, limit_s: float = SILENCE_LIMIT_S) -> int:
        """Read what has come; how many frames have ended."""
        happened = self._poll.poll(limit_s, MOST_AT_ONCE)
        if not happened:
            raise LostError(f"nothing has come for {limit_s} s")
        buffer, reads, frames = self._buffer, self._reads, 0
        for number, _ in happened:
            size = reads[number](buffer)
            if not size:
                raise LostError("the broker has hung up")
            frames += buffer.count(0, 0, size)
        return frames
