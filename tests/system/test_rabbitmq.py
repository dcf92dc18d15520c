"""RabbitMQ in the broker's place: a player may do there what the ticket says, and nothing else."""

import json
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from quiz.live import tickets
from tests.rabbitmq import stack_on_rabbitmq
from tests.stack import AUTHOR, Stack, wait_until
from tests.system.admission import Admission, here_until, join, state

# Seconds. RabbitMQ takes twelve to hang up on who gave a wrong passcode, and says so at once.
PATIENCE = 120


class Client:
    """Somebody who writes frames by hand."""

    def __init__(self, stack: Stack, login: str, passcode: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", stack.ports["STOMP_PORT"]), PATIENCE)
        self.received = b""
        self.write("CONNECT", {"accept-version": "1.2", "host": "/", "login": login, "passcode": passcode})
        self.welcome = self.frame()

    def write(self, command: str, headers: dict[str, str], body: str = "") -> None:
        lines = "".join(
            f"{name}:{value if command == 'CONNECT' else escaped(value)}\n" for name, value in headers.items()
        )
        self.socket.sendall(f"{command}\n{lines}\n{body}\0".encode())

    def frame(self) -> str:
        while b"\0" not in self.received:
            data = self.socket.recv(65_536)
            if not data:
                return "closed"
            self.received += data
        frame, self.received = self.received.split(b"\0", 1)
        return frame.decode().lstrip("\n")

    def verdict(self, command: str, **headers: str) -> str:
        """The first word of the answer."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.write(command, {"receipt": "r", **names})
        return self.frame().partition("\n")[0]

    def until_closed(self) -> str:
        """The last frame before RabbitMQ hangs up."""
        last = ""
        while (frame := self.frame()) != "closed":
            last = frame
        return last

    def close(self) -> None:
        self.socket.close()


def escaped(value: str) -> str:
    return value.replace(":", "\\c")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack_on_rabbitmq(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def host(stack: Stack) -> str:
    """The host's ticket for HTTP."""
    return stack.manage("ticket", "--user", AUTHOR)


@pytest.fixture(scope="module")
def ada(stack: Stack, host: str) -> Admission:
    _, game = stack.call("/games/", {"quiz": stack.quiz()}, host)
    return join(stack, game, "Ada")


@pytest.fixture
def client(stack: Stack, ada: Admission) -> Iterator[Client]:
    client = Client(stack, ada.subject, ada.ticket)
    assert client.welcome.startswith("CONNECTED")
    yield client
    client.close()


def test_players_read_what_their_ticket_names(client: Client, ada: Admission) -> None:
    for name in (f"games.{ada.game}.status", f"games.{ada.game}.players", f"players.{ada.player}"):
        assert client.verdict("SUBSCRIBE", id=name, destination=f"/topic/{name}") == "RECEIPT"


def test_players_write_where_their_ticket_says(client: Client, ada: Admission) -> None:
    assert client.verdict("SEND", destination=f"/topic/games.{ada.game}.answers", user_id=ada.subject) == "RECEIPT"


@pytest.mark.parametrize(
    "destination",
    [
        "/topic/games.{game}.host",
        "/topic/games.{game}.answers",
        "/topic/games.{other}.status",
        "/topic/players.{other}",
        "/topic/games.*.status",
        "/topic/games.{game}.#",
        "/topic/games.{game}.*",
        "/topic/#",
        "/topic/broker.control",
        "/exchange/amq.topic/games.{game}.host",
        "/exchange/amq.topic/#",
        "/exchange/amq.fanout",
        "/exchange/amq.rabbitmq.trace/#",
        "/queue/games.{game}.answers",
        "/queue/anything",
        "/amq/queue/games.{game}.answers",
        "/temp-queue/mine",
        "games.{game}.status",
    ],
)
def test_players_read_nothing_else(client: Client, ada: Admission, destination: str) -> None:
    forged = destination.format(game=ada.game, other=ada.game + 1_000)
    assert client.verdict("SUBSCRIBE", id="0", destination=forged) == "ERROR"


def test_players_cannot_take_the_referees_queue(client: Client, ada: Admission) -> None:
    forged = {"destination": f"/topic/games.{ada.game}.status", "x_queue_name": f"games.{ada.game}.answers"}
    assert client.verdict("SUBSCRIBE", id="0", durable="true", auto_delete="false", **forged) == "ERROR"


@pytest.mark.parametrize(
    "destination",
    [
        "/topic/games.{game}.status",
        "/topic/games.{game}.players",
        "/topic/games.{game}.host",
        "/topic/players.{player}",
        "/topic/games.{other}.answers",
        "/topic/broker.control",
        "/exchange/amq.topic/games.{game}.status",
        "/exchange/amq.fanout/x",
        "/exchange/amq.direct/games.{game}.answers",
        "/queue/games.{game}.answers",
        "/queue/anything",
        "/amq/queue/games.{game}.answers",
        "/reply-queue/anything",
    ],
)
def test_players_write_nowhere_else(client: Client, ada: Admission, destination: str) -> None:
    forged = destination.format(game=ada.game, player=ada.player, other=ada.game + 1_000)
    assert client.verdict("SEND", destination=forged) == "ERROR"


def test_nobody_answers_in_anothers_name(client: Client, ada: Admission) -> None:
    verdict = client.verdict("SEND", destination=f"/topic/games.{ada.game}.answers", user_id=f"player:{ada.player + 1}")
    assert verdict == "ERROR"


@pytest.mark.parametrize("forgery", ["another's login", "service's login", "expired", "another key", "service ticket"])
def test_login_needs_a_ticket_of_ones_own(stack: Stack, ada: Admission, forgery: str, settings: Any) -> None:
    settings.STOMP_DESTINATIONS = "rabbitmq"
    expired = tickets.make(ada.subject, read=[f"/games/{ada.game}/status"], write=[], seconds=-1)
    service = tickets.make("service:web", read=[], write=[], seconds=60)
    settings.STOMP_TICKET_KEY = "x" * 40
    forged = tickets.make(ada.subject, read=[f"/games/{ada.game}/host"], write=[], seconds=60)
    login, passcode = {
        "another's login": (f"player:{ada.player + 1}", ada.ticket),
        "service's login": ("web", ada.ticket),
        "expired": (ada.subject, expired),
        "another key": (ada.subject, forged),
        "service ticket": ("service:web", service),
    }[forgery]
    client = Client(stack, login, passcode)
    assert client.welcome.startswith("ERROR")
    client.close()


def test_answers_over_stomp_count_once_for_who_sent_them(stack: Stack, host: str) -> None:
    _, game = stack.call("/games/", {"quiz": stack.quiz()}, host)
    bob, cleo = (join(stack, game, name) for name in ("Bob", "Cleo"))
    assert stack.call(f"/games/{bob.game}/start/", {}, host)[0] == 200
    wait_until(lambda: state(stack, bob)["phase"] == "open")
    question = state(stack, bob)["question"]
    answer = {"answer_id": str(uuid.uuid4()), "question": question["id"], "choice": [question["choices"][0]["id"]]}
    line = Client(stack, bob.subject, bob.ticket)
    own = f"/topic/players.{bob.player}"
    assert line.verdict("SUBSCRIBE", id="me", destination=own) == "RECEIPT"
    topic = {"destination": f"/topic/games.{bob.game}.answers", "content-type": "application/json"}
    line.write("SEND", topic | {"sender": cleo.subject, "user-id": bob.subject}, json.dumps(answer))
    assert '"answer.received"' in line.frame()
    line.write("SEND", topic | {"user-id": bob.subject}, json.dumps(answer))
    assert '"answer.received"' in line.frame()
    line.write("SEND", topic | {"sender": cleo.subject}, json.dumps(answer | {"answer_id": str(uuid.uuid4())}))
    wait_until(lambda: "no player of this game" in stack.log("referee"))
    assert stack.rows("SELECT player_id, answer_id FROM play_answer") == [
        (bob.player, answer["answer_id"].replace("-", ""))
    ]
    line.close()


def test_a_page_is_here_by_its_line_and_its_practice_comes_back(stack: Stack, host: str) -> None:
    fay = join(stack, stack.call("/games/", {"quiz": stack.quiz()}, host)[1], "Fay")
    line, before = Client(stack, fay.subject, fay.ticket), here_until(stack, fay)
    assert line.verdict("SUBSCRIBE", id="me", destination=fay.own) == "RECEIPT"
    topic = {"destination": f"/topic/games.{fay.game}.answers", "user-id": fay.subject}

    def is_heard() -> bool:  # as soon as a referee listens to the new game
        line.write("SEND", topic, json.dumps({"here": True}))
        return here_until(stack, fay) != before

    wait_until(is_heard)
    line.write("SEND", topic, json.dumps({"practice": "x"}))
    told = json.loads(line.frame().partition("\n\n")[2])
    assert (told["type"], told["data"]) == ("practice.received", {"practice": "x"})
    line.close()


def test_a_removed_player_is_out_at_once_and_does_not_come_back(stack: Stack, host: str) -> None:
    _, game = stack.call("/games/", {"quiz": stack.quiz()}, host)
    dan, eve = (join(stack, game, name) for name in ("Dan", "Eve"))
    lines = [Client(stack, one.subject, one.ticket) for one in (dan, eve)]
    for line in lines:
        assert line.verdict("SUBSCRIBE", id="0", destination=f"/topic/games.{dan.game}.status") == "RECEIPT"
    assert stack.call(f"/games/{dan.game}/kick/", {"player": dan.player}, host)[0] == 200
    assert lines[0].until_closed().startswith("ERROR")
    late = Client(stack, dan.subject, dan.ticket)
    if late.welcome.startswith("CONNECTED"):  # RabbitMQ asks for a second nobody whom it has asked about just now.
        assert late.until_closed()
    wait_until(lambda: stack.rows("SELECT told_at FROM live_cut WHERE subject = ?", dan.subject)[0][0])
    assert Client(stack, dan.subject, dan.ticket).welcome.startswith("ERROR")
    assert '"player.removed"' in lines[1].frame()
    assert lines[1].verdict("SUBSCRIBE", id="1", destination=f"/topic/players.{eve.player}") == "RECEIPT"
    lines[1].close()


def test_connections_end_with_their_ticket(stack: Stack, ada: Admission, settings: Any) -> None:
    settings.STOMP_DESTINATIONS = "rabbitmq"
    topic = f"/games/{ada.game}/status"
    for seconds in (4, 15, 60):  # a slow machine may need longer to come in
        line = Client(stack, "user:4711", tickets.make("user:4711", read=[topic], write=[], seconds=seconds))
        if line.welcome.startswith("CONNECTED"):
            break
    assert line.until_closed().startswith("ERROR")
    wait_until(lambda: not stack.rows("SELECT 1 FROM live_brokerlogin WHERE subject = ?", "user:4711"))
