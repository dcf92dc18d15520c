"""Whole sessions, bytes in and bytes out: vectors shared with the JavaScript tests, and what holds for any pieces."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.events import Closed
from stomp_broker.frames import CLIENT_COMMANDS, Frame, Version, encode
from tests.stomp_broker.clients import Quiz, SessionClient
from tests.stomp_broker.pieces import cut
from tests.stomp_broker.wire import VERSIONS, Wire

VECTORS = Path(__file__).parent.parent / "vectors" / "stomp" / "sessions.json"
SESSIONS = json.loads(VECTORS.read_text())["sessions"]


def just_started():
    """A connection to a broker as the vectors have it."""
    quiz = Quiz()
    quiz.factory.broker._run = "0"
    return Wire(quiz)


def bytes_of(session, side):
    return [step[side].encode("latin-1") for step in session["steps"]]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session["name"])
class TestVectors:
    def test_each_step_is_answered_byte_for_byte_and_the_last_ends_it(self, session):
        wire = just_started()
        for said, answered in zip(bytes_of(session, "client"), bytes_of(session, "server"), strict=True):
            assert not wire.is_closed
            assert wire.say(said) == answered
        assert wire.is_closed

    def test_bytes_one_by_one_are_answered_the_same(self, session):
        wire = just_started()
        for said, answered in zip(bytes_of(session, "client"), bytes_of(session, "server"), strict=True):
            assert b"".join(wire.say(said[at : at + 1]) for at in range(len(said))) == answered


@given(st.sampled_from(SESSIONS), st.lists(st.integers(0, 5_000), max_size=20))
def test_any_split_of_a_session_is_answered_the_same(session, places):
    wire = just_started()
    pieces = cut(b"".join(bytes_of(session, "client")), places)
    assert b"".join(map(wire.say, pieces)) == b"".join(bytes_of(session, "server"))
    assert wire.is_closed


names = st.sampled_from(
    ["destination", "id", "message-id", "subscription", "transaction", "receipt", "ack", "content-length"]
)
values = st.sampled_from(["0", "1", "/a", "t", "client", "2", "a:b\\", " x "])
bodies = st.sampled_from([b"", b"hi", b"a\0b", b"\xff\n"])


@st.composite
def frames(draw):
    """A frame in any version's dialect, sensible or not."""
    command = draw(st.sampled_from(sorted(CLIENT_COMMANDS)))
    body = draw(bodies) if command == "SEND" else b""
    return encode(Frame(command, draw(st.dictionaries(names, values)), body), draw(st.sampled_from(Version)))


noise = st.sampled_from([b"\n", b"\r\n", b"\0", b"x", b"SEND\n", b"receipt:9\n", b"\n\n", b"\\t", b":", b"\xff"])
streams = st.lists(frames() | frames() | frames() | noise, max_size=12).map(b"".join)


def heard(version, pieces):
    """The events of a session, and the bytes that it sends."""
    client = SessionClient(version)
    sent = []
    for piece in pieces:
        client.session.receive_data(piece, 0)
        client.events += iter(client.session.next_event, None)
        sent.append(client.session.data_to_send())
    return client.events, b"".join(sent)


@given(st.sampled_from(VERSIONS), streams, st.lists(st.integers(0, 1_000), max_size=12))
def test_any_split_of_any_bytes_gives_the_same_events_and_the_same_bytes(version, data, places):
    events, sent = heard(version, [data])
    assert heard(version, cut(data, places)) == (events, sent)
    assert sent.count(b"ERROR\n") == sum(isinstance(event, Closed) and event.code is not None for event in events)
