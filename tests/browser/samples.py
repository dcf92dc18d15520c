"""States of one game, one for each phase, as ``GET /games/7/state/`` gives them (``docs/messages.md``)."""

import copy
import time
from typing import Any

from quiz import kinds
from quiz.play import looks
from quiz.play.views.screens import HOST_CALLS, OWN_CALLS, OWN_HOST_CALLS, PLAYER_CALLS

State = dict[str, Any]

TEXT = "Which planet of our solar system has the most moons that have been confirmed so far?"
LIMIT_MS = 90_000
"""Of a question: more than any test needs, on any machine, before it has seen what it wants to see in it."""

LOOK = {"rich": None, "picture": None}
CHOICES = ["Jupiter", "Saturn", "Uranus", "Neptune, which is also the farthest from the Sun"]
NAMES = ["Ada", "Grace", "Blaise", "Émilie du Châtelet", "Niels", "Lise", "Enrico", "Rosalind", "Alan", "Hypatia"]
NAMES += ["Galileo", "Tycho"]
RECEIPT = {"answer_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "question": 31, "round": 1, "choice": ["b"]}
RECEIPT |= {"elapsed_ms": 3_100}


ROSTER_TIME = {"allowance": 100, "asks_for_time": False}
TIME = {**ROSTER_TIME, "ends_at": None}


def now() -> int:
    """Milliseconds since the epoch."""
    return int(time.time() * 1000)


def question(**changes: Any) -> State:
    choices = [{"id": id, "text": text} for id, text in zip("abcdef", CHOICES, strict=False)]
    base = {"id": 31, "number": 3, "text": TEXT, "kind": "choice", "judged": True, "several": False, "points": 1000}
    return {
        **base,
        "time_limit_ms": LIMIT_MS,
        "voided": False,
        "choices": choices,
        "round": 1,
        "view": {},
        **LOOK,
        **changes,
    }


def reveal(**changes: Any) -> State:
    explanation = "Saturn overtook Jupiter in 2023 and has kept the lead since."
    return {
        "right": ["b"],
        "counts": {"a": 4, "b": 6, "c": 1, "d": 0},
        "view": {},
        "explanation": explanation,
        "first": None,
        "rich": None,
        **changes,
    }


def standings(points: list[int] | None = None) -> list[State]:
    points = points or [2850, 2610, 2610, 2400, 1980, 1720, 1500, 950, 920, 0]
    before = [2, 1, 4, 3, 5, 7, 6, 8, 10, 9]
    return [
        {
            "player": number + 5,
            "nickname": NAMES[number],
            "points": own,
            "gained": 900 if number in (0, 2) else 0,
            "place": sum(other > own for other in points) + 1,
            "before": before[number],
            "team": None,
            "out_at": None,
        }
        for number, own in enumerate(points)
    ]


MODE = {"team": None, "lives": None, "out_at": None, "first": None}
TEAMS = ["Orion", "Lyra", "Swan", "The band of the second floor"]


def me(**changes: Any) -> State:
    base = {"role": "player", "player": 7, "nickname": "Blaise", "points": 1710, "gained": 0, "place": 4, "gap": 120}
    return {**base, "kicked": False, "seat": 1, "answer": None, **MODE, **TIME, **changes}


def teams(points: tuple[int, ...] = (2210, 1980, 1980, 640)) -> State:
    """What a state of a game in teams has beside that of others."""
    places = [1 + sum(other > own for other in points) for own in points]
    lines = [
        {"team": n, "name": name, "members": 3, "points": own, "gained": 400, "place": place, "before": place}
        for n, (name, own, place) in enumerate(zip(TEAMS, points, places, strict=True), start=1)
    ]
    return {"mode": "teams", "teams": lines}


def judged(*, right: bool, choice: str = "b", points: int | None = None) -> State:
    if points is None:
        points = 900 if right else 0
    return {**RECEIPT, "choice": [choice], "received_at": now(), "right": right, "points": points}


def stored() -> State:
    """An answer that has been acknowledged and not yet judged."""
    return {**RECEIPT, "received_at": now(), "right": None, "points": None}


def host() -> State:
    return {
        "role": "host",
        "hosts": ["author"],
        "door": {"approve": False, "waiting": [], "knocks": 0, "swept": 0},
        "vote": None,
        "roster": [
            {"player": n + 5, "nickname": name, "here": True, "team": None, **ROSTER_TIME}
            for n, name in enumerate(NAMES)
        ],
    }


def state(phase: str, own: State | None = None, **changes: Any) -> State:
    """The state in ``phase``; the running phase began two seconds ago."""
    base = {
        "game": 7,
        "pin": "314159",
        "title": "The sky above us",
        "version": 12,
        "seq": 17,
        "phase": phase,
        "paused_from": None,
        "host_lost": False,
        "locked": False,
        "phase_started_at": now() - 2_000,
        "phase_ends_at": None,
        "remaining_ms": None,
        "server_time": now(),
        "total": 15,
        "question": None,
        "reveal": None,
        "standings": standings(),
        "beyond": 0,
        "players": 12,
        "expected": 12,
        "answered": 0,
        "next": None,
        "mode": "host",
        "last": False,
        "discussing": False,
        "left": None,
        "teams": [],
        "me": own or me(),
    }
    whole = copy.deepcopy({**base, **PHASES[phase](), **changes})
    if whole["phase"] == "open" and whole["me"].get("allowance") == 100:
        whole["me"]["ends_at"] = whole["phase_ends_at"]
    return whole


PHASES: dict[str, Any] = {
    "lobby": lambda: {"standings": [], "seq": 0},
    "countdown": lambda: {"phase_ends_at": now() + 2_500, "phase_started_at": now() - 500, "standings": []},
    "reading": lambda: {"question": question(choices=[]), "phase_ends_at": now() + 3_000},
    "open": lambda: {"question": question(), "phase_ends_at": now() + LIMIT_MS - 2_000, "answered": 7},
    "reveal": lambda: {"question": question(), "reveal": reveal(), "answered": 11},
    "standings": lambda: {"question": question(), "reveal": reveal(), "answered": 11},
    "podium": lambda: {},
    "ended": lambda: {},
    "paused": lambda: {"paused_from": "open", "question": question(), "remaining_ms": 12_000},
}


def broker(state: State) -> State:
    own = ["/players/7", "/games/7/answers"] if state["me"]["role"] == "player" else ["/games/7/host"]
    names = ["/games/7/status", "/games/7/players", *own]
    where = {"host": "localhost", "port": 61613, "virtual_host": "localhost", "send_headers": {}}
    return where | {"login": "player:7", "destinations": {name: name for name in names}}


def calls(role: str) -> set[str]:
    """The calls whose addresses a real page of that role gets: one that it lacks is missing here too."""
    return {*HOST_CALLS, *OWN_HOST_CALLS} if role == "host" else {*PLAYER_CALLS, *OWN_CALLS}


def page(state: State, *, remote: bool = False) -> State:
    """What a view gives the template beside the state."""
    urls = {call: f"/games/7/{call}/" for call in calls(state["me"]["role"])}
    return {
        "role": state["me"]["role"],
        "state": state,
        "teaming": "chosen",
        "language": "en",
        "ticket": "ticket",
        "relay": {"host": "", "port": 8080, "media_url": "/static/orbited/"},
        "broker": broker(state),
        "join_url": "http://quiz.example/join/",
        "join_link": "http://quiz.example/join/?pin=123456&key=0123456789ab",
        "qr_url": "/games/7/qr.svg",
        "user": "author",
        "remote": remote,
        "status": "/games/7/status",
        "texts": "",
        "remote_url": "/games/7/remote/",
        "remote_qr_url": "/games/7/remote/qr.svg",
        "quiz": 1,
        "options": {"scoring": "calm"},
        **looks.of(kinds.names()),
        "urls": urls | {"home": "/", "time": "/time/", "again": "/games/"},
    }
