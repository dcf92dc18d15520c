"""The relay's life as its operator sees it: reloads, certificates, leave-taking, descriptors. Real processes."""

import base64
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading

import pytest
from websockets.exceptions import ConnectionClosed

from tests.orbited.certificates import write_pair
from tests.stack import PATIENCE, ROOT, wait_until
from tests.system.relay import Relay, data

BASE = """
[global]
drain.seconds = 2
[listen]
http://127.0.0.1:{http}
admin://:{admin}
echo://127.0.0.1:{echo}
[access]
* -> localhost:{echo}
"""
# Less than the drain of a relay that is asked for a long one.
HURRY_S = 15
FOLLOWS = "follows the configuration as it is now"
GOING_DOWN = 1012


@pytest.fixture
def relay(tmp_path):
    with Relay(tmp_path, BASE) as relay:
        yield relay


def last_words(socket):
    """The close control and the code of a session whose relay goes down."""
    words = []
    try:
        while True:
            message = socket.recv(PATIENCE)
            if isinstance(message, str):
                words.append(json.loads(message))
    except ConnectionClosed as closed:
        return words[-1], closed.rcvd.code


# Reload.


def test_hup_follows_the_file_and_sessions_live_on(relay):
    page = relay.echo()
    assert relay.get("/healthz", Host="quiz.example.org")[0] == 421
    relay.write(BASE.replace("* -> localhost:{echo}", "* -> localhost:1") + "[hosts]\nquiz.example.org\n")
    relay.hup(FOLLOWS)
    assert relay.get("/healthz", Host="quiz.example.org")[0] == 200
    page.send(b"still here")
    assert data(page) == b"still here"
    other = relay.websocket()
    other.send(f"localhost:{relay.ports['echo']}\n".encode())
    assert data(other) == b"0106"


def test_r18_bad_file_changes_nothing_and_is_one_line_with_file_line_and_key(relay):
    relay.write(BASE + "[hosts]\nquiz.example.org\n[global]\nsession.max = many\n")
    relay.hup("cannot be followed")
    [line] = [line for line in relay.lines if line.startswith("ERROR")]
    assert f"{relay.file}:" in line
    assert "session.max" in line
    assert relay.get("/healthz", Host="quiz.example.org")[0] == 421
    assert relay.figure("orbited_config_last_reload_successful") == 0
    check = [sys.executable, "-m", "orbited", "-c", str(relay.file), "--check"]
    assert subprocess.run(check, cwd=ROOT, capture_output=True, check=False).returncode == 1
    relay.write(BASE)
    relay.hup(FOLLOWS)
    assert relay.figure("orbited_config_last_reload_successful") == 1


def test_what_needs_a_restart_is_told(relay):
    relay.write(BASE.replace("echo://127.0.0.1:{echo}", ""))
    relay.hup("[listen] has changed")
    assert data_of(relay.echo(), b"hello") == b"hello"


def data_of(page, sent):
    page.send(sent)
    return data(page)


# TLS.

TLS = BASE + "[ssl]\nkey = {folder}/key.pem\ncrt = {folder}/crt.pem\n[listen]\nhttps://127.0.0.1:{https}\n"


def shown_certificate(relay):
    """What a new handshake is shown."""
    return ssl.get_server_certificate(("127.0.0.1", relay.ports["https"]))


def test_certificate_is_swapped_under_open_connections(tmp_path):
    write_pair(tmp_path)
    with Relay(tmp_path, TLS.replace("{folder}", str(tmp_path))) as relay:
        assert relay.get("/static/Orbited.js", "https")[0] == 200
        page = relay.echo("https")
        before = shown_certificate(relay)
        write_pair(tmp_path)
        relay.hup(FOLLOWS)
        after = shown_certificate(relay)
        assert before != after
        assert data_of(page, b"x" * 60_000) == b"x" * 60_000
        assert data_of(relay.echo("https"), b"new") == b"new"
        (tmp_path / "key.pem").write_text("nonsense")
        relay.hup("holds no private key")
        assert shown_certificate(relay) == after


def test_certificate_that_cannot_be_read_stops_the_start(tmp_path):
    relay = Relay(tmp_path, TLS.replace("{folder}", str(tmp_path)))
    command = [sys.executable, "-m", "orbited", "-c", str(relay.file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert f"{relay.file}:" in line
    assert "key.pem" in line


# The end.


def test_term_with_nobody_there_ends_at_once(relay):
    relay.process.send_signal(signal.SIGTERM)
    assert relay.ended() == 0


def test_r17_b23_term_tells_every_page_in_turn_and_ends_when_they_know(tmp_path):
    with Relay(tmp_path, BASE) as relay:
        pages = [relay.echo() for _ in range(20)]
        told = []
        readers = [threading.Thread(target=lambda page=page: told.append(last_words(page))) for page in pages]
        for reader in readers:
            reader.start()
        key = relay.get("/tcp")[1]
        assert relay.post(f"/tcp/{key}", open_packet(relay)) == 200
        poll = threading.Thread(target=lambda: polls.append(poll_until_closed(relay, key)))
        polls = []
        poll.start()
        relay.process.send_signal(signal.SIGTERM)
        wait_until(lambda: relay.says("taking leave of 21 sessions"))
        assert relay.get("/readyz") == (503, "not-ready: draining\n")
        assert relay.get("/healthz")[0] == 200
        status, body = relay.get("/tcp")
        assert (status, body.split(":")[0].split()[0]) == (503, "draining")
        for thread in (*readers, poll):
            thread.join(PATIENCE)
        assert relay.ended() == 0
        assert len(told) == 20
        assert {code for _, code in told} == {GOING_DOWN}
        assert all(words[:2] == ["close", "going down: come back"] for words, _ in told)
        assert len({words[2] for words, _ in told}) > 10  # they do not all come back at the same moment
        assert "going down" in polls[0]
        assert "Traceback" not in relay.output


def open_packet(relay):
    payload = base64.b64encode(f"localhost:{relay.ports['echo']}\n".encode()).decode()
    return f"11,114,data0{len(payload)},{payload}"


def poll_until_closed(relay, key):
    """What a page of 2010 reads until it is told of the end, and acknowledges it as it does: by asking once more."""
    read, ack = "", ""
    while "close" not in read:
        status, body = relay.get(f"/tcp/{key}/longpoll{ack}")
        assert status == 200
        read += body
        ack = "?ack=3"
    [reason] = re.findall(r"5,close0\d+,(.*)$", read)
    relay.get(f"/tcp/{key}/longpoll?ack=4")
    return reason


@pytest.mark.parametrize(
    "signals", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM], [signal.SIGTERM, signal.SIGINT]]
)
def test_int_or_a_second_term_ends_in_a_hurry(tmp_path, signals):
    with Relay(tmp_path, BASE.replace("drain.seconds = 2", "drain.seconds = 25")) as relay:
        pages = [relay.echo() for _ in range(4)]
        for number in signals:
            relay.process.send_signal(number)
            wait_until(lambda: relay.says("taking leave") or relay.process.poll() is not None)  # two at once are one
        assert relay.ended(HURRY_S) == 0
        assert [last_words(page)[1] for page in pages] == [GOING_DOWN] * 4


def test_page_that_hangs_does_not_hold_the_end_up(relay):
    with socket.create_connection(("127.0.0.1", relay.ports["http"])) as page:
        page.sendall(
            b"GET /tcp/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert page.recv(4096).startswith(b"HTTP/1.1 101")
        relay.process.send_signal(signal.SIGTERM)
        assert relay.ended() == 0


# The clock.

# Python loads this before the program: the clock on the wall, set by as many seconds as a file says.
SET_CLOCK = """
import time
from pathlib import Path
true = time.time
time.time = lambda: true() + int(Path({file!r}).read_text())
"""


@pytest.mark.parametrize("step", [3600, -3600])
def test_r22_clock_that_is_set_ends_no_session_and_stops_no_timer(tmp_path, step):
    file = tmp_path / "step"
    file.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(SET_CLOCK.format(file=str(file)))
    brisk = BASE.replace("[listen]", "session.ping_interval = 1\n[listen]", 1)
    with Relay(tmp_path, brisk, PYTHONPATH=str(tmp_path)) as relay:
        page = relay.echo()
        file.write_text(str(step))
        for _ in range(2):
            while page.recv(PATIENCE) != '["ping"]':
                pass
            page.send('["ack",1]')
        assert data_of(page, b"still here") == b"still here"
        assert relay.figure("orbited_sessions") == 1


# Descriptors.


def test_r21_scarce_descriptors_pause_accepting_and_nothing_else(tmp_path):
    with Relay(tmp_path, BASE, descriptors=100) as relay:
        page = relay.echo()
        others = [socket.create_connection(("127.0.0.1", relay.ports["http"])) for _ in range(150)]
        wait_until(lambda: relay.says("nobody is accepted"))
        assert data_of(page, b"hello") == b"hello"
        assert relay.figure('orbited_alarm{name="fd"}') == 1
        assert relay.get("/readyz", "admin") == (503, "not-ready: scarce\n")
        for other in others:
            other.close()
        wait_until(lambda: relay.says("accepting again"))
        wait_until(lambda: relay.get("/readyz")[0] == 200)
        assert data_of(relay.echo(), b"again") == b"again"
        assert "Traceback" not in relay.output
