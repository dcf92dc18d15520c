"""What STOMP says of connecting, versions and heart-beats, over bytes in and bytes out.

docs/stomp-conformance.md leads here.
"""

import re

import pytest

from stomp_broker.protocol import REFUSAL_SECONDS
from tests.stomp_broker.clients import Quiz
from tests.stomp_broker.wire import CONNECT, LATER, LOGIN, VERSIONS, Wire, body, commands, header, is_error, lines


@pytest.fixture
def quiz():
    return Quiz()


def connect(headers=b"", command=b"CONNECT"):
    return command + b"\n" + headers + LOGIN + b"\n\0"


@pytest.mark.parametrize("version", VERSIONS)
class TestConnecting:
    def test_connect_is_answered_by_connected_with_the_version(self, quiz, version):
        heard = Wire(quiz).say(CONNECT[version])
        assert commands(heard) == [b"CONNECTED"]
        assert header(heard, b"version") == version.encode()

    def test_session_is_different_for_each_connection(self, quiz, version):
        sessions = {header(Wire(quiz).say(CONNECT[version]), b"session") for _ in range(3)}
        assert len(sessions) == 3
        assert None not in sessions

    def test_server_is_a_name_perhaps_a_version_and_comments(self, quiz, version):
        server = header(Wire(quiz).say(CONNECT[version]), b"server")
        assert re.fullmatch(rb"[^\s/]+(/[^\s/]+)?( [^ ]+)*", server)

    def test_stomp_is_handled_as_connect_is(self, version):
        answers = [Wire(Quiz()).say(CONNECT[version].replace(b"CONNECT", word, 1)) for word in (b"CONNECT", b"STOMP")]
        assert answers[0] == answers[1]
        strangers = [Wire(Quiz()), Wire(Quiz())]
        for stranger, word in zip(strangers, (b"CONNECT", b"STOMP"), strict=True):
            stranger.say(word + b"\nreceipt:7\npasscode:wrong\n\n\0")
        refusals = [stranger.hear(REFUSAL_SECONDS) for stranger in strangers]
        assert is_error(refusals[0], "access-refused")
        assert refusals[0].replace(b"command:CONNECT", b"command:STOMP") == refusals[1]

    def test_who_is_rejected_hears_why_in_an_error_and_nothing_else(self, quiz, version):
        client = Wire(quiz)
        heard = client.say(CONNECT[version].replace(b"sesame", b"opened")) + client.hear(REFUSAL_SECONDS)
        assert is_error(heard, "access-refused")
        assert client.is_closed

    def test_the_first_frame_must_be_connect(self, quiz, version):
        client = Wire(quiz)
        assert is_error(client.say(b"SEND\ndestination:/topic/a\n\n\0" + CONNECT[version]), "not-connected")
        assert client.is_closed

    def test_clients_may_come_and_go_quickly(self, quiz, version):
        subscribe = b"SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n\0"
        for number in range(300):
            client = Wire(quiz)
            client.say([b"", CONNECT[version][:20], CONNECT[version], CONNECT[version] + subscribe][number % 4])
            client.drop()
        assert quiz.factory.broker.connections() == []
        assert list(quiz.factory.broker.queues.states()) == []
        client = Wire(quiz, version)
        assert commands(client.say(subscribe + b"SEND\ndestination:/queue/a\n\n\0")) == [b"MESSAGE"]


class TestHost:
    @pytest.mark.parametrize("version", LATER)
    @pytest.mark.parametrize("host", [b"host:quiz\n", b"host:/\n", b"host:stomp.example\n", b"host:\n", b""])
    def test_there_is_one_virtual_host_whatever_it_is_called(self, quiz, version, host):
        heard = Wire(quiz).say(connect(b"accept-version:" + version.encode() + b"\n" + host))
        assert commands(heard) == [b"CONNECTED"]


class TestNegotiation:
    def test_without_accept_version_it_is_1_0(self, quiz):
        client = Wire(quiz)
        assert header(client.say(connect(b"host:quiz\n")), b"version") == b"1.0"
        assert client.say(b"SUBSCRIBE\ndestination: /topic/a\nreceipt: 7\n\n\0") == b"RECEIPT\nreceipt-id:7\n\n\0"

    @pytest.mark.parametrize(
        ("offered", "chosen"),
        [
            (b"1.0", b"1.0"),
            (b"1.0,1.1", b"1.1"),
            (b"1.0,1.1,1.2", b"1.2"),
            (b"1.2,1.1,1.0", b"1.2"),
            (b"1.1,2.0", b"1.1"),
            (b"1.2,1.3,9.9", b"1.2"),
        ],
    )
    def test_it_is_the_highest_that_both_know(self, quiz, offered, chosen):
        heard = Wire(quiz).say(connect(b"host:quiz\naccept-version:" + offered + b"\n"))
        assert header(heard, b"version") == chosen

    @pytest.mark.parametrize("offered", [b"0.9", b"1.3,2.0", b""])
    def test_without_a_common_one_an_error_lists_ours(self, quiz, offered):
        client = Wire(quiz)
        heard = client.say(connect(b"host:quiz\naccept-version:" + offered + b"\n"))
        assert is_error(heard, "no-common-version")
        assert header(heard, b"version") == b"1.0,1.1,1.2"
        assert header(heard, b"content-type") == b"text/plain"
        assert client.is_closed

    @pytest.mark.parametrize("version", VERSIONS)
    def test_it_lasts_for_the_session(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(CONNECT["1.0"]), "already-connected")
        assert client.is_closed


@pytest.mark.parametrize("version", LATER)
class TestHeartBeats:
    def connected(self, quiz, version, asked):
        client = Wire(quiz)
        heard = client.say(connect(b"host:quiz\naccept-version:%s\n%s" % (version.encode(), asked)))
        return client, heard

    @pytest.mark.parametrize("asked", [b"heart-beat:0,0\n", b""])
    def test_none_asked_for_is_none_and_a_missing_header_is_the_same(self, quiz, version, asked):
        client, heard = self.connected(quiz, version, asked)
        assert header(heard, b"heart-beat") == b"0,0"
        assert client.hear(100_000) == b""
        assert not client.is_closed

    @pytest.mark.parametrize(
        ("asked", "answered"),
        [(b"0,5000", b"5000,0"), (b"5000,0", b"0,5000"), (b"20000,10000", b"10000,20000"), (b"1,1", b"1000,1000")],
    )
    def test_connected_says_what_we_can_do_and_what_we_expect(self, quiz, version, asked, answered):
        _, heard = self.connected(quiz, version, b"heart-beat:" + asked + b"\n")
        assert header(heard, b"heart-beat") == answered

    @pytest.mark.parametrize("asked", [b"-1,0", b"1000", b"1000,", b"1.5,1", b"soon,later", b"1,2,3", b""])
    def test_anything_but_two_whole_numbers_is_refused(self, quiz, version, asked):
        client, heard = self.connected(quiz, version, b"heart-beat:" + asked + b"\n")
        assert is_error(heard, "bad-heartbeat")
        assert client.is_closed

    @pytest.mark.parametrize("seconds", [1, 4])
    def test_something_is_sent_in_every_interval_and_a_line_end_when_there_is_nothing_else(
        self, quiz, version, seconds
    ):
        client, _ = self.connected(quiz, version, b"heart-beat:0,%d\n" % (seconds * 1000))
        for _ in range(10):
            heard = b"".join(client.hear(0.25) for _ in range(seconds * 4))
            assert heard
            assert heard.strip(b"\n") == b""

    def test_any_data_is_a_sign_of_life(self, quiz, version):
        client, _ = self.connected(quiz, version, b"heart-beat:4000,0\n")
        for data in [b"\n", b"S", b"END\n", b"destination:/topic/a\n\n", b"\0"] * 3:
            client.hear(4)
            client.say(data)
            assert not client.is_closed

    def test_who_is_late_by_a_little_is_put_up_with_and_who_is_silent_is_not(self, quiz, version):
        client, _ = self.connected(quiz, version, b"heart-beat:4000,0\n")
        assert client.hear(6) == b""
        assert client.say(b"\n") == b""
        heard = client.hear(9)
        assert is_error(heard, "heart-beat-timeout")
        assert client.is_closed


def test_1_0_has_no_heart_beats(quiz):
    client = Wire(quiz)
    heard = client.say(connect(b"heart-beat:1000,1000\n"))
    assert header(heard, b"heart-beat") is None
    assert client.hear(100_000) == b""
    assert not client.is_closed


@pytest.mark.parametrize("version", VERSIONS)
def test_connected_is_a_frame_of_1_0_that_any_client_can_read(quiz, version):
    heard = Wire(quiz).say(CONNECT[version])
    assert all(line.count(b":") == 1 for line in lines(heard)[1:])
    assert body(heard) == b"\0"
