"""The moments of a game that ``make screenshots`` takes pictures of: states as a server sends them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator

from quiz.authoring.richtext import parse, parse_line
from tests.browser.samples import State, host, judged, me, now, question, reveal, standings, state, stored, teams

PLANETS = question(text="Which planet has the most moons?", choices=[])
PLANETS["choices"] = [
    {"id": id, "text": text} for id, text in zip("abcd", ("Jupiter", "Saturn", "Uranus", "Neptune"), strict=True)
]
POLL = {**PLANETS, "kind": "poll", "judged": False, "points": 0, "text": "Where would you go first?"}
POLL["choices"] = [{"id": id, "text": text} for id, text in zip("abc", ("The Moon", "Mars", "Europa"), strict=True)]
TYPED = question(kind="typed", choices=[], view={"max_chars": 80}, text="Who found the laws of the planets’ orbits?")
TYPED_REVEAL = reveal(
    right=["Kepler"], counts={"Kepler": 6, "Newton": 3, "Galileo": 2}, explanation="In 1609 and 1619."
)
NUMBER = question(kind="number", choices=[], view={"max_chars": 40, "unit": "km"}, text="How far away is the Moon?")
NUMBER_REVEAL = reveal(
    right={"value": 384400, "tolerance": 5, "percent": True},
    counts={"150000": 1, "300000": 2, "350000": 1, "380000": 4, "384400": 2, "400000": 1},
    explanation="On the average: its orbit is an ellipse.",
)
BY_SIZE = ("Jupiter", "Saturn", "Uranus", "Neptune")
SIZES = [{"id": id, "text": text} for id, text in zip("abcd", BY_SIZE, strict=True)]
ORDER = question(kind="order", choices=[SIZES[n] for n in (2, 0, 3, 1)], text="The giant planets, the largest first?")
ORDER_REVEAL = reveal(
    right=list("abcd"), counts={"a": 11, "b": 10, "c": 6, "d": 6}, explanation="Neptune is smaller and heavier."
)
MOONS = [{"id": id, "text": text} for id, text in zip("abcd", ("Io", "Titan", "Triton", "Ariel"), strict=True)]
PARTNERS = [
    {"id": id, "text": text} for id, text in zip("wxyz", ("Neptune", "Uranus", "Saturn", "Jupiter"), strict=True)
]
MATCH = question(kind="match", choices=MOONS, view={"partners": PARTNERS}, text="Which moon belongs to which planet?")
MATCH_REVEAL = reveal(right=list("zywx"), counts={"a": 9, "b": 11, "c": 7, "d": 6}, explanation="")
PICTURE = {"url": "/pictures/0.webp", "width": 800, "height": 600, "alt": "A planet with rings"}
FORMULA = "Which is the **escape velocity** of a body of mass $m$?\n\n$$v = \\sqrt{\\frac{2 G M}{r}}$$"
TERMS = ["It grows with $m$", "It is the same for every $m$", "$v \\propto r$", "$v \\propto \\frac{1}{M}$"]
WORDS = {"curiosity": 41, "silence": 23, "gravity": 17, "the long way home": 9, "stars": 6, "dark": 3, "cold": 1}
FIRST = {"counts": {"a": 6, "b": 3, "c": 2, "d": 0}, "to_right": 4, "to_wrong": 1}


def formula() -> State:
    """A question with formulas in its text and in its options."""
    choices = [{"id": id, "text": text, "rich": parse_line(text)} for id, text in zip("abcd", TERMS, strict=True)]
    return question(text="Which is the escape velocity?", rich=parse(FORMULA), choices=choices)


def cloud() -> dict[str, Any]:
    """An open question, and what was written."""
    view = {"form": "cloud", "entries": 3, "max_chars": 40}
    text = "What comes to your mind when you look up at night?"
    asked = question(kind="open", judged=False, points=0, choices=[], text=text, view=view)
    counted = reveal(right=[], counts=WORDS, view={"order": list(WORDS), "more": 0}, explanation="")
    return {"question": asked, "reveal": counted}


def at_the_door() -> State:
    """A host's lobby with three who would like to be in."""
    waiting = [{"knock": n, "nickname": name} for n, name in enumerate(("Caroline", "Edwin", "Vera"))]
    return host() | {"door": {"approve": True, "waiting": waiting, "knocks": len(waiting), "swept": 0}}


def in_teams() -> State:
    """A host's lobby in which everybody is in one of four teams."""
    own = host()
    for n, entry in enumerate(own["roster"]):
        entry["team"] = n % len(teams()["teams"]) + 1
    return own


HOST: dict[str, Callable[[], State]] = {
    "lobby": lambda: state("lobby", host()),
    "lobby-door": lambda: state("lobby", at_the_door()),
    "lobby-locked": lambda: state("lobby", host(), locked=True),
    "lobby-teams": lambda: state("lobby", in_teams(), **teams()),
    "countdown": lambda: state("countdown", host(), phase_ends_at=now() + 3_000),
    "reading": lambda: state("reading", host(), question={**PLANETS, "choices": []}, phase_ends_at=now() + 8_000),
    "open": lambda: state("open", host(), question=PLANETS),
    "reveal": lambda: state("reveal", host(), question=PLANETS),
    "standings": lambda: state("standings", host()),
    "paused": lambda: state("paused", host()),
    "podium": lambda: state("podium", host()),
    "podium-teams": lambda: state("podium", host(), **teams()),
    "survival": lambda: state("standings", host(), mode="survival", left=7),
    "peer": lambda: state(
        "reveal", host(), mode="peer", question={**PLANETS, "round": 2}, reveal=reveal(first=FIRST), answered=11
    ),
    "typed": lambda: state("reveal", host(), question=TYPED, reveal=TYPED_REVEAL),
    "poll": lambda: state("reveal", host(), question=POLL, reveal=reveal(right=[], explanation="")),
    "number": lambda: state("reveal", host(), question=NUMBER, reveal=NUMBER_REVEAL),
    "order-open": lambda: state("open", host(), question=ORDER),
    "order": lambda: state("reveal", host(), question=ORDER, reveal=ORDER_REVEAL),
    "match": lambda: state("reveal", host(), question=MATCH, reveal=MATCH_REVEAL),
    "cloud": lambda: state("reveal", host(), **cloud()),
    "picture": lambda: state("open", host(), question={**PLANETS, "text": "Which planet is this?", "picture": PICTURE}),
    "formula": lambda: state("open", host(), question=formula()),
}
"""By the name of the picture, on the wall."""

PHONE: dict[str, Callable[[], State]] = {
    "lobby": lambda: state("lobby"),
    "open": lambda: state("open", question=PLANETS),
    "received": lambda: state("open", me(answer=stored()), question=PLANETS),
    "right": lambda: state("reveal", me(answer=judged(right=True), gained=900), question=PLANETS),
    "wrong": lambda: state("reveal", me(answer=judged(right=False, choice="a")), question=PLANETS),
    "standings": lambda: state("standings", me(place=2, points=2610, gap=240)),
    "podium": lambda: state("podium", me(place=2, points=2610)),
    "lost": lambda: state("open", me(answer=stored()), question=PLANETS),
}
"""On a phone; what is "lost" there is the line."""


def results() -> dict[str, Any]:
    """What the page of a game's results shows."""
    game = SimpleNamespace(pk=7, pin="314159", title="The sky above us")
    lines = [{**line, "right": 3 - n // 3, "right_ms": 11_240 + 1_310 * n} for n, line in enumerate(standings()[:6])]
    counts = zip(PLANETS["choices"], (4, 6, 1, 0), strict=True)
    choices = [{**choice, "right": choice["id"] == "b", "count": count} for choice, count in counts]
    asked = {"question": 31, "number": 1, "points": 1000, "voided": False, "regraded": False, "judged": True}
    asked |= {"text": PLANETS["text"], "look": "choice", "answered": 11, "right": 6, "choices": choices}
    common = {"game": game, "questions": [asked], "corrections": [], "rules": []}
    common["user"] = SimpleNamespace(is_authenticated=True)
    return {**common, "players": lines, "page": Paginator(lines, 100).page(1)}
