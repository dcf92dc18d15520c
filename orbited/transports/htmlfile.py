"""The endless document of Orbited 0.7's pages in Internet Explorer: each packet is a script in a hidden frame.

No browser of today takes part. Source: ``docs/orbited-protocol.md``, section 4.
"""

import json
from collections.abc import Sequence

from twisted.web.server import Request

from orbited.packets import Packet, words
from orbited.proxy import Proxy
from orbited.transports.numbered import NumberedStream

PREAMBLE_BYTES = 256
_HEAD = b'<html><head><script src="../static/HTMLFileFrame.js"></script></head><body>'
# What a frame is told that asks for a session that is over or never was; frames do not see a status.
GONE = b'<html><head><script src="../../static/HTMLFileClose.js"></script></head></html>'


class HTMLFile(NumberedStream):
    """One document that goes on."""

    __slots__ = ()

    name = "htmlfile"
    content_type = b"text/html"
    preamble = _HEAD.ljust(PREAMBLE_BYTES) + b"\n"
    beat = b"<script>h();</script>"

    def __init__(self, request: Request, proxy: Proxy) -> None:
        request.setHeader(b"pragma", b"no-cache")
        request.setHeader(b"expires", b"-1")
        super().__init__(request, proxy)

    def encode(self, packets: Sequence[Packet]) -> bytes:
        """A script that hands them to the page."""
        text = json.dumps([words(packet) for packet in packets]).replace("<", "\\u003c")
        return b"<script>e(%b)</script>" % text.encode()
