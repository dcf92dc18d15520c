"""connection.py: every wait has an end, every failure is a BrokerError."""

import json
import socket

import pytest

from quiz.live.connection import MESSAGES_A_RECEIPT, Connection, Delivery
from quiz.live.destinations import spelled
from quiz.live.errors import BrokerRefused, BrokerUnavailable
from quiz.live.messages import Message

STATUS = "/games/7/status"
NOW = 1_800_000_000_000


def message(type="game.started", destination=STATUS, **data):
    return Message(destination, type, data, at=1)


@pytest.fixture
def ends():
    """Why connections ended."""
    return []


@pytest.fixture
def connection(peer, ends):
    return Connection(ends.append)


def test_connect_names_version_login_host_and_heart_beats(peer, connection, settings):
    settings.STOMP_LOGIN, settings.STOMP_PASSCODE = "web", "se:cret"
    connection.open()
    [connect] = peer.sent("CONNECT")
    assert connect.headers["accept-version"] == "1.2"
    assert connect.headers["heart-beat"] == "5000,5000"
    assert connect.headers["host"] == "127.0.0.1"
    assert (connect.headers["login"], connect.headers["passcode"]) == ("web", "se:cret")


def test_message_goes_out_as_json_with_its_length_in_bytes(peer, connection):
    connection.open()
    connection.send([message(text="È vero? 😀")])
    [sent] = peer.sent()
    assert sent.headers["destination"] == STATUS
    assert sent.headers["content-type"] == "application/json"
    assert int(sent.headers["content-length"]) == len(sent.body)
    assert json.loads(sent.body)["data"] == {"text": "È vero? 😀"}


def test_of_many_messages_one_in_hundreds_asks_for_a_receipt_and_the_last(peer, connection):
    connection.open()
    connection.send([message(n=n) for n in range(MESSAGES_A_RECEIPT + 2)])
    assert [json.loads(frame.body)["data"]["n"] for frame in peer.sent()] == list(range(MESSAGES_A_RECEIPT + 2))
    asks = ["receipt" in frame.headers for frame in peer.sent()]
    assert asks == [False] * (MESSAGES_A_RECEIPT - 1) + [True, False, True]


def test_destination_and_host_are_spelled_as_the_broker_wants_them(peer, settings, ends):
    settings.STOMP_DESTINATIONS = "rabbitmq"
    settings.LIVE_QUEUE_ENDINGS = ["answers"]
    connection = Connection(ends.append)
    connection.open()
    connection.send([message(), message(destination="/games/7/answers")])
    assert peer.sent("CONNECT")[0].headers["host"] == "/"
    assert [frame.headers["destination"] for frame in peer.sent()] == [
        "/topic/games.7.status",
        "/topic/games.7.answers",
    ]


def test_rabbitmq_keeps_what_is_a_queue_to_us_in_a_queue_bound_to_the_topic(peer, settings, ends):
    settings.STOMP_DESTINATIONS = "rabbitmq"
    connection = Connection(ends.append)
    connection.open()
    connection.subscribe("/games/7/answers")
    connection.send([message()])
    [subscribe] = peer.sent("SUBSCRIBE")
    wanted = {
        "destination": "/topic/games.7.answers",
        "x-queue-name": "games.7.answers",
        "durable": "true",
        "auto-delete": "false",
        "x-expires": "3600000",
        "ack": "client",
    }
    assert subscribe.headers.items() >= wanted.items()


@pytest.mark.parametrize(
    ("form", "sender"), [("plain", "player:5"), ("activemq", "player:5"), ("rabbitmq", "player:6")]
)
def test_sender_is_who_the_broker_says(peer, settings, ends, form, sender):
    settings.STOMP_DESTINATIONS = form
    delivered = []
    connection = Connection(ends.append, delivered.append)
    connection.open()
    headers = f"destination:{spelled(STATUS)}\nack:1\nsender:player\\c5\nuser-id:player\\c6"
    peer.script = lambda frame: f"MESSAGE\n{headers}\n\n{{}}\0RECEIPT\nreceipt-id:1\n\n\0".encode()
    connection.send([message()])
    assert [(one.destination, one.sender) for one in delivered] == [(STATUS, sender)]


@pytest.mark.parametrize(
    ("form", "stamp", "at"),
    [
        ("plain", "1700000000000", 1_700_000_000_000),
        ("activemq", "1700000000000", 1_700_000_000_000),
        ("rabbitmq", "1700000000000", NOW),
        ("plain", "1900000000000", NOW),
        ("plain", "soon", NOW),
        ("plain", "-1", NOW),
    ],
)
def test_a_message_came_when_the_broker_says_unless_that_is_to_come(peer, settings, ends, monkeypatch, form, stamp, at):
    monkeypatch.setattr("quiz.live.connection.now_ms", lambda: NOW)
    settings.STOMP_DESTINATIONS = form
    delivered = []
    connection = Connection(ends.append, delivered.append)
    connection.open()
    headers = f"destination:{spelled(STATUS)}\nack:1\nreceived-at:{stamp}"
    peer.script = lambda frame: f"MESSAGE\n{headers}\n\n{{}}\0RECEIPT\nreceipt-id:1\n\n\0".encode()
    connection.send([message()])
    assert [one.received_at for one in delivered] == [at]


def test_one_acknowledgement_a_queue_is_for_all_before_it_in_the_order_they_came(peer, connection):
    connection.open()
    came = [
        Delivery(f"/games/{game}/answers", "", "", 0, ack) for game, ack in [(7, "a"), (8, "b"), (7, "c"), (9, "d")]
    ]
    connection.acknowledge(came)
    connection.send([message()])
    assert [frame.headers["id"] for frame in peer.sent("ACK")] == ["b", "c", "d"]


def test_small_frames_leave_at_once(connection):
    connection.open()
    sock = connection._stomp.transport.socket
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_nobody_listening_is_told_without_sleeping(nobody, ends, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("slept"))
    with pytest.raises(BrokerUnavailable, match="nobody answers"):
        Connection(ends.append).open()
    assert len(ends) == 1


def test_peer_that_never_says_connected_is_given_up(peer, connection, impatient, ends):
    peer.script = lambda frame: b""
    with impatient(), pytest.raises(BrokerUnavailable, match="no answer within"):
        connection.open()
    assert not connection.alive
    assert len(ends) == 1


def test_refused_login_says_which_settings_to_look_at(peer, connection):
    peer.script = lambda frame: b"ERROR\nmessage:access-refused\n\n\0"
    with pytest.raises(BrokerUnavailable, match="STOMP_LOGIN and STOMP_PASSCODE: access-refused"):
        connection.open()


def test_silence_instead_of_a_receipt_ends_the_connection(peer, connection, impatient, ends):
    connection.open()
    peer.script = lambda frame: b""
    with impatient(), pytest.raises(BrokerUnavailable, match="no answer"):
        connection.send([message()])
    assert not connection.alive
    assert len(ends) == 1


def test_error_that_names_the_message_refuses_it(peer, connection):
    connection.open()
    peer.script = lambda frame: b"ERROR\nmessage:frame-too-large\nreceipt-id:1\n\n\0"
    with pytest.raises(BrokerRefused, match="frame-too-large"):
        connection.send([message()])
    assert not connection.alive


def test_error_that_names_nothing_refuses_what_waits(peer, connection):
    connection.open()
    peer.script = lambda frame: b"ERROR\n\nAccess refused for user web\0"
    with pytest.raises(BrokerRefused, match="Access refused for user web"):
        connection.send([message()])


def test_error_about_another_message_only_breaks_the_connection(peer, connection):
    connection.open()
    other = connection._expect("another")
    peer.script = lambda frame: b"ERROR\nmessage:access-refused\nreceipt-id:another\n\n\0"
    with pytest.raises(BrokerUnavailable, match="closed after an error"):
        connection.send([message()])
    assert isinstance(other.exception(), BrokerRefused)


def test_peer_that_hangs_up_in_mid_send_fails_the_send(peer, connection):
    connection.open()
    peer.script = lambda frame: None if b'"n":500' in frame.body else b""
    with pytest.raises(BrokerUnavailable):
        connection.send([message(n=n) for n in range(5000)])
    assert not connection.alive


def test_peer_that_stops_reading_fails_the_send(peer, connection, impatient):
    connection.open()
    peer.reading.clear()
    with impatient(), pytest.raises(BrokerUnavailable):
        connection.send([message(text="x" * 900_000) for _ in range(20)])
    assert not connection.alive


def test_connection_that_ended_sends_nothing(peer, connection):
    connection.open()
    connection.end(BrokerUnavailable("frozen"))
    with pytest.raises(BrokerUnavailable, match="frozen"):
        connection.send([message()])
    assert peer.sent() == []


def test_unknown_receipt_is_ignored(peer, connection):
    connection.open()
    peer.script = lambda frame: b"RECEIPT\nreceipt-id:77\n\n\0RECEIPT\nreceipt-id:1\n\n\0"
    connection.send([message()])
    assert connection.alive
