"""``/static``: the relay's files for browsers, under the names that Orbited 0.7 gave them.

Two of them are joined from parts when the relay starts, so that a page needs one script tag for each and nobody a build
step. ``Orbited.js`` is the socket of ``static/Orbited.js`` with everything else that pages of 2010 may ask of the
global ``Orbited``; ``protocols/stomp/stomp.js`` is STOMPClient with the library that it stands on.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

from twisted.web.http import CACHED
from twisted.web.server import Request

from orbited.http import answer
from orbited.pages import Page

STATIC = Path(__file__).parent / "static"

LEGACY = (
    "settings",
    "logging",
    "transports",
    "cometsession",
    "base64",
    "utf8",
    "url",
    "builtins",
    "test",
)
"""What stands in ``static/legacy/``, in the order in which it is joined."""

STOMP = ("vendor/stompjs/stomp.umd.min.js", "protocols/stomp/socket.js", "protocols/stomp/client.js")
"""@stomp/stompjs and what STOMPClient adds to it."""

TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
}


class BrowserFile(NamedTuple):
    """One file as it is sent."""

    content: bytes
    type: bytes
    etag: bytes


class BrowserFiles(Page):
    """``/static``: everything is read once, so that no name in a request ever reaches the file system."""

    isLeaf = True

    def __init__(self) -> None:
        super().__init__()
        self._files = _load()

    def read(self, request: Request) -> bytes:
        """Send a file, unless the browser still has it."""
        file = self._files.get(b"/".join(request.postpath or ()))
        if file is None:
            return answer(request, 404, "not-found")
        # Pages of 2010 set document.domain to share an origin with the bridge pages here, and browsers of today allow
        # that only where both sides renounce an agent cluster of their own.
        request.setHeader(b"origin-agent-cluster", b"?0")
        request.setHeader(b"cache-control", b"no-cache")
        request.setHeader(b"content-type", file.type)
        return b"" if request.setETag(file.etag) is CACHED else file.content


def joined_orbited() -> str:
    """Orbited.js: the socket, and the rest of 0.7's interface."""
    return "\n".join(_text(name) for name in ("Orbited.js", *(f"legacy/{name}.js" for name in LEGACY)))


def joined_stomp() -> str:
    """stomp.js: in a function whose ``exports`` the library fills, so that it leaves no global of its own."""
    parts = "\n".join(map(_text, STOMP))
    return f'(function (exports, module) {{\n"use strict";\n{parts}}})({{}}, {{}});\n'


def _load() -> dict[bytes, BrowserFile]:
    plain = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.suffix in TYPES}
    texts = {name: path.read_text(encoding="utf-8") for name, path in plain.items()}
    texts |= {"Orbited.js": joined_orbited(), "protocols/stomp/stomp.js": joined_stomp()}
    return {name.encode(): _file(name, text.encode()) for name, text in texts.items()}


def _file(name: str, content: bytes) -> BrowserFile:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return BrowserFile(content, TYPES[Path(name).suffix], etag.encode())


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
