"""A request is here when its head is, and as much of its body as is waited for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.processes import arrival
from quiz.processes.arrival import Arrival, Come

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /join/ HTTP/1.1\r\nContent-Length: 12\r\nHost: localhost\r\n\r\n"


def come(data: bytes) -> Come:
    return Arrival().receive(data)


def with_head(line: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\n" + line + b"\r\n\r\n"


@given(st.sampled_from([GET, POST + b'{"pin": "1"}']), st.data())
def test_what_is_cut_anywhere_is_a_part(request: bytes, data: st.DataObject) -> None:
    assert come(request[: data.draw(st.integers(0, len(request) - 1))]) is Come.PART


@given(st.sampled_from([GET, POST + b'{"pin": "1"}']), st.data())
def test_pieces_come_to_the_same_as_the_whole(request: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(request) - 1))))
    arrival, pieces = Arrival(), zip([0, *cuts], [*cuts, len(request)], strict=True)
    verdicts = [arrival.receive(request[start:end]) for start, end in pieces]
    assert verdicts == [Come.PART] * len(cuts) + [Come.WHOLE]
    assert arrival.data == request


@pytest.mark.parametrize("request_", [GET, POST + b'{"pin": "1"}', POST + b'{"pin": "1"}' + GET, b"nonsense\r\n\r\n"])
def test_what_is_here_is_whole_whatever_follows(request_: bytes) -> None:
    assert come(request_) is Come.WHOLE


@pytest.mark.parametrize(
    "line",
    [
        b"Content-Length: %d" % (arrival.MAX_BODY_BYTES + 1),
        b"content-length:99999999999999999999",
        b"Content-Length: 1\r\nContent-Length: 70000",
        b"Transfer-Encoding: chunked",
        b"Content-Length: 1\r\nExpect: 100-continue",
    ],
)
def test_a_body_that_is_long_or_of_unknown_length_is_a_threads(line: bytes) -> None:
    assert come(with_head(line)) is Come.LONG


def test_a_body_of_as_much_as_is_taken_is_waited_for() -> None:
    head = with_head(b"Content-Length: %d" % arrival.MAX_BODY_BYTES)
    assert come(head + bytes(arrival.MAX_BODY_BYTES - 1)) is Come.PART
    assert come(head + bytes(arrival.MAX_BODY_BYTES)) is Come.WHOLE


def test_a_head_without_an_end_is_given_up() -> None:
    head = b"GET / HTTP/1.1\r\nCookie: "
    assert come(head.ljust(arrival.MAX_HEAD_BYTES, b"x")) is Come.PART
    assert come(head.ljust(arrival.MAX_HEAD_BYTES + 1, b"x")) is Come.TOO_LONG


@pytest.mark.parametrize("line", [b"Content-Length: +5", b"X: Content-Length: 5", b"Content-Length: x"])
def test_what_names_no_length_is_gunicorns_to_judge(line: bytes) -> None:
    assert come(with_head(line)) is Come.WHOLE
