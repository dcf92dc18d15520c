"""The pages of a game as people use them, in browsers that see the real server."""

import json
import os
import re
from typing import Any, NamedTuple, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, expect

from tests.browser.stage import PHONE, PROJECTOR
from tests.stack import AUTHOR, Stack

PATIENCE_MS = 60_000

NETWORK_FAULT = re.compile(r"Failed to load resource: net::|WebSocket connection to |.* 404 .*/tcp/\w+")
"""What Chromium itself logs about a line that fails, and about a relay that does not know a session any more."""

OVERTAKEN = re.compile(r".* status of 409 .*/(start|next)/$")
"""What it logs when a phase has ended just as its host pressed on; the page says nothing of it."""

IN_HAND = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "reduced_motion": "reduce"}
ON_THE_WALL = {"viewport": PROJECTOR, "reduced_motion": "reduce"}
"""Browser contexts. Less motion, because axe would measure colours on their way."""

NO_WEBSOCKET = "delete window.WebSocket;"


class Question(NamedTuple):
    """A question of a game as its row has it; ``texts`` are those of the options by id, in the order of the screens."""

    id: int
    number: int
    text: str
    explanation: str
    texts: dict[str, str]
    right: list[str]
    time_limit_s: float

    @property
    def several(self) -> bool:
        return len(self.right) > 1

    @property
    def wrong(self) -> list[str]:
        """A choice that is not right: the first option that is none."""
        return [next(id for id in self.texts if id not in self.right)]


class Screen:
    """One person's browser. Whatever its page logs as an error is kept in ``errors``."""

    def __init__(self, browser: Browser, stack: Stack, **context: Any) -> None:
        self.stack = stack
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.context = browser.new_context(base_url=stack.url, **context)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.page.on("console", self._logged)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda websocket: self.requests.append(websocket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _logged(self, message: ConsoleMessage) -> None:
        text = f"{message.text} at {message.location['url']}"
        if message.type == "error" and not OVERTAKEN.match(text):
            self.errors.append(text)

    @property
    def bar(self) -> Locator:
        """The thin bar that says how the line is."""
        return self.page.locator("[data-connection]")

    def shows(self, screen: str) -> None:
        """Wait for one of the page's screens."""
        expect(self.page.locator(f"[data-screen={screen}]")).to_be_visible()

    def state(self) -> Any:
        """The state of the game as the server tells this page."""
        return self.page.evaluate(
            "fetch(JSON.parse(document.getElementById('page').textContent).urls.state).then((answer) => answer.json())"
        )

    def inspect(self) -> None:
        """Hold what is on the screen now against WCAG, and against its width."""
        results = Axe().run(self.page)
        assert not results.violations_count, results.generate_report()
        wide, window = self.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{self.page.url} is {wide} px wide in a window of {window} px"

    @property
    def transports(self) -> set[str]:
        """How the relay was asked: ``{"websocket"}``, or whatever was tried."""
        return set(re.findall(r"/tcp(?:/\w+)?/(websocket|stream|eventsource|longpoll)", " ".join(self.requests)))

    def forgive_network_faults(self) -> None:
        """The line was meant to fail."""
        self.errors = [error for error in self.errors if not NETWORK_FAULT.match(error)]

    def mark(self) -> None:
        """Remember this page; a reload forgets it."""
        self.page.evaluate("window.isMarked = true")

    @property
    def is_marked(self) -> bool:
        return bool(self.page.evaluate("window.isMarked === true"))


SHOWN = "(({ phase, screen }) => phase ?? screen)(document.querySelector('[data-screen]:not([hidden])').dataset)"
"""The phase that a host's page shows."""


class Host(Screen):
    """The author's screen, for the projector."""

    game: int

    def open_game(self, quiz: int) -> str:
        """Log in, start a game of that quiz and return its PIN."""
        self.page.goto("/quizzes/")
        self.log_in()
        self.page.click(f"form[action='/games/']:has([name=quiz][value='{quiz}']) button")
        self.shows("lobby")
        state = self.state()
        self.game = state["game"]
        return str(state["pin"])

    def open_page(self, game: int) -> None:
        """Log in, and open the page of a game that there is."""
        self.page.goto(f"/games/{game}/")
        self.log_in()
        self.game = game

    def log_in(self) -> None:
        """Say who one is, and go on to the page that asked."""
        self.page.fill("[name=login]", AUTHOR)
        self.page.fill("[name=password]", os.environ["DEMO_PASSWORD"])
        self.page.click("main button[type=submit]")

    def until(self, phase: str) -> Self:
        expect(self.page.locator(sign_of(phase))).to_be_visible()
        return self

    def until_not(self, phase: str) -> Self:
        expect(self.page.locator(sign_of(phase))).to_be_hidden()
        return self

    def press_on(self) -> None:
        """What a presenter's remote control sends."""
        self.page.keyboard.press("ArrowRight")

    def hasten(self, phase: str) -> None:
        """Press on in that phase, which may end by itself at any moment: what comes next is not to be ended too."""
        press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))"
        self.page.evaluate(f"(phase) => {{ if ({SHOWN} === phase) {press}; }}", phase)
        self.until_not(phase)

    @property
    def phase(self) -> str:
        """What the screen shows now; the podium also when the game has ended."""
        return str(self.page.evaluate(SHOWN))

    def questions(self) -> list[Question]:
        """All questions of the game, with what only the server knows."""
        rows = self.stack.rows(
            'SELECT id, position, text, explanation, choices, "right", time_limit_ms FROM play_gamequestion'
            " WHERE game_id = ? ORDER BY position",
            self.game,
        )
        return [question_of(*row) for row in rows]

    def question(self) -> Question:
        """The one that is being played."""
        return self.questions()[self.state()["question"]["number"] - 1]


def sign_of(phase: str) -> str:
    """The element of the host's page that is to be seen in that phase."""
    if phase in ("reading", "open", "reveal"):
        return f"[data-screen=question][data-phase={phase}]"
    return "[data-controls] [data-ref=again]" if phase == "ended" else f"[data-screen={phase}]"


def question_of(id: int, position: int, text: str, explanation: str, choices: str, right: str, limit: int) -> Question:
    texts = {choice["id"]: choice["text"] for choice in json.loads(choices)}
    return Question(id, position, text, explanation, texts, json.loads(right), limit / 1000)


class Phone(Screen):
    """A player's page."""

    def join(self, pin: str, name: str) -> None:
        self.enter(pin, name)
        self.shows("lobby")

    def enter(self, pin: str, name: str) -> None:
        self.page.goto("/")
        self.page.fill("#pin", pin)
        self.page.click("main button[type=submit]")
        self.page.fill("#nickname", name)
        self.page.click("main button[type=submit]")

    def option(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=text, exact=True)

    def tap(self, question: Question, choice: list[str]) -> None:
        for id in choice:
            self.option(question.texts[id]).tap()
        if question.several:
            self.page.locator("[data-ref=send]:visible").tap()

    def type(self, question: Question, choice: list[str]) -> None:
        """Answer with the keyboard: the number of each option, and Enter where several are asked for."""
        expect(self.option(question.texts[choice[0]])).to_be_visible()
        for id in choice:
            self.page.keyboard.press(str(list(question.texts).index(id) + 1))
        if question.several:
            self.page.keyboard.press("Enter")

    def is_received(self) -> None:
        """Wait for the acknowledgement on the screen."""
        expect(self.page.locator("[data-screen=question] [data-ref=status]")).to_have_attribute("data-mood", "good")

    def has_points(self, points: int) -> None:
        """Wait until the top of the page shows so many."""
        expect(self.page.locator("[data-points]")).to_contain_text(f"{points:,} point")

    @property
    def seconds_left(self) -> int:
        """What the countdown shows."""
        return int(self.page.locator("[data-screen=question] [data-ring-seconds]").inner_text())


class Party:
    """A host at a projector, Ada with a light phone, Bob with a dark one, and a game of the demo quiz."""

    def __init__(self, browser: Browser, stack: Stack, **contexts: dict[str, Any]) -> None:
        """``contexts`` has more about the browser of ``host``, ``ada`` or ``bob``."""
        self.host = Host(browser, stack, **ON_THE_WALL | contexts.get("host", {}))
        self.ada = Phone(browser, stack, **IN_HAND | {"color_scheme": "light"} | contexts.get("ada", {}))
        self.bob = Phone(browser, stack, **IN_HAND | {"color_scheme": "dark"} | contexts.get("bob", {}))
        self.phones: tuple[Phone, ...] = (self.ada, self.bob)
        self.screens: tuple[Screen, ...] = (self.host, *self.phones)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """After a test that went well no page has logged an error."""
        for screen in self.screens:
            screen.context.close()
        if kind is None:
            errors = [screen.errors for screen in self.screens]
            assert not any(errors), errors

    def invite(self, browser: Browser, stack: Stack) -> Phone:
        """A third phone, Cleo's, which joins by itself."""
        cleo = Phone(browser, stack, **IN_HAND)
        self.phones = (*self.phones, cleo)
        self.screens = (*self.screens, cleo)
        return cleo

    def gather(self, quiz: int) -> None:
        """Open a game of that quiz; all are in its lobby."""
        pin = self.host.open_game(quiz)
        self.ada.join(pin, "Ada")
        self.bob.join(pin, "Bob")
        expect(self.host.page.locator("[data-screen=lobby]")).to_contain_text("Bob")

    def look(self, screen: str, host: str = "") -> None:
        """Wait until all see this screen, and hold each against the rules for pages."""
        for phone in self.phones:
            phone.shows(screen)
        self.host.shows(host or screen)
        for each in self.screens:
            each.inspect()
