"""Other people's clients against a real broker: stomp.py in every version, and its command line."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest
import stomp

from tests.stack import PATIENCE, ROOT, wait_until
from tests.system.broker import SECRETS, Broker

CONNECTIONS = {
    "1.0": stomp.StompConnection10,
    "1.1": stomp.StompConnection11,
    "1.2": stomp.StompConnection12,
}
SINCE_1_1 = ["1.1", "1.2"]
PASSCODE = SECRETS["STOMP_PASSCODE"]
NUMBERS = count()


class Client(stomp.ConnectionListener):
    """A connection of stomp.py, and what it heard."""

    def __init__(self, broker: Broker, version: str, **options: object) -> None:
        self.version = version
        self.messages: list[stomp.utils.Frame] = []
        self.receipts: list[str] = []
        self.errors: list[str] = []
        self.timeouts = 0
        self.beats = 0
        self.is_over = False
        self._news = threading.Condition()
        self.connection = CONNECTIONS[version]([("127.0.0.1", broker.port)], **options)
        self.connection.set_listener("heard", self)
        self.connection.connect("web", PASSCODE, wait=True)

    def on_message(self, frame: stomp.utils.Frame) -> None:
        self._tell(lambda: self.messages.append(frame))

    def on_receipt(self, frame: stomp.utils.Frame) -> None:
        self._tell(lambda: self.receipts.append(frame.headers["receipt-id"]))

    def on_error(self, frame: stomp.utils.Frame) -> None:
        self._tell(lambda: self.errors.append(frame.headers["message"]))

    def on_disconnected(self) -> None:
        self._tell(lambda: setattr(self, "is_over", True))

    def on_heartbeat(self) -> None:
        self._tell(lambda: setattr(self, "beats", self.beats + 1))

    def on_heartbeat_timeout(self) -> None:
        self._tell(lambda: setattr(self, "timeouts", self.timeouts + 1))

    def _tell(self, note: Callable[[], object]) -> None:
        """Note, in stomp.py's thread, what has happened."""
        with self._news:
            note()
            self._news.notify_all()

    def wait(self, happened: Callable[[], object]) -> None:
        """Wait until something has happened."""
        with self._news:
            assert self._news.wait_for(happened, PATIENCE), (self.messages, self.receipts, self.errors)

    def subscribe(self, destination: str, ack: str = "auto", id: str = "0") -> None:
        self.connection.subscribe(destination, id=id, ack=ack, headers={"receipt": f"subscribed {id}"})
        self.wait(lambda: f"subscribed {id}" in self.receipts)

    def send(self, destination: str, body: str | bytes, **headers: object) -> None:
        receipt = str(next(NUMBERS))
        self.connection.send(destination, body, receipt=receipt, **headers)
        self.wait(lambda: receipt in self.receipts)

    def bodies(self, number: int) -> list[str]:
        """The bodies that came, when there are so many."""
        self.wait(lambda: len(self.messages) >= number)
        return [frame.body for frame in self.messages]

    def ack(self, place: int, command: str = "ack", **headers: str) -> None:
        """Acknowledge the message that came at this place, as the version has it."""
        came = self.messages[place].headers
        names = {"1.0": ["message-id"], "1.1": ["message-id", "subscription"], "1.2": ["ack"]}[self.version]
        getattr(self.connection, command)(*(came[name] for name in names), **headers)

    def end(self) -> None:
        """Leave in order: what was sent before has been heard then."""
        receipt = str(next(NUMBERS))
        self.connection.disconnect(receipt=receipt)
        self.wait(lambda: receipt in self.receipts or self.is_over)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running
        assert "Traceback" not in running.output


@pytest.fixture
def connect(broker: Broker) -> Iterator[Callable[..., Client]]:
    """``connect(version)`` gives a client, which ends with the test."""
    clients: list[Client] = []

    def connect(version: str, **options: object) -> Client:
        clients.append(Client(broker, version, **options))
        return clients[-1]

    yield connect
    for client in clients:
        if client.connection.is_connected():
            client.connection.disconnect()


@pytest.fixture
def queue() -> str:
    """A queue of this test alone."""
    return f"/queue/{next(NUMBERS)}"


@pytest.mark.parametrize("version", CONNECTIONS)
class TestEveryVersion:
    def test_topics_and_queues_take_and_give_text_of_every_kind(self, connect, queue, version):
        client = connect(version)
        client.subscribe("/topic/news", id="1")
        client.subscribe(queue, id="2")
        bodies = ["hello", "perché no? 😀 €", "a\n\nb\r\n:c\\d", "ü" * 50_000, ""]
        for body in bodies:
            client.send("/topic/news", body)
            client.send(queue, body)
        assert sorted(client.bodies(2 * len(bodies))) == sorted(2 * bodies)
        for destination in ("/topic/news", queue):
            came = [frame.body for frame in client.messages if frame.headers["destination"] == destination]
            assert came == bodies

    def test_headers_pass_as_the_versions_can_write_them(self, connect, queue, version):
        client = connect(version)
        client.subscribe(queue)
        own = {"città": "perché", "time": "12:30:15"}
        if version != "1.0":  # stomp.py takes what is no escape there for one.
            own |= {"path": "C:\\new\\temp", "lines": "a\nb"}
        client.send(queue, "hi", headers=dict(own))
        client.bodies(1)
        assert own.items() <= client.messages[0].headers.items()

    def test_a_header_goes_from_one_version_to_another(self, connect, queue, version):
        reader = connect("1.2")
        reader.subscribe(queue)
        connect(version).send(queue, "hi", headers={"time": "12:30", "path": "C:\\x"})
        reader.bodies(1)
        headers = reader.messages[0].headers
        assert (headers["time"], headers["path"]) == ("12:30", "C:\\x")

    def test_ack_client_is_for_all_before_it_and_the_rest_comes_again(self, connect, queue, version):
        first, sender = connect(version), connect("1.2")
        first.subscribe(queue, ack="client")
        for body in "abc":
            sender.send(queue, body)
        first.bodies(3)
        first.ack(1)
        first.end()
        second = connect(version)
        second.subscribe(queue)
        assert second.bodies(1) == ["c"]
        assert second.messages[0].headers["redelivered"] == "true"
        sender.send(queue, "d")
        assert second.bodies(2) == ["c", "d"]

    def test_a_transaction_is_sent_as_a_whole_or_not_at_all(self, connect, queue, version):
        client, reader = connect(version), connect("1.2")
        reader.subscribe(queue)
        for end in ("abort", "commit"):
            name = client.connection.begin()
            for number in range(3):
                client.connection.send(queue, f"{end} {number}", transaction=name)
            getattr(client.connection, end)(name)
        client.send(queue, "after it")
        assert reader.bodies(4) == ["commit 0", "commit 1", "commit 2", "after it"]

    def test_an_acknowledgement_in_a_transaction_counts_when_that_is_committed(self, connect, queue, version):
        for end, again in (("abort", ["a", "b"]), ("commit", ["b"])):
            client, sender = connect(version), connect("1.2")
            client.subscribe(queue + end, ack="client")
            for body in "ab":
                sender.send(queue + end, body)
            client.bodies(2)
            name = client.connection.begin()
            client.ack(0, transaction=name)
            getattr(client.connection, end)(name)
            client.end()
            other = connect("1.2")
            other.subscribe(queue + end)
            assert other.bodies(len(again)) == again

    def test_an_error_is_heard_and_the_connection_is_over(self, connect, version):
        client = connect(version)
        client.connection.send("nowhere", "hi")
        client.wait(lambda: client.is_over)
        assert client.errors == ["bad-destination"]

    def test_the_command_line_works(self, broker, queue, version):
        said = [
            f"subscribe {queue}",
            "stats on",
            f"send {queue} ciao mondo",
            "begin",
            f"send {queue} in one go",
            "commit",
        ]
        heard = run_stomp(broker, version, [*said, "stats", f"unsubscribe {queue}", f"sendrec {queue} last"], "RECEIPT")
        assert {"ciao mondo", "in one go"} <= set(heard.splitlines())  # What it sends it shows otherwise.
        assert "Messages sent" in heard
        assert "lost connection" not in heard


@pytest.mark.parametrize("version", SINCE_1_1)
class TestSince11:
    def test_ack_client_individual_is_for_one_message(self, connect, queue, version):
        first, sender = connect(version), connect("1.2")
        first.subscribe(queue, ack="client-individual")
        for body in "abc":
            sender.send(queue, body)
        first.bodies(3)
        first.ack(1)
        first.end()
        second = connect(version)
        second.subscribe(queue)
        assert second.bodies(2) == ["a", "c"]

    def test_what_is_not_acknowledged_goes_to_somebody_else(self, connect, queue, version):
        first, second = connect(version), connect(version)
        first.subscribe(queue, ack="client-individual")
        second.send(queue, "a")
        first.bodies(1)
        second.subscribe(queue, ack="client-individual")
        first.ack(0, "nack")
        wait_until(lambda: first.messages[1:] or second.messages)
        [again] = first.messages[1:] + second.messages
        assert (again.body, again.headers["redelivered"]) == ("a", "true")

    def test_bytes_that_are_no_text_pass(self, connect, queue, version):
        client = connect(version, auto_decode=False)
        client.subscribe(queue)
        body = bytes(range(256)) * 10
        client.send(queue, body)
        assert client.bodies(1) == [body]

    def test_beats_are_kept_both_ways(self, connect, version):
        client = connect(version, heartbeats=(1000, 1000), heart_beat_receive_scale=10)  # this machine may be slow
        client.wait(lambda: client.beats >= 4)
        client.send("/topic/a", "still here")
        assert not client.timeouts

    def test_the_command_line_acknowledges(self, broker, queue, version):
        sender = Client(broker, version)
        sender.send(queue, "to be acknowledged")
        process = start_stomp(broker, version)
        process.stdin.write(f"subscribe {queue} client\n")
        process.stdin.flush()
        name = {"1.1": "message-id: ", "1.2": "ack: "}[version]
        line = next(line for line in process.stdout if line.startswith(name))
        subscription = " 1" if version == "1.1" else ""
        process.stdin.write(f"ack {line.removeprefix(name).strip()}{subscription}\nsendrec {queue} next\nquit\n")
        process.communicate(timeout=PATIENCE)
        sender.subscribe(queue)
        assert sender.bodies(1) == ["next"]
        sender.end()


def test_a_client_that_is_frozen_is_dropped(broker):
    process = start_stomp(broker, "1.2", "--heartbeats=1000,1000", "-L", "/topic/a")
    next(line for line in process.stdout if line.startswith("Subscribing"))
    process.send_signal(signal.SIGSTOP)
    try:
        wait_until(lambda: broker.says("code=heart-beat-timeout"), lambda: broker.output)
    finally:
        process.kill()
        process.communicate()


def test_a_broker_that_is_frozen_is_noticed(tmp_path):
    with Broker(tmp_path) as own:
        client = Client(own, "1.2", heartbeats=(1000, 1000))
        own.signal(signal.SIGSTOP)
        client.wait(lambda: client.timeouts and client.is_over)


def start_stomp(broker: Broker, version: str, *options: str) -> "subprocess.Popen[str]":
    """stomp.py's own program, which reads commands from its standard input."""
    login = ["-H", "127.0.0.1", "-P", str(broker.port), "-U", "web", "-W", PASSCODE, "-S", version, "-V"]
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "stomp", *login, *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_stomp(broker: Broker, version: str, said: list[str], until: str) -> str:
    """Say this to it, wait until it has heard that, and give all it printed."""
    process = start_stomp(broker, version)
    heard: list[str] = []
    process.stdin.write("\n".join(said) + "\n")
    process.stdin.flush()
    while until not in "".join(heard):
        line = process.stdout.readline()
        assert line, heard
        heard.append(line)
    rest, _ = process.communicate("quit\n", timeout=PATIENCE)
    return "".join(heard) + rest
