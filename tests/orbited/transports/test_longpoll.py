import gc

import pytest

from orbited.packets import Packet, decode
from orbited.session import Settings
from orbited.transports.longpoll import PATIENCE_S, LongPoll
from orbited.transports.numbered import MAX_PACKETS
from tests.orbited.rig import PollingPage, Rig
from tests.orbited.transports.contract import TransportContract


class TestLongPoll(TransportContract):
    page_class = PollingPage
    pings_after_41_s = 0  # its polls end after 30 s, and a new one is a sign of life


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def page(rig):
    return rig.connected(PollingPage)


def poll(rig, key, query=""):
    return rig.ask("GET", f"/tcp/{key}/longpoll{query}")


def test_first_answer_is_the_one_of_0_7(rig):
    answer = poll(rig, rig.key())
    assert answer.body == b"11,113,opt014,pingTimeout,3011,213,opt015,pingInterval,4011,204,open"
    assert answer.headers["content-type"] == "text/html"
    assert "no-cache" in answer.headers["cache-control"]


def test_open_is_repeated_until_the_first_packet_comes(rig):
    key = rig.key()
    assert [packet.name for packet in decode(poll(rig, key).body)] == ["opt", "opt", "open"]
    assert [packet.name for packet in decode(poll(rig, key, "?ack=1").body)] == ["opt", "open"]
    assert decode(poll(rig, key, "?ack=2").body) == [Packet(2, "open")]
    rig.ask("POST", f"/tcp/{key}", b"11,114,data08,YToxCg==")
    assert "open" not in [packet.name for packet in decode(poll(rig, key, "?ack=2").body)]


def test_poll_ends_empty_and_well_after_30_s(rig, page):
    waiting = page.polling
    rig.wait(29)
    assert not waiting.answered
    rig.wait(1)
    assert (waiting.status, waiting.body) == (200, b"")


def test_adjacent_data_goes_as_one_packet(rig, page):
    page.polling.line.hang_up()
    for word in (b"a", b"b", b"c"):
        rig.backend.send(word)
    assert decode(poll(rig, page.key, "?ack=3").body) == [Packet(4, "data", b"abc")]


def test_answer_brings_no_more_packets_than_a_page_of_2010_survives(rig, page):
    session = rig.sessions.find(page.key).session
    page.polling.line.hang_up()
    session.attach(1, 0)
    for _ in range(MAX_PACKETS + 5):
        session.send(b"x", 0)
    session.take(10_000, False)  # as a WebSocket takes them, one packet each
    first = decode(poll(rig, page.key, "?ack=3").body)
    assert len(first) == MAX_PACKETS
    assert len(decode(poll(rig, page.key, f"?ack={first[-1].id}").body)) == 5


def test_a21_second_poll_of_a_page_of_2010_ends_the_first_one_well(rig, page):
    first = page.polling
    second = poll(rig, page.key, "?ack=3")
    assert (first.status, first.body) == (200, b"")
    rig.backend.send(b"x")
    assert decode(second.body) == [Packet(4, "data", b"x")]


def test_a23_repeated_poll_gets_the_same_again(rig, page):
    rig.backend.send(b"x")
    assert decode(poll(rig, page.key, "?ack=3").body) == [Packet(4, "data", b"x")]
    assert decode(poll(rig, page.key, "?ack=3").body) == [Packet(4, "data", b"x")]


def test_ping_repeats_the_last_number_and_is_answered_by_the_next_poll():
    rig = Rig(settings=Settings(ping_interval_s=5, ping_timeout_s=5, messages_per_s=1000, message_burst=1000))
    page = rig.connected(PollingPage)
    rig.wait(5)
    assert decode(page.polling.body) == [Packet(3, "ping")]
    for _ in range(20):
        page.read()
        rig.wait(1)
    assert not page.closed_with


def test_keep_alive_connection_serves_one_poll_after_the_other(rig, page):
    exchange = poll(rig, page.key, "?ack=3")
    rig.backend.send(b"a")
    exchange.line.clear()
    exchange.feed(f"GET /tcp/{page.key}/longpoll?ack=4 HTTP/1.1\r\nhost: relay.example:8080\r\n\r\n".encode())
    rig.backend.send(b"b")
    assert decode(exchange.body) == [Packet(5, "data", b"b")]


class TestLongPollWithoutToken(TestLongPoll):
    owned = False


def test_a21_older_of_two_polls_is_told_that_it_was_replaced(rig):
    page = rig.connected(PollingPage, owned=True)
    first, second = page.polling, page.get(3)
    assert (first.status, first.body.split(b":")[0]) == (409, b"replaced")
    rig.backend.send(b"x")
    assert decode(second.body) == [Packet(4, "data", b"x")]


def test_poll_that_ran_out_of_time_is_freed_without_the_collector(rig, page):
    gc.collect()
    gc.disable()
    try:
        before = polls_alive()
        rig.wait(PATIENCE_S)
        assert page.polling.answered
        assert polls_alive() == before - 1
    finally:
        gc.enable()


def polls_alive():
    return sum(type(thing) is LongPoll for thing in gc.get_objects())
