"""``[static]``: an operator's own files on the relay's web site.

Served are the files below a mount's directory, a directory by its ``index.html``. Not served are directories' listings
(Orbited 0.7 showed them), names that begin with a dot, what symbolic links lead out of the directory to, and anything
that is no regular file.
"""

from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from twisted.web.resource import Resource
from twisted.web.server import Request
from twisted.web.static import File

from orbited.http import answer
from orbited.pages import Missing, Page, other_than_read

INDEX_FILE = "index.html"
# The type of a file whose name does not tell it.
DEFAULT_TYPE = "application/octet-stream"


class Forbidden(Page):
    """A file that the relay's user may not read."""

    def read(self, request: Request) -> bytes:
        """Say so."""
        return answer(request, 403, "forbidden: the relay may not read this file")


class Mount(File):
    """A file, or a directory with what is below it."""

    childNotFound: Any = Missing()
    forbidden: Any = Forbidden()

    def __init__(self, path: Path, top: Path | None = None) -> None:
        """``top``: the mounted directory, out of which nothing is served; ``path`` itself for the mount itself."""
        super().__init__(str(path), DEFAULT_TYPE)
        self.indexNames = [INDEX_FILE]
        self._top = (top or path).resolve()

    def render(self, request: Request) -> bytes | int:
        """Answer one request for this file."""
        refusal = other_than_read(request)
        if refusal is not None:
            return refusal
        if not _is_servable(Path(self.path)):
            return Missing().render(request)
        request.setHeader(b"x-content-type-options", b"nosniff")
        request.setHeader(b"cache-control", b"no-cache")
        return cast(bytes | int, super().render_GET(request))

    def getChild(self, path: bytes, request: Request) -> Resource:
        """What the next part of the path names, if it is served."""
        if path.startswith(b".") or b"\0" in path or not _is_utf8(path):
            return Missing()
        child = super().getChild(path, request)
        return child if isinstance(child, Mount) and child.is_below(self._top) else Missing()

    def is_below(self, top: Path) -> bool:
        """Does this lie below ``top``, symbolic links followed?"""
        return Path(self.path).resolve().is_relative_to(top)

    def createSimilarFile(self, path: str) -> "Mount":
        """What Twisted makes of a child's path."""
        return type(self)(Path(path), self._top)

    def directoryListing(self) -> Resource:
        """There is none."""
        return Missing()

    def redirect(self, request: Request) -> bytes:
        """A directory's own address ends in a slash, so that the links in its index lead where they should."""
        name = (request.prepath or [b""])[-1]
        request.redirect(f"./{quote(name)}/".encode())
        return b""


def _is_servable(path: Path) -> bool:
    try:
        return path.is_file() or path.is_dir()
    except OSError:
        return False


def _is_utf8(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True
