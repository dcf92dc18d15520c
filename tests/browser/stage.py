"""A page of the game in a real browser, with a sample state behind it and the test in the place of every server.

The page is rendered by our template with our Content-Security-Policy; static files are the real ones, bundled as a
server has them (a page is ten files then, not eighty), except that Orbited.js is ``orbited_double.js``. Whatever the
page logs as an error fails the test.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from csp.middleware import CSPMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views.i18n import JavaScriptCatalog
from playwright.sync_api import Browser, Page, Route

from quiz.assets import bundles
from quiz.assets.storage import CollectedFiles
from tests.browser.samples import page as page_of

ADDRESS = "http://stage.test"
DOUBLE = Path(__file__).with_name("orbited_double.js")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0z"/></svg>'
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path fill="navy" d="M0 0h4v3H0z"/></svg>'
PHONE = {"width": 360, "height": 740}
PROJECTOR = {"width": 1920, "height": 1080}

CATALOGUE = "globalThis.gettext = (text) => text;"
SUBSCRIPTIONS = 3
PATIENCE_MS = 60_000
STEP_MS = 20

FONTS = "async () => { document.body.offsetWidth; await document.fonts.ready; }"
"""A page asks for a font when it lays out the first text in it."""

Answer = Callable[[Any], tuple[int, Any]]

bundled = cache(bundles.made)


class Bundled(CollectedFiles):
    """Files as they are collected, without names of their content."""

    is_collected = True

    def stored_name(self, name: str) -> str:
        return name


class Stage:
    """``calls`` records what the page asked (name, body); ``answers`` says what it gets, by the same name."""

    def __init__(self, browser: Browser, state: dict[str, Any], language: str = "en", **context: Any) -> None:
        self.state = state
        self.language = language
        self.remote = context.pop("remote", False)
        self.template = f"play/{state['me']['role']}.html"
        self.values: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.screen = "[data-screen]:not([hidden])"
        self.errors: list[str] = []
        self.calls: list[tuple[str, Any]] = []
        self.answers: dict[str, Answer] = {"state": lambda _: (200, self.state)}
        self.context = browser.new_context(base_url=ADDRESS, locale=language, **context)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.route("**/*", self._serve)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self) -> Page:
        """Loads the page and waits until it shows a screen."""
        self.values = {"page": page_of(self.state, remote=self.remote), **self.more}
        self.page.goto(f"{ADDRESS}/")
        self.page.locator(self.screen).wait_for()
        return self.page

    def show(self, template: str, **values: Any) -> Page:
        """Loads a page that is not a game's: any of our templates."""
        self.template, self.values = template, values
        self.page.goto(f"{ADDRESS}/")
        return self.page

    def wait_for_subscriptions(self) -> list[list[str]]:
        """Waits until the page is subscribed to all that concerns it: [destination, id] of each."""
        self.until(lambda: len(self.page.evaluate("testBroker.subscriptions")) == SUBSCRIPTIONS)
        return self.page.evaluate("testBroker.subscriptions")

    def drawn(self, call: str) -> int:
        """How many answers to that call the page has read, and drawn what came of them."""
        return int(self.page.evaluate("testBroker.drawn").count(call))

    def wait_until_drawn(self, call: str, known: int = 0) -> None:
        """Waits until there are more such answers than those that are ``known``."""
        self.until(lambda: self.drawn(call) > known)

    def until(self, happened: Callable[[], bool]) -> None:
        """Lets the page run until something is so; fails after PATIENCE_MS."""
        for _ in range(PATIENCE_MS // STEP_MS):
            if happened():
                return
            self.page.wait_for_timeout(STEP_MS)
        raise AssertionError("it did not happen in time")

    def settle(self) -> None:
        """Waits until nothing on the page moves any more: all fonts are there, all animations that end have ended."""
        self.page.evaluate(FONTS)
        self.until(
            lambda: self.page.evaluate(
                "document.getAnimations().every("
                "(one) => one.playState === 'finished' || one.effect.getComputedTiming().endTime === Infinity)"
            )
        )

    def stop_clock(self) -> None:
        """Stops the clock that the page has been given, a minute later than it shows; ``page.clock`` moves it on."""
        self.page.clock.pause_at(self.page.evaluate("Date.now() + 60_000") / 1000)

    def send(self, destination: str, type: str, data: Any, seq: int = 0) -> None:
        """Delivers one message to the page."""
        envelope = {"v": 1, "type": type, "seq": seq, "at": 0, "data": data}
        self.page.evaluate(
            "([destination, envelope]) => testBroker.send(destination, envelope)", [destination, envelope]
        )

    def bodies(self, name: str) -> list[Any]:
        """The bodies of the page's calls of that name, in order."""
        return [body for called, body in self.calls if called == name]

    def violations(self) -> str:
        """What axe finds wrong with the page when all that fades in or out has done so, or an empty text."""
        self.settle()
        results = Axe().run(self.page)
        return results.generate_report() if results.violations_count else ""

    def size(self) -> tuple[int, int]:
        """Width and height of what the page would show without its window, when nothing on it moves any more."""
        self.settle()
        width, height = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        return width, height

    def close(self) -> None:
        self.context.close()

    def _serve(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(**self._html())
        elif path.endswith("/Orbited.js"):
            route.fulfill(body=DOUBLE.read_text(), content_type="text/javascript")
        elif path.startswith("/static/"):
            serve_static(route, bundled())
        elif path == "/jsi18n/":
            route.fulfill(body=self._catalogue(), content_type="text/javascript")
        elif path.startswith("/pictures/"):
            route.fulfill(body=PICTURE, content_type="image/svg+xml")
        elif path.endswith("qr.svg"):
            route.fulfill(body=QR, content_type="image/svg+xml")
        else:
            self._answer(route, path.strip("/").split("/")[-1])

    def _html(self) -> dict[str, Any]:
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        with translation.override(self.language), patch.object(staticfiles_storage, "_wrapped", Bundled()):
            html = render_to_string(self.template, self.values, request)
        response = CSPMiddleware(lambda _: HttpResponse(html))(request)
        return {"body": html, "headers": dict(response.headers)}

    def _catalogue(self) -> bytes:
        with translation.override(self.language):
            return JavaScriptCatalog.as_view()(RequestFactory().get("/jsi18n/")).content

    def _answer(self, route: Route, name: str) -> None:
        posted = route.request.post_data
        is_json = route.request.headers.get("content-type") == "application/json"
        body = json.loads(posted) if posted and is_json else posted
        self.calls.append((name, body))
        status, answer = self.answers.get(name, lambda _: (200, {}))(body)
        if status == 0:
            route.abort()
        else:
            route.fulfill(status=status, json=answer)


def serve_static(route: Route, made: Mapping[str, str] = MappingProxyType({})) -> None:
    """Give a file as it lies, or one that was ``made`` of several."""
    name = urlsplit(route.request.url).path.removeprefix("/static/")
    found = finders.find(name)
    if name in made:
        route.fulfill(body=made[name], content_type=TYPES[Path(name).suffix])
    elif found is None:
        route.fulfill(status=404)
    else:
        route.fulfill(body=Path(found).read_bytes(), content_type=TYPES[Path(found).suffix])


@contextmanager
def bare(browser: Browser) -> Iterator[Page]:
    """An empty page of the site's origin that can import the modules of static/."""
    with browser.new_context() as context:
        context.route(
            "**/*", lambda route: route.fulfill(body="<!doctype html><title>bare</title>", content_type="text/html")
        )
        context.route("**/static/**", lambda route: serve_static(route))  # noqa: PLW0108  A second parameter gets the request.
        page = context.new_page()
        page.goto(f"{ADDRESS}/")
        page.add_script_tag(content=CATALOGUE)
        yield page


@contextmanager
def staged(browser: Browser, state: dict[str, Any], **context: Any) -> Iterator[Stage]:
    """A stage on which the page of ``state`` is open, its line up and the first snapshot read.

    At the end it must have logged no error.
    """
    stage = Stage(browser, state, **context)
    try:
        stage.open()
        if state["phase"] != "ended" and not state["me"].get("kicked"):
            stage.wait_for_subscriptions()
            stage.wait_until_drawn("state")
        yield stage
        assert stage.errors == []
    finally:
        stage.close()
