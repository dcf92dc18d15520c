"""``/system``: what runs here, and doors for trying it, as in Orbited 0.7.

========================  ====================================================
``/system``               version, and links to the next two
``/system/test``          whether pages may publish through the next one
``/system/test/stomp``    ``?dest=D&msg=M``, a script: publishes M to D on the broker in this process
``/system/monitor``       shows what the ``monitor://`` listener tells
========================  ====================================================

The relay knows no broker: it is given a function that publishes, or none.
"""

import json
from collections.abc import Callable, Collection
from html import escape

from twisted.logger import Logger
from twisted.web.server import Request

from orbited import __version__
from orbited.connectors import LOCAL_NAMES
from orbited.http import admits, answer, comes_from_admitted
from orbited.pages import Page
from orbited.policy import Policy

# Publishes a message (the second text) to a destination (the first); ValueError says why it cannot be done.
Publish = Callable[[str, str], None]

CONTENT_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SWITCHED_OFF = "The STOMP dispatcher is off: [test] stompdispatcher.enabled = 1 and a stomp:// listener turn it on."

log = Logger()


def make_system(policy: Policy, monitor_ports: Collection[int], publish: Publish | None) -> Page:
    """Everything under ``/system``; ``publish`` is None where nothing may be published."""
    test = Test(publish is not None, {b"stomp": Dispatcher(policy, publish)})
    return Overview({b"test": test, b"monitor": Monitor(policy, monitor_ports)})


class Overview(Page):
    """``/system``."""

    def read(self, request: Request) -> bytes:
        """What runs, and where to go."""
        return html(
            request,
            "Orbited",
            f"<p>Version {escape(__version__)}</p>"
            '<ul><li><a href="/system/test">Test</a></li><li><a href="/system/monitor">Monitor</a></li></ul>',
        )


class Test(Page):
    """``/system/test``."""

    def __init__(self, enabled: bool, below: dict[bytes, Page]) -> None:
        super().__init__(below)
        self._enabled = enabled

    def read(self, request: Request) -> bytes:
        """Is the dispatcher on?"""
        if not self._enabled:
            return html(request, "Test", f"<p>{escape(SWITCHED_OFF)}</p>")
        return html(
            request,
            "Test",
            "<p>The STOMP dispatcher is on: <code>/system/test/stomp?dest=DESTINATION&amp;msg=MESSAGE</code> "
            "publishes to everybody who is subscribed there.</p>",
        )


class Dispatcher(Page):
    """``/system/test/stomp``: made to be the source of a ``<script>``, so that it answers with one."""

    def __init__(self, policy: Policy, publish: Publish | None) -> None:
        super().__init__()
        self._policy = policy
        self._publish = publish

    def read(self, request: Request) -> bytes:
        """Publish, if it is on and a page of this site asks."""
        if not (admits(request, self._policy) or comes_from_admitted(request, self._policy)):
            return answer(request, 403, "bad-origin: this is for pages of this site")
        request.setHeader(b"content-type", b"text/javascript; charset=utf-8")
        if self._publish is None:
            return alert(SWITCHED_OFF)
        destination, message = (request.args.get(name, [b""])[-1] for name in (b"dest", b"msg"))
        if request.method == b"HEAD":
            return b""
        try:
            self._publish(destination.decode(), message.decode())
        except ValueError as error:  # UnicodeDecodeError is one
            return alert(f"Nothing was published. {error}")
        return b"// published\n"


class Monitor(Page):
    """``/system/monitor``."""

    def __init__(self, policy: Policy, ports: Collection[int]) -> None:
        super().__init__()
        self._policy = policy
        self._ports = ports

    def read(self, request: Request) -> bytes:
        """A table that its script fills."""
        found = self._target()
        if found is None:
            return html(
                request,
                "Monitor",
                "<p>There is no monitor that pages may reach. It needs two lines, for example "
                "<code>monitor://localhost:9001</code> in <code>[listen]</code> and "
                "<code>* -&gt; localhost:9001</code> in <code>[access]</code>.</p>",
            )
        host, port = found
        return html(
            request,
            "Monitor",
            f'<p id="state" role="status">Connecting …</p><table id="monitor" data-host="{escape(host)}" '
            f'data-port="{port}"><caption>This process, once a second</caption><tbody></tbody></table>',
            "/static/Orbited.js",
            "/static/system/monitor.js",
        )

    def _target(self) -> tuple[str, int] | None:
        targets = ((host, port) for port in self._ports for host in sorted(LOCAL_NAMES))
        return next((target for target in targets if self._policy.access.names(*target)), None)


def html(request: Request, title: str, body: str, *scripts: str) -> bytes:
    """A page; ``body`` is HTML, in which whatever came from outside has been escaped."""
    request.setHeader(b"content-type", b"text/html; charset=utf-8")
    request.setHeader(b"content-security-policy", CONTENT_POLICY)
    request.setHeader(b"referrer-policy", b"no-referrer")
    loaded = "".join(f'<script src="{script}" defer></script>' for script in scripts)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} – Orbited</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/system/system.css">'
        f"{loaded}</head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    ).encode()


def alert(text: str) -> bytes:
    """A script that says something to whoever looks at the page that loaded it."""
    return f"alert({json.dumps(text)});\n".encode()
