"""Streaming as Orbited 0.7's pages do it: packets one behind the other in the growing text of an XMLHttpRequest.

Source: ``docs/orbited-protocol.md``, section 4.
"""

from collections.abc import Sequence

from twisted.web.server import Request

from orbited.packets import Packet, encode_all
from orbited.proxy import Proxy
from orbited.transports.numbered import MAX_PACKETS, NumberedStream


class XHRStream(NumberedStream):
    """One response whose text the page reads as it grows."""

    __slots__ = ("max_packets",)

    name = "xhrstream"
    content_type = b"application/x-orbited-event-stream"
    preamble = b" " * 256  # browsers of the time showed nothing of a shorter response
    beat = b"x"

    def __init__(self, request: Request, proxy: Proxy) -> None:
        self.max_packets = MAX_PACKETS  # that may still come: the page may read all of the response at once
        super().__init__(request, proxy)

    def encode(self, packets: Sequence[Packet]) -> bytes:
        """One behind the other."""
        return encode_all(packets)

    @property
    def enough(self) -> bool:
        """The page's parser takes only so many packets from one response."""
        return super().enough or self.max_packets <= 0

    def put(self, packets: Sequence[Packet]) -> None:
        """Write packets, and count them."""
        self.max_packets -= len(packets)
        super().put(packets)
