"""Resources that are only read: what GET, HEAD and every other method gets there."""

from collections.abc import Mapping
from typing import Any

from twisted.web.resource import Resource
from twisted.web.server import Request

from orbited.http import answer

READ = (b"GET", b"HEAD")
ALLOW = b"GET, HEAD, OPTIONS"


def other_than_read(request: Request) -> bytes | None:
    """Answer any method but GET and HEAD, without doing anything; None for these two."""
    if request.method in READ:
        return None
    request.setHeader(b"allow", ALLOW)
    if request.method == b"OPTIONS":
        request.setResponseCode(204)
        return b""
    return answer(request, 405, "method-not-allowed: this is only read")


class Page(Resource):
    """A resource that is only read, made anew for each request; others may lie below it."""

    def __init__(self, below: Mapping[bytes, Any] | None = None) -> None:
        super().__init__()
        for name, resource in (below or {}).items():
            self.putChild(name, resource)

    def render(self, request: Request) -> bytes:
        """Answer one request."""
        refusal = other_than_read(request)
        if refusal is not None:
            return refusal
        request.setHeader(b"cache-control", b"no-store")
        request.setHeader(b"x-content-type-options", b"nosniff")
        body = self.read(request)
        if request.method == b"HEAD":
            request.setHeader(b"content-length", str(len(body)).encode())
            return b""
        return body

    def read(self, request: Request) -> bytes:
        """The body; status and content type are set on the request."""
        raise NotImplementedError

    def getChild(self, path: bytes, request: Request) -> Resource:
        """What was not put below is not there."""
        return Missing()


class Missing(Page):
    """Nothing; but others may lie below it."""

    def read(self, request: Request) -> bytes:
        """Say so."""
        return answer(request, 404, "not-found")
