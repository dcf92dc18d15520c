"""``/healthz`` and ``/readyz``: is the process alive, and should anybody be sent to it?

``/healthz`` says 200 while the process serves at all. ``/readyz`` says 200 while every check passes, else 503 with
what is wrong; with ``?verbose`` it lists all of them, one a line.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from twisted.web.server import Request

from orbited.http import answer
from orbited.pages import Page

# What has to be well, by name; a check says what is wrong, or nothing.
Checks = Mapping[str, Callable[[], str]]


class Alive(Page):
    """``/healthz``."""

    def read(self, request: Request) -> bytes:
        """Yes: who is dead does not answer."""
        return answer(request, 200, "ok")


class Ready(Page):
    """``/readyz``."""

    def __init__(self, checks: Checks) -> None:
        super().__init__()
        self._checks = checks

    def read(self, request: Request) -> bytes:
        """Ask every check."""
        said = {name: check() for name, check in self._checks.items()}
        wrong = list(filter(None, said.values()))
        status = 503 if wrong else 200
        if b"verbose" in parse_qs(urlsplit(request.uri).query, keep_blank_values=True):
            return answer(request, status, "\n".join(f"{name}: {word or 'ok'}" for name, word in said.items()))
        return answer(request, status, f"not-ready: {', '.join(wrong)}" if wrong else "ok")
