"""Streaming for pages of today: the bytes that a WebSocket would bring, in a response that the page reads with fetch.

Source: ``docs/orbited-protocol.md``, section 3.
"""

from collections.abc import Sequence

from orbited.outbox import Numbered
from orbited.transports.counted import BEAT, CountedStream, Words, frames_of_packets, frames_of_words


class Stream(CountedStream):
    """One response of frames."""

    __slots__ = ()

    name = "stream"
    content_type = b"application/octet-stream"
    beat = frames_of_words(BEAT)

    def say(self, *words: Words) -> None:
        """Write control messages."""
        self._write(frames_of_words(*words))

    def encode(self, packets: Sequence[Numbered]) -> bytes:
        """A frame for each packet."""
        return b"".join(frames_of_packets(packets, self._proxy.frames))
