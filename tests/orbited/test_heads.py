"""Heads line by line, and against h11: nothing may be taken that a strict parser refuses."""

import random

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.web.resource import Resource

from orbited.config import Config
from orbited.heads import MAX_BODY_BYTES, MAX_HEAD_BYTES, MAX_HEADERS, Head, HeadError
from orbited.http import RelaySite
from orbited.metrics import Metrics
from orbited.policy import Policy
from tests.orbited.mutants import REQUESTS, mutated
from tests.orbited.rig import Line


def judge(*lines):
    """The status that a head is refused with, or None."""
    try:
        head = Head(lines[0])
        for line in lines[1:]:
            head.receive_header(line)
        head.finish()
    except HeadError as error:
        return error.status
    return None


GET = b"GET / HTTP/1.1"


@pytest.mark.parametrize(
    "line",
    [
        GET,
        b"POST /tcp/key?ack=1 HTTP/1.0",
        b"HEAD /a%20b HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"GET /citt%C3%A0?q=%ff%00 HTTP/1.1",
    ],
)
def test_requests_are_taken(line):
    assert judge(line) is None


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /", 400),
        (b"GET  / HTTP/1.1", 400),
        (b"GET / HTTP/1.1 ", 400),
        (b" GET / HTTP/1.1", 400),
        (b"GET\t/ HTTP/1.1", 400),
        (b"GET / http/1.1", 400),
        (b"GET / HTTP/2.0", 400),
        (b"GET / HTTP/1.10", 400),
        (b"GET /\x80 HTTP/1.1", 400),
        (b"G\0T / HTTP/1.1", 400),
        (b"GET http://relay.example/ HTTP/1.1", 400),
        (b"GET * HTTP/1.1", 400),
        (b"get / HTTP/1.1", 405),
        (b"BREW / HTTP/1.1", 405),
        (b"CONNECT localhost:22 HTTP/1.1", 405),
    ],
)
def test_other_first_lines_are_refused(line, status):
    assert judge(line) == status


@pytest.mark.parametrize(
    "line",
    [
        b"host: a",
        b"host:a",
        b"x:",
        b"x: \t a \t b \t ",
        b"x-name_1.2~!#$%&'*+^`|: \xe9",
        "x: città Å".encode(),
        "x: città".encode("latin-1"),
        b"content-length: 0",
        b"transfer-encoding: Chunked",
    ],
)
def test_headers_are_taken(line):
    assert judge(GET, line) is None


@pytest.mark.parametrize(
    "lines",
    [
        [b"no colon"],
        [b": no name"],
        [b"x : 1"],
        [b" x: 1"],
        [b"x: 1", b" folded"],
        [b"x: 1", b"\tfolded"],
        [b"x\xe9: 1"],
        [b'x"y: 1'],
        *([b"x: a" + bytes((byte,)) + b"b"] for byte in (*range(9), *range(10, 32), 0x7F, 0x85)),
        ["x: a\u0085b".encode()],
    ],
)
def test_headers_that_some_would_read_otherwise_are_refused(lines):
    assert judge(GET, *lines) == 400


@pytest.mark.parametrize(
    "headers",
    [
        [b"content-length: 1", b"content-length: 2"],
        [b"content-length: 1", b"content-length: 1"],
        [b"content-length: 1, 1"],
        [b"content-length: 1", b"transfer-encoding: chunked"],
        [b"transfer-encoding: chunked", b"content-length: 1"],
        [b"transfer-encoding: chunked", b"transfer-encoding: chunked"],
        [b"transfer-encoding: gzip, chunked"],
        [b"transfer-encoding: identity"],
        [b"transfer-encoding:"],
        *([b"content-length: " + length] for length in (b"", b"+5", b"-1", b"0x5", b"5 5", b"5.0", b"\xb2")),
    ],
)
def test_lengths_that_are_not_one_are_refused(headers):
    assert judge(b"POST / HTTP/1.1", *headers) == 400


def test_http_1_0_knows_no_chunks():
    assert judge(b"POST / HTTP/1.0", b"transfer-encoding: chunked") == 400


def test_body_is_judged_by_its_announced_length():
    assert judge(b"POST / HTTP/1.1", b"content-length: %d" % MAX_BODY_BYTES) is None
    assert judge(b"POST / HTTP/1.1", b"content-length: %d" % (MAX_BODY_BYTES + 1)) == 413
    assert judge(b"POST / HTTP/1.1", b"content-length: " + b"9" * 5000) == 413


def test_headers_are_counted_and_weighed():
    assert judge(GET, *[b"x: 1"] * MAX_HEADERS) is None
    assert judge(GET, *[b"x: 1"] * (MAX_HEADERS + 1)) == 431
    line = b"x: " + b"1" * 1021
    assert judge(GET, *[line] * (MAX_HEAD_BYTES // len(line) - 1)) is None
    assert judge(GET, *[line] * (MAX_HEAD_BYTES // len(line) + 1)) == 431


def test_refusals_are_whole_answers():
    answer = HeadError(405, "method-not-allowed", "GET", b"allow: GET").answer()
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("host", "a")]))
    client.receive_data(answer)
    response, body = client.next_event(), client.next_event()
    assert (response.status_code, body.data) == (405, b"method-not-allowed: GET\n")
    assert {(b"allow", b"GET"), (b"connection", b"close")} <= set(response.headers)


# Against h11. What we take and h11 does not:
# - an empty line before a request (RFC 9112, section 2.2, wants it to be ignored);
# - a request in HTTP/1.1 without a Host header or with two: our site refuses it (guard.py), h11 its parser.


def alike(name, value):
    """A header as h11 tells it: it writes the coding, whose case does not matter, in lower case."""
    return name, value.lower() if name == b"transfer-encoding" else value


class Recorder(Resource):
    """What Twisted has understood."""

    isLeaf = True

    def __init__(self):
        super().__init__()
        self.requests = []

    def render(self, request):
        pairs = request.requestHeaders.getAllRawHeaders()
        headers = sorted(alike(name.lower(), value) for name, values in pairs for value in values)
        self.requests.append((request.method, request.uri, request.clientproto, headers, request.content.read()))
        return b""


def understood_by_us(data):
    """The first request in ``data`` if we serve it."""
    recorder = Recorder()
    site = RelaySite(recorder, Clock(), Policy(Config(hosts=("*",))), Metrics())
    peer = IPv4Address("TCP", "203.0.113.7", 50000)
    line = Line(peerAddress=peer)
    line.protocol = site.buildProtocol(peer)
    line.protocol.makeConnection(line)
    line.protocol.dataReceived(data)
    return recorder.requests[0] if recorder.requests else None


def understood_by_h11(data):
    """The first request in ``data`` if h11 takes it."""
    server = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    server.receive_data(data)
    body = b""
    try:
        request = server.next_event()
        if not isinstance(request, h11.Request):
            return None
        while not isinstance(event := server.next_event(), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                return None
            body += bytes(event.data)
    except h11.RemoteProtocolError:
        return None
    version = b"HTTP/" + request.http_version
    return request.method, request.target, version, sorted(request.headers), body


def differs(data):
    """Do we serve ``data`` as another request than h11, or one that h11 refuses?"""
    ours = understood_by_us(data)
    return ours is not None and ours != understood_by_h11(data.removeprefix(b"\r\n"))


@pytest.mark.parametrize("data", REQUESTS)
def test_r15_requests_of_browsers_are_the_same_to_h11(data):
    assert understood_by_h11(data) is not None
    assert not differs(data)


@settings(max_examples=3000, deadline=None)
@given(st.sampled_from(REQUESTS), st.integers(0, 1 << 64))
def test_r15_nothing_is_served_that_h11_refuses_or_reads_otherwise(request, seed):
    assert not differs(mutated(random.Random(seed), request))
