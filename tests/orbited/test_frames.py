"""Frames by themselves, and against wsproto: what is read without it must be what it would have read."""

import gc
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import CloseConnection, Message, Ping, Pong

from orbited.frames import (
    MAX_FRAGMENTS,
    MAX_MESSAGE_BYTES,
    FrameError,
    Reader,
    SharedFrames,
    binary_frame,
    close_frame,
    ping_frame,
    pong_frame,
    text_frame,
)
from tests.orbited.mutants import mutated, pieces
from tests.orbited.rig import BINARY, CLOSE, PING, TEXT, frame

PONG = 10


def read(*some):
    """Everything received, a FrameError as its code."""
    reader, received = Reader(), []
    try:
        for data in some:
            for one in reader.receive_data(data):
                received.append(one)
                if isinstance(one, CloseConnection):
                    return received
    except FrameError as error:
        received.append(error.code)
    return received


# Building.


def test_same_object_is_framed_once():
    frames, payload = SharedFrames(), b"question"
    assert frames.frame(payload) is frames.frame(payload)
    assert frames.frame(payload) == binary_frame(b"question")
    assert frames.frame(b"another") == binary_frame(b"another")


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_frames_are_what_clients_read(size):
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(binary_frame(bytes(size)) + text_frame("è") + ping_frame() + pong_frame(b"!"))
    binary, text, ping, pong = client.events()
    assert (len(binary.data), text.data, ping, pong) == (size, "è", Ping(b""), Pong(b"!"))


@pytest.mark.parametrize(("code", "reason", "seen"), [(4008, "too slow", "too slow"), (1000, "è" * 100, "è" * 61)])
def test_closes_are_what_clients_read(code, reason, seen):
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(close_frame(code, reason))
    assert list(client.events()) == [CloseConnection(code, seen)]


# Reading.

messages = st.lists(st.binary(max_size=300) | st.text(max_size=100), max_size=6)


def client_frame(message):
    return frame(TEXT, message.encode()) if isinstance(message, str) else frame(BINARY, message)


@given(messages, st.integers(0, 1 << 64))
def test_messages_arrive_whole_however_the_bytes_are_cut(some, seed):
    stream = b"".join(map(client_frame, some))
    assert read(*pieces(random.Random(seed), stream)) == some
    assert read(*(bytes((byte,)) for byte in stream)) == some


def test_masks_are_taken_off():
    assert read(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") == ["Hello"]  # RFC 6455, section 5.7


def test_fragments_make_one_message_with_a_ping_between():
    stream = frame(TEXT, "è".encode()[:1], fin=False) + frame(PING, b"?") + frame(0, "è".encode()[1:])
    assert read(stream) == [Ping(b"?"), "è"]


@pytest.mark.parametrize("size", [0, 125, 126, 65535, MAX_MESSAGE_BYTES])
def test_messages_of_any_length_that_is_allowed_arrive(size):
    assert [len(message) for message in read(frame(BINARY, bytes(size)), frame(TEXT, b"x" * size))] == [size, size]


def test_a_long_message_may_come_byte_by_byte():
    """Pieces are not fragments."""
    stream = frame(BINARY, bytes(2 * MAX_FRAGMENTS))
    assert read(*(bytes((byte,)) for byte in stream)) == [bytes(2 * MAX_FRAGMENTS)]


def test_sizes_are_counted_anew_for_each_message():
    fragments = frame(BINARY, bytes(40_000), fin=False) + frame(0, bytes(20_000))
    assert [len(message) for message in read(fragments * 3, frame(BINARY, bytes(60_000)) * 3)] == [60_000] * 6
    many = frame(BINARY, fin=False) + frame(0, fin=False) * (MAX_FRAGMENTS - 2) + frame(0)
    assert read(many * 3) == [b""] * 3


@pytest.mark.parametrize("length", [MAX_MESSAGE_BYTES + 1, 1 << 40, 1 << 63])
def test_b11_long_messages_are_refused_by_their_head(length):
    head = frame(BINARY, length=length)
    assert read(head) == [1009]
    assert read(head[:-1]) == []


def test_b11_fragments_are_added_up():
    first = frame(BINARY, bytes(MAX_MESSAGE_BYTES), fin=False)
    assert read(first, frame(0)) == [bytes(MAX_MESSAGE_BYTES)]
    assert read(first, frame(0, length=1)) == [1009]


def judges():
    """How many of wsproto's connections there are in this process."""
    return sum(type(thing) is Connection for thing in gc.get_objects())


def test_between_messages_no_judge_is_kept():
    reader, before = Reader(), judges()
    list(reader.receive_data(frame(TEXT, b"a", fin=False)))
    assert judges() == before + 1
    list(reader.receive_data(frame(0, b"b") + frame(PING) + frame(BINARY, b"x") + frame(BINARY)[:1]))
    assert judges() == before


def reference(data):
    """What wsproto makes of all bytes at once, as ``read`` tells it."""
    judge = Connection(ConnectionType.SERVER)
    judge.receive_data(data)
    received, parts = [], []
    for event in judge.events():
        if isinstance(event, Message):
            parts.append(event.data)
            if event.message_finished:
                received.append(parts[0][:0].join(parts))
                parts = []
        elif isinstance(event, CloseConnection) and judge.state is ConnectionState.OPEN:
            received.append(event.code)
        else:
            received.append(event)
    return received


FRAMES = (
    frame(TEXT, "Hellö".encode()),
    frame(BINARY, b"\0\1\2"),
    frame(BINARY),
    frame(BINARY, bytes(126)),
    frame(TEXT, b"a" * 300, fin=False),
    frame(0, b"b"),
    frame(0, b"b", fin=False),
    frame(PING, b"?"),
    frame(PONG),
    frame(CLOSE, struct.pack("!H", 1000) + b"bye"),
    b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
)


def differs(source, data):
    """Is ``data``, cut anywhere, read otherwise than by wsproto alone?

    But for two things: we refuse messages that are too long, and a head that is wrong only once it is complete.
    """
    ours = read(*pieces(source, data))
    theirs = reference(data)
    if ours[-1:] == [1009]:
        return ours[:-1] != theirs[: len(ours) - 1]
    return ours != theirs and not (ours == theirs[:-1] and theirs[-1] == 1002)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(FRAMES), max_size=6), st.integers(0, 1 << 64))
def test_r14_nearly_right_frames_are_read_as_by_wsproto(frames, seed):
    source = random.Random(seed)
    assert not differs(source, mutated(source, b"".join(frames)))


@given(st.binary(max_size=400), st.integers(0, 1 << 64))
def test_r14_any_bytes_are_read_as_by_wsproto(data, seed):
    assert not differs(random.Random(seed), data)
