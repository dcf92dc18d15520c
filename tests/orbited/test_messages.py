import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from orbited.frames import SharedFrames, binary_frame, text_frame
from orbited.messages import Outgoing, SharedTexts, begun


def outgoing(as_text=True):
    stream = Outgoing(SharedTexts(), SharedFrames())
    stream.as_text = as_text
    return stream


def messages_in(frames):
    connection = Connection(ConnectionType.CLIENT)
    connection.receive_data(b"".join(frames))
    return [event.data if isinstance(event, TextMessage) else bytes(event.data) for event in connection.events()]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 0),
        (b"a", 0),
        ("è".encode(), 0),
        ("è".encode()[:1], 1),
        (b"a" + "€".encode()[:2], 2),
        ("😀".encode()[:3], 3),
        ("😀".encode(), 0),
        (b"\x80", 0),
        (b"\x80\x80\x80\x80", 0),
        (b"\xff", 1),
        (b"\xc3\xa8\x80", 0),
    ],
)
def test_the_beginning_of_a_character_is_found_at_the_end(data, count):
    assert begun(data) == count


@given(st.text(min_size=1), st.lists(st.integers(0, 200), max_size=10))
def test_text_that_comes_in_any_pieces_goes_in_whole_characters(text, cuts):
    data, stream = text.encode(), outgoing()
    ends = [*sorted(cut for cut in cuts if cut < len(data)), len(data)]
    starts = [0, *ends]
    frames = [stream.frame(data[start:end]) for start, end in zip(starts, ends, strict=False)]
    messages = messages_in([*frames, stream.last_frame()])
    assert all(isinstance(message, str) for message in messages)
    assert "".join(messages) == text


@given(st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=20)), max_size=20))
def test_any_bytes_arrive_unchanged_whatever_is_spoken(pieces):
    stream, frames = outgoing(), []
    for as_text, data in pieces:
        stream.as_text = as_text
        frames.append(stream.frame(data))
    messages = messages_in([*frames, stream.last_frame()])
    arrived = b"".join(message.encode() if isinstance(message, str) else message for message in messages)
    assert arrived == b"".join(data for _, data in pieces)


def test_what_is_no_text_goes_as_it_is():
    assert outgoing().frame(b"\xff\xfe\0") == binary_frame(b"\xff\xfe\0")


def test_half_a_character_at_the_end_goes_as_bytes():
    stream = outgoing()
    assert stream.frame(b"a\xc3") == text_frame("a")
    assert stream.last_frame() == binary_frame(b"\xc3")
    assert stream.last_frame() == b""


def test_who_speaks_bytes_gets_bytes():
    assert outgoing(as_text=False).frame(b"a\xc3") == binary_frame(b"a\xc3")


def test_one_payload_is_framed_once_for_many():
    texts, payload = SharedTexts(), "MESSAGE è".encode()
    assert texts.frame(payload) is texts.frame(payload)
    assert texts.frame(b"other") == text_frame("other")
