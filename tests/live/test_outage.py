"""The real broker, as a process of its own: what is published arrives, also when the broker was away."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from quiz import live
from quiz.live import broker, tickets
from quiz.live.errors import BrokerUnavailable
from quiz.live.messages import MAX_BODY_BYTES, Message
from quiz.live.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
STATUS = "/games/7/status"

# Seconds; what takes longer on two busy cores does not come at all.
PATIENCE = 30


class BrokerProcess:
    """``python -m stomp_broker``; after ``stop`` it may ``start`` again on the same port."""

    port = 0

    def start(self):
        command = [sys.executable, "-m", "stomp_broker", "-p", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(PATIENCE)


class Subscriber:
    """A player's client, of the fewest lines that can be one."""

    def __init__(self, port, subject, destination):
        passcode = tickets.make(subject, read=[destination], write=[], seconds=60)
        self.sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.received = b""
        self.write(f"CONNECT\naccept-version:1.2\nhost:localhost\nlogin:x\npasscode:{passcode}\n\n\0")
        self.write(f"SUBSCRIBE\nid:0\ndestination:{destination}\nreceipt:subscribed\n\n\0")
        assert self.frame().startswith("CONNECTED")
        assert self.frame().startswith("RECEIPT")

    def write(self, text):
        self.sock.sendall(text.encode())

    def frame(self):
        while b"\0" not in self.received:
            data = self.sock.recv(65_536)
            if not data:
                return "closed"
            self.received += data
        frame, self.received = self.received.split(b"\0", 1)
        return frame.lstrip(b"\r\n").decode()

    def envelopes(self, count):
        """The next messages, without what is between them."""
        frames = (self.frame() for _ in range(10 * count))
        bodies = (frame.partition("\n\n")[2] for frame in frames if frame.startswith("MESSAGE"))
        return [json.loads(next(bodies)) for _ in range(count)]


@pytest.fixture
def real(settings, monkeypatch):
    """The broker runs, and this process speaks to it without pauses."""
    real = BrokerProcess()
    real.start()
    settings.STOMP_HOST, settings.STOMP_PORT = "127.0.0.1", real.port
    settings.STOMP_LOGIN, settings.STOMP_PASSCODE = os.environ.get("STOMP_LOGIN", "web"), os.environ["STOMP_PASSCODE"]
    settings.LIVE_BACKEND = "quiz.live.broker.deliver"
    monkeypatch.setattr(broker, "_broker", broker.Broker())
    monkeypatch.setattr(broker, "PAUSE_S", 0)
    yield real
    real.stop()


def test_published_event_arrives_and_is_marked(real):
    player = Subscriber(real.port, "player:5", STATUS)
    event = live.publish(STATUS, "question.opened", {"text": "È vero? 😀"})
    assert player.envelopes(1) == [event.envelope()]
    assert not Event.objects.filter(published_at=None).exists()


def test_what_was_published_without_a_broker_arrives_when_it_is_back(real):
    live.publish(STATUS, "game.started", {}, at=1)
    real.stop()
    for n in range(3):
        live.publish(STATUS, "question.opened", {"n": n}, at=1)
    live.send(STATUS, "counts.changed", {})
    assert live.drain() == 0
    assert Event.objects.filter(published_at=None).count() == 3

    real.start()
    player = Subscriber(real.port, "player:5", STATUS)
    assert live.drain() == 3
    assert [envelope["seq"] for envelope in player.envelopes(3)] == [2, 3, 4]
    assert not Event.objects.filter(published_at=None).exists()


def test_frozen_broker_fails_deliveries_and_serves_again_after_it_thawed(real, impatient):
    live.publish(STATUS, "game.started", {})
    real.process.send_signal(signal.SIGSTOP)
    live.publish(STATUS, "question.opened", {}, at=1)
    assert Event.objects.filter(published_at=None).count() == 1
    real.process.send_signal(signal.SIGCONT)
    assert any(live.drain() for _ in range(100))
    assert not Event.objects.filter(published_at=None).exists()


def test_a_thousand_personal_messages_arrive(real):
    player = Subscriber(real.port, "player:999", "/players/999")
    live.send_many((f"/players/{n}", "player.result", {"points": n}) for n in range(1000))
    [envelope] = player.envelopes(1)
    assert (envelope["seq"], envelope["data"]) == (0, {"points": 999})


def test_largest_body_passes_the_broker(real):
    live.publish(STATUS, "t", {"text": "x" * (MAX_BODY_BYTES - 100)})
    assert not Event.objects.filter(published_at=None).exists()


def test_cut_ends_the_subjects_connections_and_no_others(real):
    kicked, other = Subscriber(real.port, "player:5", STATUS), Subscriber(real.port, "player:6", STATUS)
    live.cut("player:5")
    live.publish(STATUS, "player.removed", {})
    frames = [kicked.frame(), kicked.frame()]
    assert frames[-1] == "closed"
    assert not frames[0].startswith("MESSAGE")
    assert other.envelopes(1)[0]["type"] == "player.removed"


def test_wrong_passcode_names_the_settings(real, settings):
    settings.STOMP_PASSCODE = "guessed"
    with pytest.raises(BrokerUnavailable, match="STOMP_LOGIN and STOMP_PASSCODE"):
        broker.deliver([Message(STATUS, "game.started", {}, at=1)])
