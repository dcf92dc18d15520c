"""Our side of a connection to another broker: what goes out, what comes in, and when the other counts as away."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.frames import Frame, FrameDecoder, Version, encode
from stomp_broker.upstream import (
    ANSWER_SECONDS,
    HEART_BEAT_MS,
    MAX_UPSTREAM_FRAME_BYTES,
    Delivery,
    Ended,
    Ready,
    Upstream,
)

# As ActiveMQ 5.17 writes it.
CONNECTED = b"CONNECTED\nserver:ActiveMQ/5.17.2\nheart-beat:5000,5000\nsession:ID\\cx-1:1\nversion:1.2\n\n\0\n"
MESSAGE = b"MESSAGE\nexpires:0\ndestination:/topic/a\nsubscription:1\npriority:4\nmessage-id:ID\\cx-1\n\n{}\0\n"
# A broker that has no heart-beats.
SILENT = CONNECTED.replace(b"5000,5000", b"0,0")


def upstream(*said, now=0.0):
    """A connection that the other broker has said this over."""
    made = Upstream("web", "sesame", "other", now)
    made.data_to_send()
    for data in said:
        made.receive_data(data, now)
    return made


def events(upstream):
    return [*iter(upstream.next_event, None)]


def sent(upstream):
    decoder = FrameDecoder(Version.V12)
    decoder.receive_data(upstream.data_to_send())
    return [*iter(decoder.next_frame, None)]


def connected(now=0.0, answer=CONNECTED):
    made = upstream(answer, now=now)
    assert events(made) == [Ready()]
    return made


def test_it_logs_in_at_once():
    [frame] = sent(Upstream("web", "se:same", "other", 0))
    beats = f"{HEART_BEAT_MS},{HEART_BEAT_MS}"
    assert frame == Frame(
        "CONNECT",
        {"accept-version": "1.2", "host": "other", "login": "web", "passcode": "se:same", "heart-beat": beats},
    )


def test_messages_come_with_what_the_other_broker_says_of_them():
    made = connected()
    made.receive_data(MESSAGE, 1)
    [delivery] = events(made)
    assert (delivery.subscription, delivery.body) == ("1", b"{}")
    assert delivery.headers["message-id"] == "ID:x-1"


def test_questions_have_receipts_and_are_answered():
    made, answers, woken = connected(), [], []
    made.wake = lambda: woken.append(1)
    for _ in range(2):
        made.ask("SEND", {"destination": "/queue/a"}, b"1", answers.append)
    made.ask("UNSUBSCRIBE", {"id": "1"})
    assert [frame.headers.get("receipt") for frame in sent(made)] == ["1", "2", None]
    assert len(woken) == 3
    made.receive_data(b"RECEIPT\nreceipt-id:2\n\n\0RECEIPT\nreceipt-id:1\n\n\0RECEIPT\nreceipt-id:9\n\n\0", 1)
    assert events(made) == []
    assert answers == [None, None]


def test_a_refused_question_is_the_end_of_nothing_else():
    made, answers = connected(), []
    made.ask("SEND", {}, b"", answers.append)
    made.receive_data(b"ERROR\nreceipt-id:1\nmessage:" + b"x" * 1000 + b"\n\njava.lang.Whatever\0" + MESSAGE, 1)
    assert [type(event) for event in events(made)] == [Delivery]
    assert answers == ["x" * 200]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"ERROR\nmessage:User name [web] or password is invalid.\n\n\0", "User name [web] or password is invalid."),
        (CONNECTED + b"ERROR\nmessage:no receipt\n\n\0", "no receipt"),
        (CONNECTED + b"ERROR\nreceipt-id:7\n\n\0", "an ERROR without a message"),
        (MESSAGE, "MESSAGE while connecting"),
        (CONNECTED + CONNECTED, "CONNECTED while connected"),
        (CONNECTED + b"SEND\n\n\0", "SEND while connected"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "it does not speak STOMP: bad-command"),
        (CONNECTED.replace(b"5000,5000", b"often"), "it has no idea of heart-beats"),
        (CONNECTED.replace(b"5000,5000", b"1,2,3"), "it has no idea of heart-beats"),
        (
            CONNECTED + MESSAGE.replace(b"{}", b"x" * MAX_UPSTREAM_FRAME_BYTES),
            "it does not speak STOMP: frame-too-large",
        ),
    ],
)
def test_what_is_no_broker_that_lets_us_in_is_the_end(said, why):
    made = upstream(said)
    assert [event for event in events(made) if not isinstance(event, Ready)] == [Ended(why)]
    made.receive_data(MESSAGE, 1)
    made.tick(1e6)
    assert events(made) == []


def test_who_waits_for_an_answer_is_told_of_the_end():
    made, answers = connected(), []
    made.ask("SEND", {}, b"", answers.append)
    made.end("lost")
    made.end("again")
    assert answers == ["lost"]
    assert events(made) == [Ended("lost")]


def test_a_broker_that_does_not_let_us_in_in_time_is_away():
    made = upstream(now=100.0)
    made.tick(100 + ANSWER_SECONDS - 0.1)
    assert events(made) == []
    made.tick(100 + ANSWER_SECONDS)
    assert events(made) == [Ended("no answer within 10 s")]


def test_a_broker_that_does_not_answer_in_time_is_away():
    made, answers = connected(answer=SILENT), []
    made.tick(1000)
    made.ask("SEND", {}, b"", answers.append)
    made.tick(1000 + ANSWER_SECONDS - 0.1)
    assert answers == []
    made.tick(1000 + ANSWER_SECONDS)
    assert answers == ["no answer within 10 s"]


def test_heart_beats_go_out_and_are_missed():
    made = connected()
    made.data_to_send()
    made.tick(HEART_BEAT_MS / 2000)
    assert made.data_to_send() == b"\n"
    made.receive_data(b"\n", 9)
    made.tick(18)
    assert events(made) == []
    made.tick(19)
    assert events(made) == [Ended("no sign of life")]


def test_a_broker_without_heart_beats_may_be_silent():
    made = connected(answer=SILENT)
    made.tick(1e6)
    assert events(made) == []
    assert made.data_to_send() == b""


frames = st.builds(
    lambda number, body: encode(
        Frame("MESSAGE", {"subscription": str(number), "destination": "/topic/a"}, body), Version.V12
    ),
    st.integers(0, 9),
    st.binary(max_size=20),
)


@given(st.lists(frames, max_size=4), st.lists(st.integers(0, 400), max_size=6))
def test_any_split_of_the_bytes_gives_the_same_events(messages, cuts):
    data = CONNECTED + b"".join(messages) + b"\n\n"
    whole = upstream(data)
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    parts = upstream()
    came = []
    for start, end in pairwise(places):
        parts.receive_data(data[start:end], 0)
        came += events(parts)
    assert came == events(whole)
