"""Processes that die and come back in the middle of a game, and what strangers send: real processes, real sockets."""

import asyncio
import http.client
import json
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bench import stomp
from bench.recount import recount
from bench.relay import RelayClosed, RelaySocket
from orbited.frames import MAX_MESSAGE_BYTES
from quiz.processes.network import free_port
from stomp_broker.frames import MAX_BROWSER_FRAME_BYTES, Frame, Version, encode
from tests.live.realbroker import Subscriber
from tests.stack import AUTHOR, PROCFILE, Stack, wait_until

QUICK_QUIZ = """Question,Answer 1,Answer 2,Correct answer,Time limit
Is ice lighter than water?,Yes,No,1,5
Is the Moon a star?,Yes,No,2,5
"""


@pytest.fixture(scope="module")
def whole_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), broker_apart=True) as stack:
        yield stack


@pytest.fixture
def stack(whole_stack: Stack) -> Stack:
    """All processes run, whatever the test before has done to them."""
    whole_stack.start_all()
    return whole_stack


class Game:
    """A game led over HTTP, and its players: what each got when it joined, by name."""

    def __init__(self, stack: Stack, quiz: int) -> None:
        self.stack = stack
        self.ticket = stack.manage("ticket", "--user", AUTHOR)
        status, opened = stack.call("/games/", {"quiz": quiz}, self.ticket)
        assert status == 201
        self.id, self.pin = opened["game"], opened["pin"]
        self.players = {name: self.join(name) for name in ("Ada", "Bob")}

    def join(self, name: str) -> Any:
        status, admission = self.stack.call("/join/", {"pin": self.pin, "nickname": name})
        assert status == 201
        return admission

    def steps(self, *names: str) -> None:
        for name in names:
            assert self.stack.call(f"/games/{self.id}/{name}/", {}, self.ticket) == (200, {})

    def state(self, name: str = "Ada") -> Any:
        status, state = self.stack.call(f"/games/{self.id}/state/", ticket=self.players[name]["ticket"])
        assert status == 200
        return state

    def until(self, phase: str) -> Any:
        wait_until(lambda: self.state()["phase"] == phase)
        return self.state()

    def opened(self) -> Any:
        """The first question, open."""
        self.steps("start")
        while (state := self.state())["phase"] != "open":  # Each phase may have ended by itself since.
            self.stack.call(f"/games/{self.id}/next/", {"version": state["version"]}, self.ticket)
        return state["question"]

    def answer(self, name: str, answer: dict[str, Any]) -> tuple[int, Any]:
        return self.stack.call(f"/games/{self.id}/answer/", answer, self.players[name]["ticket"])


def answer_to(question: Any) -> dict[str, Any]:
    return {"answer_id": str(uuid.uuid4()), "question": question["id"], "choice": question["choices"][0]["id"]}


@pytest.fixture
def game(stack: Stack) -> Game:
    return Game(stack, stack.quiz())


@pytest.fixture
def quick_game(stack: Stack, tmp_path: Path) -> Game:
    """A game of two questions of five seconds."""
    (tmp_path / "quick.csv").write_text(QUICK_QUIZ)
    imported = stack.manage("import_quiz", str(tmp_path / "quick.csv"), "--owner", AUTHOR)
    return Game(stack, int(imported.split()[1].rstrip(":")))


# Processes that die


def test_game_starts_without_a_broker_and_its_status_comes_when_the_broker_is_back(stack: Stack, game: Game) -> None:
    stack.kill("broker", signal.SIGTERM)
    game.steps("start")
    stack.signal("referee", signal.SIGSTOP)  # It would deliver before anybody can listen.
    stack.start("broker")
    listener = Subscriber(stack.ports["STOMP_PORT"], "service:test", f"/games/{game.id}/status")
    stack.signal("referee", signal.SIGCONT)
    [event] = listener.envelopes(1)
    assert (event["type"], event["seq"]) == ("game.started", 1)


def test_new_referee_closes_what_is_overdue(stack: Stack, quick_game: Game) -> None:
    question = quick_game.opened()
    stack.kill("referee")
    ends_at = quick_game.state()["phase_ends_at"]
    wait_until(lambda: time.time() * 1000 > ends_at)
    status, refusal = quick_game.answer("Ada", answer_to(question))
    assert (status, refusal["error"]) == (409, "question-not-open")
    assert quick_game.state()["phase"] == "open"
    stack.start("referee")
    assert quick_game.until("reveal")["me"]["answer"] is None


def test_second_referee_changes_nothing(stack: Stack, quick_game: Game) -> None:
    stack.launch("second referee", PROCFILE["referee"], REFEREE_PORT=str(free_port()))
    wait_until(lambda: "referee is looking" in stack.log("second referee"))
    quick_game.steps("start")
    play_question(quick_game)
    quick_game.steps("next", "next")
    play_question(quick_game)
    quick_game.steps("next")
    stack.kill("second referee")

    a_question = ["question.reading", "question.opened", "question.closed"]
    told = ["game.started", *a_question, "standings.shown", *a_question, "podium.shown"]
    rows = stack.rows("SELECT seq, type FROM live_event WHERE destination = ?", f"/games/{quick_game.id}/status")
    assert sorted(rows) == list(enumerate(told, start=1))
    with stack.database() as database:
        counted = recount(database, quick_game.id)
    mine = [quick_game.state(name)["me"] for name in quick_game.players]
    assert {me["player"]: (me["points"], me["place"]) for me in mine} == counted.standings


def play_question(game: Game) -> None:
    """Referees open it, both players answer, referees close it."""
    question = game.until("open")["question"]
    for name in game.players:
        assert game.answer(name, answer_to(question))[0] == 200
    game.until("reveal")


def test_answer_sent_again_and_again_while_web_dies_and_returns_is_stored_once(stack: Stack, game: Game) -> None:
    answer = answer_to(game.opened())
    receipts: list[Any] = []
    done = threading.Event()

    def insist() -> None:
        while not done.is_set():
            with suppress(OSError, http.client.HTTPException):
                receipts.append(game.answer("Ada", answer))

    insisting = threading.Thread(target=insist)
    insisting.start()
    wait_until(lambda: receipts)
    stack.kill("web")
    known = len(receipts)
    stack.start("web")
    wait_until(lambda: len(receipts) > known + 1)
    done.set()
    insisting.join()

    assert receipts[0][0] == 200
    assert all(receipt == receipts[0] for receipt in receipts)
    assert stack.rows("SELECT COUNT(*) FROM play_answer WHERE question_id = ?", answer["question"]) == [(1,)]
    state = game.state()
    assert (state["phase"], state["answered"]) == ("open", 1)
    assert state["me"]["answer"]["answer_id"] == answer["answer_id"]
    assert game.answer("Bob", answer_to(state["question"]))[0] == 200
    assert game.until("reveal")["me"]["answer"]["right"] is not None


def test_answers_in_the_hands_of_a_referee_that_is_killed_are_stored_once(stack: Stack, game: Game) -> None:
    game.players |= {f"Player {number}": game.join(f"Player {number}") for number in range(10)}
    answer, queue = answer_to(game.opened()), f"/games/{game.id}/answers"
    stack.signal("referee", signal.SIGSTOP)
    lines, ids = [], set()
    for admission in game.players.values():
        id = admission["player"]
        line = Subscriber(stack.ports["STOMP_PORT"], f"player:{id}", f"/players/{id}", write=[queue])
        own = str(uuid.uuid4())
        ids.add(own)
        line.send(queue, json.dumps({**answer, "answer_id": own}))
        lines.append(line)
    stack.signal("referee", signal.SIGCONT)  # It has them all, and is killed at whatever it is doing.
    stack.kill("referee")
    stack.start("referee")
    receipts = [line.envelopes(1)[0] for line in lines]
    assert {receipt["type"] for receipt in receipts} == {"answer.received"}
    stored = stack.rows("SELECT answer_id FROM play_answer WHERE question_id = ?", answer["question"])
    assert sorted(str(uuid.UUID(id)) for (id,) in stored) == sorted(ids)


def test_a_game_goes_on_after_all_processes_were_killed_at_once(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "slow.csv").write_text(QUICK_QUIZ.replace(",5\n", ",120\n"))
    imported = stack.manage("import_quiz", str(tmp_path / "slow.csv"), "--owner", AUTHOR)
    game = Game(stack, int(imported.split()[1].rstrip(":")))
    answer = answer_to(game.opened())
    receipt = game.answer("Ada", answer)
    before = game.state()
    for name in list(stack.processes):
        stack.kill(name)
    stack.start_all()
    after = game.state()
    kept = ("phase", "phase_ends_at", "question", "answered", "me", "seq")
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    assert game.answer("Ada", answer) == receipt
    assert game.answer("Bob", answer_to(after["question"]))[0] == 200
    assert game.until("reveal")["me"]["answer"]["right"] is True
    game.steps("next", "next")  # with the host's ticket of before
    assert game.state()["question"]["number"] == 2


# What strangers send


def send(destination: str) -> Frame:
    return Frame("SEND", {"destination": destination}, b'{"v":1,"type":"podium.shown","seq":1,"at":0,"data":{}}')


def subscribe(destination: str) -> Frame:
    return Frame("SUBSCRIBE", {"id": "x", "destination": destination})


FORGED = {
    "a status of the own game": lambda game, other: send(f"/games/{game.id}/status"),
    "counts of the own game": lambda game, other: send(f"/games/{game.id}/players"),
    "a word to the host": lambda game, other: send(f"/games/{game.id}/host"),
    "a result for oneself": lambda game, other: send(f"/players/{game.players['Ada']['player']}"),
    "a result for another": lambda game, other: send(f"/players/{game.players['Bob']['player']}"),
    "an answer in another game": lambda game, other: send(f"/games/{other.id}/answers"),
    "the host's roster": lambda game, other: subscribe(f"/games/{game.id}/host"),
    "everybody's answers": lambda game, other: subscribe(f"/games/{game.id}/answers"),
    "another player's results": lambda game, other: subscribe(f"/players/{game.players['Bob']['player']}"),
    "another game": lambda game, other: subscribe(f"/games/{other.id}/status"),
}


@pytest.fixture(scope="module")
def two_games(whole_stack: Stack) -> tuple[Game, Game]:
    whole_stack.start_all()
    quiz = whole_stack.quiz()
    return Game(whole_stack, quiz), Game(whole_stack, quiz)


async def through_the_relay(stack: Stack, admission: Any, data: list[bytes]) -> None:
    """Log in as that player and send the data; returns when everything is over, or raises what ended it."""
    socket = await RelaySocket.open(stack.relay, f"localhost:{stack.ports['STOMP_PORT']}")
    incoming = stomp.Incoming()
    socket.send(stomp.connect("localhost", admission["ticket"]))
    assert [frame.command for frame in incoming.frames(await socket.receive())] == ["CONNECTED"]
    for piece in data:
        socket.send(piece)
    while True:
        assert incoming.frames(await socket.receive()) == []


@pytest.mark.parametrize("name", FORGED)
def test_forged_frame_is_refused_and_nobody_sees_anything(stack: Stack, two_games: Any, name: str) -> None:
    game, _ = two_games
    frame = FORGED[name](*two_games)
    destination = frame.headers["destination"]
    port = stack.ports["STOMP_PORT"]
    listener = None if destination.endswith("/answers") else Subscriber(port, "service:listener", destination)
    with pytest.raises(stomp.StompRefused, match="access-refused"):
        asyncio.run(through_the_relay(stack, game.players["Ada"], [encode(frame, Version.V12)]))
    assert game.state()["seq"] == 0
    Subscriber(port, "service:sender", "/nowhere").send(destination, '{"honest": true}')
    if listener:
        assert listener.envelopes(1) == [{"honest": True}]
    else:  # The referee reads these, and says of whom it takes none, in order.
        dropped = f"{destination}: dropped what "
        wait_until(lambda: f"{dropped}'service:sender'" in stack.log("referee"), lambda: stack.log("referee"))
        assert f"{dropped}'player" not in stack.log("referee")


def test_frame_that_never_ends_is_refused(stack: Stack, two_games: Any) -> None:
    game, _ = two_games
    endless = f"SEND\ndestination:/games/{game.id}/answers\n\n".encode() + bytes([65]) * MAX_BROWSER_FRAME_BYTES
    pieces = [endless[:40_000], endless[40_000:]]
    with pytest.raises(stomp.StompRefused, match="frame-too-large"):
        asyncio.run(through_the_relay(stack, game.players["Ada"], pieces))


def test_websocket_message_that_is_too_long_is_refused(stack: Stack, two_games: Any) -> None:
    game, _ = two_games
    with pytest.raises(RelayClosed, match="1009"):
        asyncio.run(through_the_relay(stack, game.players["Ada"], [b"A" * (MAX_MESSAGE_BYTES + 1)]))


@pytest.mark.parametrize("target", ["localhost:1", "localhost:{WEB_PORT}", "127.0.0.1:{STOMP_PORT}"])
def test_relay_leads_nowhere_but_to_the_broker(stack: Stack, target: str) -> None:
    with pytest.raises(RelayClosed, match="0106"):
        asyncio.run(RelaySocket.open(stack.relay, target.format(**stack.ports)))


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"{", 400, "bad-json"),
        (b"[]", 400, "bad-json"),
        (b"\xff\xfe", 400, "bad-json"),
        (b"A" * 70_000, 413, "too-large"),
    ],
)
def test_bad_body_gets_a_clear_answer(stack: Stack, two_games: Any, body: bytes, status: int, error: str) -> None:
    game, _ = two_games
    before = stack.rows("SELECT COUNT(*) FROM play_player")
    for path in ("/join/", f"/games/{game.id}/answer/"):
        answered, refusal = stack.call(path, body, game.players["Ada"]["ticket"])
        assert (answered, refusal["error"]) == (status, error)
        assert refusal["message"]
    assert stack.rows("SELECT COUNT(*) FROM play_player") == before
