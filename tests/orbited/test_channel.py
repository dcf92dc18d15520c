"""HTTP connections by themselves: time, order, who may come next, and how a refused peer is left."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from orbited.channel import (
    BODY_PATIENCE_S,
    IDLE_S,
    LINGER_S,
    MAX_PIPELINED,
    MIN_BYTES_PER_S,
    STALL_S,
)
from orbited.config import Config, Limits
from orbited.http import RelaySite
from orbited.metrics import Metrics
from orbited.peers import CONNECTIONS_PER_SESSION
from orbited.policy import Policy
from tests.orbited.mutants import REQUESTS, mutated, pieces
from tests.orbited.rig import Exchange

GET = b"GET /now HTTP/1.1\r\nhost: localhost\r\n\r\n"
SLOW = b"GET /later HTTP/1.1\r\nhost: localhost\r\n\r\n"
POST = b"POST /now HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n"
CHUNKED = b"POST /now HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"


class Counting(Resource):
    """Answers each request with its number and what came with it, those for /later when the test says so."""

    isLeaf = True

    def __init__(self):
        super().__init__()
        self.count = 0
        self.waiting = []

    def render(self, request):
        self.count += 1
        answer = b"<%d:%b>" % (self.count, request.content.read())
        request.setHeader(b"content-length", b"%d" % len(answer))
        if request.path != b"/later":
            return answer
        self.waiting.append((request, answer))
        return NOT_DONE_YET

    def answer(self):
        request, answer = self.waiting.pop(0)
        request.write(answer)
        request.finish()


@pytest.fixture
def site():
    return make_site()


def make_site(**limits):
    clock = Clock()
    return RelaySite(Counting(), clock, Policy(Config(hosts=("*",), limits=Limits(**limits))), Metrics())


def bodies(exchange):
    return re.findall(rb"<(.*?)>", exchange.line.value())


def wait(site, seconds):
    for _ in range(seconds):
        site.clock.advance(1)


# Order.


def test_requests_on_one_connection_are_answered_one_after_another(site):
    exchange = Exchange(site, GET)
    exchange.feed(POST % 3 + b"abc")
    exchange.feed(CHUNKED + b"2\r\nde\r\n0\r\n\r\n" + GET)
    assert bodies(exchange) == [b"1:", b"2:abc", b"3:de", b"4:"]


@settings(deadline=None)
@given(st.integers(0, 1 << 32))
def test_they_may_be_cut_anywhere(seed):
    exchange = Exchange(make_site(), b"")
    whole = GET + POST % 3 + b"abc" + CHUNKED + b"2\r\nde\r\n1\r\nf\r\n0\r\n\r\n" + b"\r\n" + GET
    for data in pieces(random.Random(seed), whole):
        exchange.feed(data)
    assert bodies(exchange) == [b"1:", b"2:abc", b"3:def", b"4:"]


def test_a09_pipelined_requests_wait_in_order_and_only_so_many_are_read(site):
    exchange = Exchange(site, SLOW)
    sent = 1
    while exchange.line.producerState == "producing" and sent < 100:
        exchange.feed(GET)
        sent += 1
    assert sent == 1 + MAX_PIPELINED + 1
    assert bodies(exchange) == []
    site.resource.answer()
    assert bodies(exchange) == [b"%d:" % number for number in range(1, sent + 1)]
    assert exchange.line.producerState == "producing"


def test_a09_a_hundred_at_once_are_answered_in_order(site):
    exchange = Exchange(site, SLOW + GET * 49 + SLOW + GET * 49)
    site.resource.answer()
    assert len(bodies(exchange)) == 50
    site.resource.answer()
    assert bodies(exchange) == [b"%d:" % number for number in range(1, 101)]


# Persistence.


@pytest.mark.parametrize(
    ("request_", "stays"),
    [
        (GET, True),
        (GET.replace(b"\r\n\r\n", b"\r\nconnection: keep-alive\r\n\r\n"), True),
        (GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), False),
        (GET.replace(b"\r\n\r\n", b"\r\nconnection: keep-alive,Close\r\n\r\n"), False),
        (GET.replace(b"\r\n\r\n", b"\r\nconnection: x\r\nconnection: close\r\n\r\n"), False),
        (GET.replace(b"HTTP/1.1", b"HTTP/1.0"), False),
        (GET.replace(b"HTTP/1.1\r\n", b"HTTP/1.0\r\nconnection: keep-alive\r\n"), False),
    ],
)
def test_a_connection_stays_as_its_client_wants_it(site, request_, stays):
    exchange = Exchange(site, request_ + GET)
    assert (len(bodies(exchange)), exchange.line.disconnecting) == ((2, False) if stays else (1, True))
    assert (exchange.headers.get("connection") == "close") is not stays


def test_http_1_0_gets_no_chunks(site):
    assert "transfer-encoding" not in Exchange(site, b"GET /now HTTP/1.0\r\n\r\n").headers


def test_who_waits_for_leave_to_send_gets_it_unless_it_is_too_much(site):
    head = b"POST /now HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: %d\r\n\r\n"
    exchange = Exchange(site, head % 3)
    assert exchange.line.value() == b"HTTP/1.1 100 Continue\r\n\r\n"
    exchange.feed(b"abc")
    assert bodies(exchange) == [b"1:abc"]
    assert b"100" not in Exchange(site, head % 100_000).line.value().split(b"\r\n", 1)[0]


# Time.


def test_a14_a_silent_connection_is_closed(site):
    exchange = Exchange(site, b"")
    wait(site, IDLE_S)
    assert (exchange.line.disconnecting, exchange.line.value()) == (True, b"")


def test_a14_so_is_one_that_stays_silent_after_its_answer(site):
    exchange = Exchange(site, GET)
    wait(site, IDLE_S - 1)
    assert not exchange.line.disconnecting
    wait(site, 1)
    assert exchange.line.disconnecting


def test_a14_a_head_that_trickles_is_408(site):
    exchange = Exchange(site, b"")
    for byte in GET[:IDLE_S]:
        exchange.feed(bytes((byte,)))
        wait(site, 1)
    assert exchange.status == 408
    wait(site, LINGER_S)
    assert exchange.line.lost


def test_a14_a_body_that_trickles_is_408(site):
    exchange = Exchange(site, POST % 1000)
    for _ in range(BODY_PATIENCE_S):
        assert not exchange.answered
        exchange.feed(b"x")
        wait(site, 1)
    wait(site, 1)
    assert exchange.status == 408


def test_a_body_at_the_least_rate_is_taken(site):
    exchange = Exchange(site, POST % (20 * MIN_BYTES_PER_S))
    for _ in range(20):
        wait(site, 1)
        exchange.feed(bytes(MIN_BYTES_PER_S))
    assert exchange.status == 200


def test_an_answer_may_take_any_time(site):
    exchange = Exchange(site, SLOW)
    wait(site, 1000)
    site.resource.answer()
    assert bodies(exchange) == [b"1:"]


def test_a_reader_that_stands_still_is_cut(site):
    exchange = Exchange(site, SLOW)
    exchange.line.producer.pauseProducing()
    wait(site, STALL_S - 1)
    assert not exchange.line.lost
    wait(site, 1)
    assert exchange.line.aborted


def test_a_reader_that_goes_on_is_not(site):
    exchange = Exchange(site, SLOW)
    for _ in range(3):
        exchange.line.producer.pauseProducing()
        wait(site, STALL_S - 1)
        exchange.line.producer.resumeProducing()
    wait(site, 100)
    assert not exchange.line.lost


@pytest.mark.parametrize("data", [b"", b"GET", GET, POST % 5, SLOW, b"nonsense\r\n", CHUNKED + b"x\r\n"])
def test_no_timer_outlives_a_connection(site, data):
    exchange = Exchange(site, data)
    exchange.line.hang_up()
    assert site.clock.getDelayedCalls() == []


# Refusals.


def test_a_refused_peer_may_read_why_before_the_end(site):
    exchange = Exchange(site, b"nonsense\r\n")
    assert exchange.status == 400
    assert exchange.headers["connection"] == "close"
    assert exchange.line.producerState == "paused"
    assert not exchange.line.disconnecting
    exchange.feed(GET)
    wait(site, LINGER_S)
    assert exchange.line.disconnecting
    assert exchange.line.value().count(b"HTTP/1.1 ") == 1


def test_what_was_right_before_a_mistake_is_answered(site):
    exchange = Exchange(site, GET + b"nonsense\r\n" + GET)
    assert re.findall(rb"HTTP/1.1 (\d+)", exchange.line.value()) == [b"200", b"400"]


def test_refusals_are_counted_by_their_code(site):
    Exchange(site, b"nonsense\r\n")
    Exchange(site, POST % 100_000)
    figures = site._metrics.text()
    assert b'code="bad-request"} 1.0' in figures or b'="bad-request"} 1.0' in figures
    assert b'="too-large"} 1.0' in figures


def test_connections_of_an_address_are_counted_until_they_end():
    site = make_site(sessions_per_address=1)
    open_ = [Exchange(site, b"") for _ in range(CONNECTIONS_PER_SESSION)]
    refused = Exchange(site, b"")
    assert (refused.status, refused.body.split()[0]) == (429, b"too-many:")
    assert "retry-after" in refused.headers
    assert Exchange(site, GET, address="198.51.100.1").status == 200
    refused.line.hang_up()
    assert Exchange(site, GET).status == 429
    open_[0].line.hang_up()
    assert Exchange(site, GET).status == 200


# Anything.

ANSWERS = re.compile(rb"HTTP/1\.[01] (\d{3}) .*?\r\n\r\n([a-z-]*)", re.DOTALL)
REFUSALS = {b"bad-request", b"method-not-allowed", b"too-large", b"uri-too-long", b"head-too-large"}


def reaction(data):
    """The answers to ``data``, given piece by piece, as (status, first word); no mistake of our own is in the log."""
    with capturedLogs() as lines:
        exchange = Exchange(make_site(), b"")
        for piece in data:
            exchange.feed(piece)
    assert [line for line in lines if "log_failure" in line] == []
    return ANSWERS.findall(exchange.line.value())


def check(source, data):
    """Whatever comes, however it is cut: the same answers, at most one of them a refusal, and that the last one."""
    answers = reaction([data])
    assert answers == reaction([piece for piece in pieces(source, data) if piece])
    others = {answer for answer in answers if answer[1] not in REFUSALS}
    assert others <= {(b"100", b""), (b"200", b""), (b"400", b"bad-host")}
    assert REFUSALS.isdisjoint(word for _, word in answers[:-1])


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(REQUESTS), min_size=1, max_size=3), st.integers(0, 1 << 64))
def test_r14_nearly_right_requests_get_one_documented_reaction(requests, seed):
    source = random.Random(seed)
    check(source, mutated(source, b"".join(requests)))


@given(st.binary(max_size=200), st.integers(0, 1 << 64))
def test_r14_so_do_any_bytes(data, seed):
    check(random.Random(seed), data)
