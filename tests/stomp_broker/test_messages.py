"""MESSAGE frames: what of a SEND passes, and what differs from reader to reader."""

import pytest

from stomp_broker.events import AckMode, Send, Subscription
from stomp_broker.frames import Version
from stomp_broker.messages import PRIVATE_HEADERS, Message, Shape, encode_message
from tests.stomp_broker.clients import frames_in


def message(headers=None, body=b"hi"):
    return Message.of(Send("/a", headers or {}, body), message_id="T1", sender="player:1")


def encoded(message, version="1.2", subscription_id="0", is_acknowledged=False):
    shape = Shape(subscription_id, Version(version), is_acknowledged)
    [frame] = frames_in(encode_message(message, shape), shape.version)
    return frame


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_reader_gets_body_destination_id_subscription_and_sender(version):
    frame = encoded(message(), version)
    assert frame.command == "MESSAGE"
    assert frame.body == b"hi"
    assert frame.headers == {
        "subscription": "0",
        "destination": "/a",
        "message-id": "T1",
        "sender": "player:1",
        "content-length": "2",
    }


def test_the_senders_own_headers_pass_unchanged():
    own = {"content-type": "application/json", "x": "a:b\nc\\d\r", "selector": "T(java.lang.Runtime)"}
    assert own.items() <= encoded(message(own)).headers.items()


@pytest.mark.parametrize("name", sorted(PRIVATE_HEADERS))
def test_c24_headers_of_the_broker_are_never_the_senders(name):
    assert encoded(message({name: "forged"})).headers.get(name) != "forged"


@pytest.mark.parametrize("name", [" content-length", "sender ", "\tsubscription", "destination\r", "ack\u2028"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_c24_nor_are_they_when_blanks_hide_them(name, version):
    assert name not in encoded(message({name: "0"}), version).headers
    assert encoded(message({name: "0"}), version).headers["sender"] == "player:1"


def test_c8_a_line_end_in_a_header_is_escaped_or_left_out_for_1_0():
    sent = message({"x": "a\nsender:service:web", "y:z": "1", "ok": "2"})
    assert encoded(sent, "1.1").headers["x"] == encoded(sent, "1.2").headers["x"] == "a\nsender:service:web"
    old = encoded(sent, "1.0").headers
    assert old["ok"] == "2"
    assert old["sender"] == "player:1"
    assert not {"x", "y:z", "y"} & set(old)


def test_an_id_to_acknowledge_by_is_there_where_1_2_wants_it():
    assert encoded(message(), "1.2", is_acknowledged=True).headers["ack"] == "T1"
    assert "ack" not in encoded(message(), "1.2").headers
    assert "ack" not in encoded(message(), "1.1", is_acknowledged=True).headers


def test_a_subscription_of_1_0_without_id_has_no_subscription_header():
    assert "subscription" not in encoded(message(), "1.0", subscription_id=None).headers


def test_shapes_are_equal_where_the_bytes_are():
    shape = Shape.of(Subscription("0", "/a", AckMode.CLIENT), Version.V12)
    assert shape == Shape.of(Subscription("0", "/b", AckMode.CLIENT_INDIVIDUAL), Version.V12)
    assert shape != Shape.of(Subscription("0", "/a"), Version.V12)
    assert shape != Shape.of(Subscription("1", "/a", AckMode.CLIENT), Version.V12)
