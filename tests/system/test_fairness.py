"""Two players who react alike, one near and one far: real relay, real lines, real slips, real rows; the same points."""

import contextlib
import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from quiz.live.clock import now_ms
from quiz.play import answering, tally
from quiz.play.models import Game
from tests.stack import wait_until
from tests.system.delayedline import DelayedLine
from tests.system.relay import Relay

LINES_MS = {"Ada": 30, "Bob": 400}
NEAR_MS, FAR_MS = LINES_MS.values()
HICCUP_MS, TRIES = 20, 20
REACTION_S = 0.9
SHORT_MS = 5_000
OPENED = b"opened\n"

CONFIGURATION = """
[listen]
http://127.0.0.1:{http}
[access]
* -> localhost:HALL
"""


class Hall:
    """Where the relay brings the players: all hear when a question opens, and each answer's arrival is noted."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._players: list[socket.socket] = []
        self._opened_at = 0.0
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        threading.Thread(target=self._accept, daemon=True).start()

    def open_question(self) -> dict[str, tuple[int, dict[str, Any]]]:
        """For each player: after how many milliseconds the answer came, and what it said."""
        self.answers = {}
        self._opened_at = time.monotonic()
        for player in self._players:
            player.sendall(OPENED)
        wait_until(lambda: len(self.answers) == len(self._players), "somebody does not answer")
        return self.answers

    def close(self) -> None:
        self._listener.close()
        for player in self._players:
            player.close()

    @property
    def crowd(self) -> int:
        return len(self._players)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                player, _ = self._listener.accept()
                self._players.append(player)
                threading.Thread(target=self._listen, args=(player,), daemon=True).start()

    def _listen(self, player: socket.socket) -> None:
        with contextlib.suppress(OSError), player.makefile("rb") as lines:
            for line in lines:
                elapsed_ms = round((time.monotonic() - self._opened_at) * 1000)
                data = json.loads(line)
                self.answers[data["name"]] = elapsed_ms, data


class Phone:
    """A player's page at the end of a line: shows what the relay says of that, and answers after REACTION_S."""

    def __init__(self, name: str, port: int, hall: int) -> None:
        self.name = name
        self.slip: str | None = None
        self._hall = hall
        url = f"ws://127.0.0.1:{port}/tcp/websocket"
        self._socket = connect(url, origin=None, proxy=None, compression=None, legacy=True)
        threading.Thread(target=self._live, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _live(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            self._socket.send(f"localhost:{self._hall}\n".encode())
            for message in self._socket:
                if isinstance(message, str):
                    self._hear(*json.loads(message))
                elif message == OPENED:
                    self._answer(time.monotonic() + REACTION_S)

    def _answer(self, at: float) -> None:
        time.sleep(at - time.monotonic())
        self._socket.send(json.dumps({"name": self.name, "line": self.slip}).encode() + b"\n")

    def _hear(self, word: str, *values: Any) -> None:
        if word == "line":
            self.slip = values[0]


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    yield hall
    hall.close()


@pytest.fixture
def phones(tmp_path: Path, hall: Hall, settings: Any) -> Iterator[None]:
    """Ada is near, Bob far; the relay has measured both."""
    text = CONFIGURATION.replace("HALL", str(hall.port))
    with (
        Relay(tmp_path, text, STOMP_TICKET_KEY=settings.STOMP_TICKET_KEY) as relay,
        DelayedLine(relay.ports["http"], NEAR_MS) as near,
        DelayedLine(relay.ports["http"], FAR_MS) as far,
    ):
        both = [Phone("Ada", near.port, hall.port), Phone("Bob", far.port, hall.port)]
        wait_until(lambda: hall.crowd == 2 and all(phone.slip for phone in both), "the lines are not measured")
        yield
        for phone in both:
            phone.close()


@pytest.mark.usefixtures("phones")
def test_players_who_react_alike_score_alike_near_and_far(game: Game, join: Any, hall: Hall) -> None:
    players = {name: join(name) for name in ("Ada", "Bob")}
    game.questions.filter(position=2).update(time_limit_ms=SHORT_MS)
    game.start(now=now_ms())
    for _ in range(2):
        while game.phase != "open":
            game.next(now=now_ms())
        question = game.question()
        for name, elapsed_ms, said in undisturbed(hall):
            data = {
                "answer_id": str(uuid.uuid4()),
                "question": question.pk,
                "choice": question.right,
                "line": said["line"],
            }
            answering.take(players[name], data, question.opened_at + elapsed_ms)
        game.next(now=now_ms())
    near, far = (scores(player) for player in players.values())
    assert [score.credit_ms >= FAR_MS for score in far] == [True, True]
    for credited, other in zip(near, far, strict=True):
        assert abs(credited.earned - other.earned) <= credited.earned / 100
    for player, of_sheet in zip(players.values(), (near, far), strict=True):
        player.refresh_from_db()
        assert player.points == of_sheet[-1].total
    near, far = (scores(player, line_ms=0) for player in players.values())
    lost = [(one.earned - other.earned) / one.earned for one, other in zip(near, far, strict=True)]
    assert lost[1] > 0.03  # what a short question cost before


def undisturbed(hall: Hall) -> list[tuple[str, int, dict[str, Any]]]:
    """Who answered after how many milliseconds, and what: where a busy machine has held them up least."""
    tries = []
    while len(tries) < TRIES:
        answers = [(name, elapsed_ms, said) for name, (elapsed_ms, said) in hall.open_question().items()]
        tries.append((max(elapsed_ms - LINES_MS[name] for name, elapsed_ms, _ in answers) - REACTION_S * 1000, answers))
        if tries[-1][0] < HICCUP_MS:
            break
    return min(tries, key=lambda tried: tried[0])[1]


def scores(player: Any, **instead: int) -> list[tally.Score]:
    """The player's scores, or what they would be with other answers."""
    answers = list(player.answers.order_by("question__position"))
    given = [replace(answer.given, **instead) for answer in answers]
    return tally.fold([answer.question.task(0) for answer in answers], given, player.game.chosen)
