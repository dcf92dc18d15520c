"""Held against wsproto, which knows RFC 6455 by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, TextMessage

from bench.yardstick import wire
from orbited.websocket import binary_frame, text_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_server_reads_a_masked_message_of_any_length(size: int) -> None:
    message = bytes(number % 251 for number in range(size))
    server = Connection(ConnectionType.SERVER)
    server.receive_data(wire.masked(message))
    parts = [event for event in server.events() if isinstance(event, BytesMessage)]
    assert b"".join(bytes(part.data) for part in parts) == message
    assert parts[-1].message_finished


def test_control_is_text() -> None:
    server = Connection(ConnectionType.SERVER)
    server.receive_data(wire.masked(b'["ack",1]', wire.TEXT))
    (event,) = server.events()
    assert isinstance(event, TextMessage)
    assert event.data == '["ack",1]'


@given(st.lists(st.binary(max_size=300)), st.integers(min_value=1, max_value=20))
def test_frames_come_out_however_their_bytes_are_split(messages: list[bytes], size: int) -> None:
    sent = text_frame("[]") + b"".join(map(binary_frame, messages))
    frames, got = wire.Frames(), []
    for start in range(0, len(sent), size):
        got += frames.read(sent[start : start + size])
    assert got == [(wire.TEXT, b"[]"), *((wire.BINARY, message) for message in messages)]


def test_a_long_frame_has_eight_bytes_of_length() -> None:
    message = bytes(70_000)
    assert list(wire.Frames().read(binary_frame(message))) == [(wire.BINARY, message)]


def test_an_answer_is_complete_with_the_last_byte_of_its_body() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Other: 9"
    whole = head + b"\r\n\r\nok"
    assert wire.answer(whole) == (head, b"ok")
    assert all(wire.answer(whole[:length]) is None for length in range(len(whole)))
