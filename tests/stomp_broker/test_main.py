"""``python -m stomp_broker`` in a process of its own, and stomp.py as its client over TCP."""

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import stomp
from stomp.exception import ConnectFailedException

from stomp_broker.__main__ import parse_arguments, settings_of
from stomp_broker.service import check
from tests.stomp_broker.clients import SERVICE_PASSCODE, TICKET_KEY, frames_in, ticket

SECRETS = {"STOMP_TICKET_KEY": TICKET_KEY, "STOMP_PASSCODE": SERVICE_PASSCODE}
# Seconds until a wait is given up: nothing here takes a tenth of it.
PATIENCE = 120
CONNECTIONS = {"1.0": stomp.StompConnection10, "1.1": stomp.StompConnection11, "1.2": stomp.StompConnection12}


def start(*arguments, **secrets):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("STOMP_")} | secrets
    return subprocess.Popen(
        [sys.executable, "-m", "stomp_broker", *arguments], env=environ, stderr=subprocess.PIPE, text=True
    )


def end(process):
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=PATIENCE)
    return log


def listening_port(process):
    for line in process.stderr:
        if match := re.search(r"listening on 127\.0\.0\.1:([0-9]+)", line):
            return int(match[1])
    raise AssertionError("the broker did not start")


@pytest.fixture(scope="module")
def port():
    process = start("-p", "0", **SECRETS)
    yield listening_port(process)
    log = end(process)
    assert process.returncode == 0
    assert "Traceback" not in log
    assert SERVICE_PASSCODE not in log


class Listener(stomp.ConnectionListener):
    """Puts everything that comes into a queue, as (what, headers, body)."""

    def __init__(self):
        self.came = queue.Queue()
        self.beats = queue.Queue()

    def on_message(self, frame):
        self.came.put(("MESSAGE", frame.headers, frame.body))

    def on_error(self, frame):
        self.came.put(("ERROR", frame.headers, frame.body))

    def on_receipt(self, frame):
        self.came.put(("RECEIPT", frame.headers, frame.body))

    def on_heartbeat(self):
        self.beats.put(None)

    def on_disconnected(self):
        self.came.put(("GONE", {}, ""))

    def take(self, what):
        kind, headers, body = self.came.get(timeout=PATIENCE)
        assert kind == what, (kind, headers, body)
        return headers, body


class Person:
    """Somebody connected with stomp.py."""

    def __init__(self, port, passcode, version, login="anybody", **options):
        self.listener = Listener()
        options = {"reconnect_attempts_max": 1} | options
        self.connection = CONNECTIONS[version]([("127.0.0.1", port)], **options)
        self.connection.set_listener("", self.listener)
        self.connection.connect(login, passcode, wait=True)

    def subscribe(self, destination, id="0", ack="auto"):
        self.connection.subscribe(destination, id=id, ack=ack, headers={"receipt": f"sub {id}"})
        assert self.listener.take("RECEIPT")[0]["receipt-id"] == f"sub {id}"

    def publish(self, destination, body):
        self.connection.send(destination, body, receipt="sent")


@pytest.fixture
def people(port):
    """Makes people, and sends them home."""
    everybody = []

    def person(passcode, version="1.2", **keywords):
        everybody.append(Person(port, passcode, version, **keywords))
        return everybody[-1]

    yield person
    for each in everybody:
        with contextlib.suppress(Exception):
            each.connection.disconnect()


def player_ticket(number=1, game=1):
    now = int(time.time())
    read = [f"/games/{game}/status", f"/players/{number}"]
    return ticket(f"player:{number}", read, [f"/games/{game}/answers"], claims={"iat": now, "exp": now + 600})


@pytest.mark.parametrize("version", sorted(CONNECTIONS))
class TestWithStompPy:
    def test_a_broadcast_comes_to_every_player(self, people, version):
        players = [people(player_ticket(number), version) for number in (1, 2)]
        for player in players:
            player.subscribe("/games/1/status")
        service = people(SERVICE_PASSCODE, version, login="web")
        service.publish("/games/1/status", '{"text":"perché: è € 🎉"}')
        assert service.listener.take("RECEIPT")[0]["receipt-id"] == "sent"
        for player in players:
            headers, body = player.listener.take("MESSAGE")
            assert body == '{"text":"perché: è € 🎉"}'
            assert headers["destination"] == "/games/1/status"
            assert headers["sender"] == "service:web"

    def test_answers_are_acknowledged_or_come_again(self, people, version):
        destination = f"/games/{version[-1]}/answers"
        player = people(player_ticket(game=version[-1]), version)
        for body in ("a", "b"):
            player.publish(destination, body)
            player.listener.take("RECEIPT")
        referee = people(SERVICE_PASSCODE, version, login="web")
        referee.connection.subscribe(destination, id="0", ack="client-individual")
        first = referee.listener.take("MESSAGE")[0]
        referee.listener.take("MESSAGE")
        named = {"1.0": [first["message-id"]], "1.1": [first["message-id"], "0"], "1.2": [first.get("ack")]}[version]
        referee.connection.ack(*named, receipt="acked")
        referee.listener.take("RECEIPT")
        referee.connection.transport.disconnect_socket()
        heir = people(SERVICE_PASSCODE, version, login="web")
        heir.connection.subscribe(destination, id="0")
        headers, body = heir.listener.take("MESSAGE")
        assert (body, headers["redelivered"]) == ("b", "true")

    @pytest.mark.parametrize("destination", ["/games/1/status", "/games/1/host", "/games/2/status", "/broker/control"])
    def test_a_player_who_sends_what_only_the_server_may_is_put_out_and_nobody_sees_it(
        self, people, version, destination
    ):
        victim = people(player_ticket(2), version)
        victim.subscribe("/games/1/status")
        host = people(SERVICE_PASSCODE, version, login="web")
        host.subscribe("/games/1/host")
        host.subscribe("/games/2/status", id="1")
        forger = people(player_ticket(1), version)
        forger.publish(destination, '{"cut":"player:2"}')
        headers, _body = forger.listener.take("ERROR")
        assert (headers["message"], headers["receipt-id"]) == ("access-refused", "sent")
        forger.listener.take("GONE")
        # What is published after it is the first that anybody sees.
        host.publish("/games/1/status", "true")
        host.publish("/games/1/host", "true")
        host.publish("/games/2/status", "true")
        assert victim.listener.take("MESSAGE")[1] == "true"
        seen = [host.listener.came.get(timeout=PATIENCE) for _ in range(5)]
        assert [body for what, _, body in seen if what == "MESSAGE"] == ["true", "true"]
        assert victim.listener.came.empty()

    @pytest.mark.parametrize("destination", ["/games/1/host", "/games/2/status", "/players/2", "/games/1/answers"])
    def test_a_player_who_listens_elsewhere_is_put_out_and_hears_nothing(self, people, version, destination):
        spy = people(player_ticket(1), version)
        spy.connection.subscribe(destination, id="0")
        assert spy.listener.take("ERROR")[0]["message"] == "access-refused"
        spy.listener.take("GONE")
        service = people(SERVICE_PASSCODE, version, login="web")
        service.publish(destination, "secret")
        service.listener.take("RECEIPT")
        assert spy.listener.came.empty()

    def test_a_service_cuts_a_player(self, people, version):
        number = {"1.0": 70, "1.1": 71, "1.2": 72}[version]  # All versions meet the same broker, which remembers.
        passcode = player_ticket(number)
        player = people(passcode, version)
        people(SERVICE_PASSCODE, version, login="web").publish("/broker/control", f'{{"cut": "player:{number}"}}')
        assert player.listener.take("ERROR")[0]["message"] == "kicked"
        player.listener.take("GONE")
        with pytest.raises(ConnectFailedException):
            people(passcode, version)

    def test_a_wrong_passcode_is_refused(self, people, version):
        with pytest.raises(ConnectFailedException):
            people("wrong", version, login="web")


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_stomp_pys_heart_beats_keep_a_connection_alive_both_ways(people, version):
    player = people(player_ticket(), version, heartbeats=(1000, 1000))
    player.subscribe("/games/1/status")
    for _ in range(6):  # At half a second each: longer than the broker would bear silence.
        player.listener.beats.get(timeout=PATIENCE)
    people(SERVICE_PASSCODE, version, login="web").publish("/games/1/status", "still here")
    assert player.listener.take("MESSAGE")[1] == "still here"


def test_an_error_arrives_though_the_client_goes_on_writing(port):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(b"SEND\nreceipt:7\n\n\0" + b"x" * 300_000)
        data = b""
        while piece := client.recv(4096):
            data += piece
    [error] = frames_in(data)
    assert (error.headers["message"], error.headers["receipt-id"]) == ("not-connected", "7")


class TestStart:
    @pytest.mark.parametrize("missing", sorted(SECRETS))
    def test_a_missing_secret_stops_the_start_with_one_line_that_names_it(self, missing):
        process = start("-p", "0", **{name: value for name, value in SECRETS.items() if name != missing})
        _, log = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        assert missing in log
        assert log.count("\n") == 1

    def test_a_taken_port_is_named_in_one_line(self, port):
        process = start("-p", str(port), **SECRETS)
        _, log = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1
        assert str(port) in log
        assert log.count("\n") == 1

    def test_any_says_loudly_that_it_is_for_development(self):
        process = start("-p", "0", "-a", "any")
        first = process.stderr.readline()
        listening_port(process)
        end(process)
        assert "FOR DEVELOPMENT ONLY" in first

    def test_a_wrong_port_is_a_usage_error(self, capsys):
        for arguments, environ in [(["-p", "65536"], {}), (["-p", "x"], {}), ([], {"STOMP_PORT": "stomp"})]:
            with pytest.raises(SystemExit):
                parse_arguments(arguments, environ)
            assert "is not a port number" in capsys.readouterr().err

    def test_the_port_comes_from_the_line_the_environment_or_the_custom(self):
        assert parse_arguments(["-p", "7"], {"STOMP_PORT": "8"}).port == 7
        assert parse_arguments([], {"STOMP_PORT": "8"}).port == 8
        assert parse_arguments([], {}).port == 61613
        gate = {"STOMP_DESTINATIONS": "activemq", "STOMP_PORT": "8"}
        assert parse_arguments([], gate).port == 61614
        assert parse_arguments([], gate | {"STOMP_GATE_PORT": "9"}).port == 9
        assert parse_arguments([], {}).interface == "127.0.0.1"

    def test_letters_and_words_are_those_of_morbidq(self):
        short = parse_arguments(["-p", "7", "-i", "::1", "-c", "a", "-a", "any", "-v"], {})
        long = parse_arguments(["--port", "7", "--interface", "::1", "--config", "a", "--auth", "any", "--verbose"], {})
        assert short == long
        assert vars(short) | {"port": 7, "interface": "::1", "config": Path("a"), "auth": "any"} == vars(short)

    def test_operators_have_no_port_unless_it_is_chosen(self):
        assert parse_arguments([], {}).admin_port == 0
        assert parse_arguments([], {"STOMP_ADMIN_PORT": "61615"}).admin_port == 61615
        assert parse_arguments(["--admin-port", "7"], {"STOMP_ADMIN_PORT": "61615"}).admin_port == 7

    def test_verbose_is_stronger_than_the_file(self, tmp_path):
        file = tmp_path / "broker.ini"
        file.write_text("[broker]\nlog.level = error\n")
        for letters, level in ((["-v"], "debug"), ([], "error")):
            options = parse_arguments([*letters, "-c", str(file)], {})
            assert settings_of(options, SECRETS).log_level == level


class TestCheck:
    def check(self, *arguments, **environ):
        process = start(*arguments, "--check", **environ)
        log = process.communicate(timeout=PATIENCE)[1]
        return process.returncode, log

    def test_what_can_be_followed_is_in_order_and_starts_nothing(self, capsys, tmp_path):
        file = tmp_path / "broker.ini"
        file.write_text("auth=mqauth\n")
        assert check(settings_of(parse_arguments(["-c", str(file)], {}), SECRETS)) is None
        assert self.check("-c", str(file), **SECRETS) == (0, "")

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("[broker]\nlog.level = loud\n", "[broker], log.level: 'loud' is none"),
            ("[coilmq]\nqstore.factory = no.such.module\n", "qstore.factory = no.such.module"),
        ],
    )
    def test_what_cannot_is_one_line_and_1(self, tmp_path, text, named):
        file = tmp_path / "broker.ini"
        file.write_text(text)
        code, log = self.check("-c", str(file), **SECRETS)
        assert (code, log.count("\n")) == (1, 1)
        assert named in log

    def test_missing_secrets_and_files_are_named(self, tmp_path):
        assert "STOMP_PASSCODE is not set" in self.check(STOMP_TICKET_KEY=TICKET_KEY)[1]
        assert "none: No such file" in self.check("-a", str(tmp_path / "none"))[1]
        assert "STOMP_MEMORY_LIMIT: 'much' is no size" in self.check(STOMP_MEMORY_LIMIT="much", **SECRETS)[1]
