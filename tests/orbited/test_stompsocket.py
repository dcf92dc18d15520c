import pytest
from wsproto.events import TextMessage

from orbited.closing import Reason
from orbited.errors import TargetDeniedError
from orbited.session import HANDSHAKE_LIMIT_S, HIGH_WATER_BYTES, LINGER_S, MAX_HELD_BYTES, Settings
from tests.orbited.rig import Rig
from tests.orbited.stompclient import ALL, Client, ask

SETTINGS = Settings(ping_interval_s=30, ping_timeout_s=30)
CONNECT = b"CONNECT\naccept-version:1.2\nhost:/\n\n\0"


def make_rig(**settings):
    return Rig(settings=SETTINGS, **settings)


@pytest.fixture
def rig():
    return make_rig()


def connected(rig, first="CONNECT", **how):
    client = Client(rig, **how)
    client.send(first)
    rig.backend.accept()
    return client


def end_of(client):
    client.read()
    return client.closed


class TestAgreeing:
    @pytest.mark.parametrize(
        ("offers", "agreed"),
        [
            (ALL, "v12.stomp"),
            ("v10.stomp, v11.stomp", "v11.stomp"),
            ("v10.stomp", "v10.stomp"),
            ("soap, v12.stomp", "v12.stomp"),
            (None, None),
        ],
    )
    def test_b05_the_newest_version_that_is_offered_is_agreed_to_and_none_where_none_is(self, rig, offers, agreed):
        assert Client(rig, offers=offers).subprotocol == agreed

    def test_b05_only_unknown_subprotocols_are_refused(self, rig):
        assert ask(rig, offers="v13.stomp, mqtt").status == 400
        assert len(rig.sessions) == 0

    def test_what_is_no_websocket_is_refused(self, rig):
        assert rig.ask("GET", "/stomp").status == 400
        assert rig.ask("POST", "/stomp", b"x").status == 405
        assert len(rig.sessions) == 0


class TestTargets:
    def test_the_first_that_the_client_may_reach_is_taken(self):
        rig = make_rig(access=["other.example -> one:1", "relay.example:8080 -> two:2", "* -> three:3"])
        connected(rig)
        assert (rig.backend.host, rig.backend.port) == ("two", 2)

    def test_another_can_be_asked_for(self):
        rig = make_rig(access=["* -> one:1", "* -> two:2"])
        connected(rig, query="?to=two:2")
        assert (rig.backend.host, rig.backend.port) == ("two", 2)

    @pytest.mark.parametrize(
        "asked",
        [
            "127.0.0.1:61613",
            "localhost:6379",
            "localhost.:61613",
            "LOCALHOST:61613",
            "2130706433:61613",
            "0x7f000001:61613",
            "0177.0.0.1:61613",
            "169.254.169.254:80",
            "evil.example:61613",
        ],
    )
    def test_a33_no_other_spelling_of_a_target_is_let_through(self, rig, asked):
        answer = ask(rig, f"?to={asked}")
        assert (answer.status, answer.body.split()[0]) == (403, b"target-denied:")
        assert not rig.backends
        assert len(rig.sessions) == 0

    @pytest.mark.parametrize(
        "asked", ["", "localhost", "localhost:0", "localhost:65536", ":1", "a:b:c", "%ff:1", "::1:80"]
    )
    def test_what_is_no_target_is_a_bad_request(self, rig, asked):
        assert ask(rig, f"?to={asked}").status == 400

    def test_where_access_lists_nothing_nothing_is_reached(self):
        assert ask(make_rig(access=[])).status == 403

    def test_a34_a_target_that_leads_to_a_refused_address_is_denied_for_good(self, rig):
        client = Client(rig)
        client.send("CONNECT")
        rig.backend.connecting.errback(TargetDeniedError("x"))
        assert end_of(client) == (4503, "target-denied")

    def test_a_target_that_cannot_be_reached_invites_to_come_back(self, rig):
        client = Client(rig)
        client.send("CONNECT")
        rig.backend.refuse()
        assert end_of(client) == (1013, "target-unreachable: come back")
        assert len(rig.sessions) == 0


class TestPages:
    def test_b01_foreign_origins_are_refused_before_the_upgrade(self, rig):
        for origin in (
            "http://evil.example",
            "null",
            "http://relay.example:8080.evil.example",
            "https://relay.example:8080",
        ):
            assert ask(rig, origin=origin).status == 403
        assert ask(rig, origin="http://relay.example:8080").status == 101

    def test_b02_clients_that_are_no_browsers_send_no_origin_and_are_served(self, rig):
        assert ask(rig).status == 101

    def test_a10_the_relay_goes_by_its_own_names_here_too(self, rig):
        assert ask(rig, host="evil.example").status == 421


class TestStream:
    def test_the_target_is_reached_when_the_client_speaks_and_gets_all_of_it(self, rig):
        client = Client(rig)
        assert not rig.backends
        client.send(CONNECT)
        rig.backend.accept()
        client.send(b"SEND\n\n\0")
        assert rig.backend.received == CONNECT + b"SEND\n\n\0"

    def test_what_is_said_while_the_target_is_being_reached_waits(self, rig):
        client = Client(rig)
        two = client.connection.send(TextMessage("CON")) + client.connection.send(TextMessage("NECT"))
        client.feed(two)
        assert client.line.producerState == "paused"
        rig.backend.accept()
        assert client.line.producerState == "producing"
        assert rig.backend.received == b"CONNECT"

    def test_text_is_answered_with_text_and_bytes_with_bytes(self, rig):
        client = connected(rig, "CONNECT")
        rig.backend.send("CONNECTED è".encode())
        client.send(b"SEND")
        rig.backend.send("MESSAGE è".encode())
        assert client.read() == ["CONNECTED è", "MESSAGE è".encode()]
        assert rig.backend.received == b"CONNECTSEND"

    def test_a_character_that_comes_in_two_pieces_goes_in_one_message(self, rig):
        client = connected(rig)
        first, second = "😀".encode()[:3], "😀".encode()[3:]
        rig.backend.send(b"a" + first)
        rig.backend.send(second + b"b")
        assert client.read() == ["a", "😀b"]

    def test_what_is_left_of_one_goes_before_the_end(self, rig):
        client = connected(rig)
        rig.backend.send(b"a\xe2\x82")
        rig.backend.hang_up()
        assert client.read() == ["a", b"\xe2\x82"]
        assert client.closed == (1000, "loseConnection")

    def test_long_sessions_hold_nothing_of_what_was_sent(self, rig):
        client = connected(rig)
        for _ in range(40):
            rig.backend.send(bytes(60_000))
        assert len(client.read()) == 40
        assert client.closed is None
        [proxy] = rig.sessions
        assert proxy.session.drained


class TestEnds:
    def test_a_backend_s_end_is_the_client_s(self, rig):
        client = connected(rig)
        rig.backend.send(b"ERROR")
        rig.backend.hang_up()
        assert (client.read(), client.closed) == (["ERROR"], (1000, "loseConnection"))
        assert len(rig.sessions) == 0

    def test_b22_a_client_whose_login_was_revoked_is_told_for_good(self, rig):
        client = connected(rig)
        rig.backend.send_away()
        assert end_of(client)[0] == 4501

    def test_a_client_s_end_is_the_backend_s(self, rig):
        client = connected(rig)
        client.close()
        assert rig.backend.line.lost
        assert len(rig.sessions) == 0

    def test_a_lost_client_cannot_return(self, rig):
        client = connected(rig)
        client.line.hang_up()
        assert rig.backend.line.lost
        assert len(rig.sessions) == 0

    def test_a_client_that_goes_while_its_target_is_being_reached_leaves_nothing(self, rig):
        client = Client(rig)
        client.send("CONNECT")
        client.line.hang_up()
        assert rig.backend.connecting.called
        assert len(rig.sessions) == 0

    def test_b18_who_says_nothing_is_stale(self, rig):
        client = Client(rig)
        rig.wait(HANDSHAKE_LIMIT_S - 1)
        assert end_of(client) is None
        rig.wait(2)
        assert end_of(client) == (4502, "stale")
        assert not rig.backends

    def test_b19_silent_clients_are_pinged_and_those_that_answer_stay(self, rig):
        client = connected(rig)
        for _ in range(300):
            rig.wait(1)
            client.read()
        assert client.pings in (9, 10)
        assert client.closed is None

    def test_b19_who_answers_no_ping_is_told_to_come_back(self, rig):
        client = connected(rig)
        client.answering = False
        rig.wait(59)
        assert end_of(client) is None
        rig.wait(4)
        assert end_of(client)[0] == 4012
        assert rig.backend.line.lost

    def test_b19_a_client_that_only_listens_is_pinged_too(self, rig):
        client = connected(rig)
        client.answering = False
        for _ in range(65):
            rig.wait(1)
            if not client.closed:
                rig.backend.send(b"MESSAGE")
                client.read()
        assert client.closed[0] == 4012

    def test_b21_who_sends_too_much_is_told_to_come_back(self, rig):
        client = connected(rig)
        while not client.closed:
            client.send("SEND")
        assert rig.backend.received.count(b"SEND") == 2 * SETTINGS.message_burst - 2  # the target's name was one
        assert end_of(client)[0] == 4013
        assert len(rig.sessions) == 0

    def test_b23_a_relay_that_goes_down_says_so_and_takes_nobody_in(self, rig):
        client = connected(rig)
        ended = rig.sessions.close_gradually(Reason.GOING_DOWN, 10, rig.clock)
        assert end_of(client)[0] == 1012
        assert ended.called
        answer = ask(rig)
        assert (answer.status, answer.body.split()[0]) == (503, b"draining:")

    def test_b23_one_that_does_not_read_is_not_waited_for_long(self, rig):
        client = connected(rig)
        client.line.producer.pauseProducing()
        rig.backend.send(b"MESSAGE")
        ended = rig.sessions.close_gradually(Reason.GOING_DOWN, 0, rig.clock)
        rig.wait(LINGER_S + 1)
        assert ended.called
        assert end_of(client)[0] == 1012

    def test_a_message_that_is_too_long_is_1009(self, rig):
        client = connected(rig)
        client.send(bytes(65 * 1024))
        assert end_of(client)[0] == 1009
        assert rig.backend.line.lost


class TestLimits:
    def test_a31_an_address_has_as_many_as_sessions(self):
        rig = make_rig(most=2)
        clients = [connected(rig) for _ in range(2)]
        answer = ask(rig)
        assert (answer.status, answer.body.split()[0]) == (429, b"too-many:")
        assert "retry-after" in answer.headers
        clients[0].close()
        assert ask(rig).status == 101

    def test_a_slow_backend_is_waited_for(self, rig):
        client = connected(rig)
        rig.backend.line.protocol.pauseProducing()
        assert client.line.producerState == "paused"
        rig.backend.line.protocol.resumeProducing()
        assert client.line.producerState == "producing"

    def test_a_slow_client_makes_the_backend_wait(self, rig):
        client = connected(rig)
        client.line.producer.pauseProducing()
        rig.backend.send(bytes(HIGH_WATER_BYTES))
        rig.backend.send(b"x")
        assert rig.backend.line.producerState == "paused"
        assert client.read() == []
        client.line.producer.resumeProducing()
        assert rig.backend.line.producerState == "producing"
        assert len(client.read()) == 2

    def test_r10_one_that_is_too_far_behind_is_told_to_come_back_at_once(self, rig):
        client = connected(rig)
        client.line.producer.pauseProducing()
        for _ in range(MAX_HELD_BYTES // 60_000 + 1):
            rig.backend.send(bytes(60_000))
        assert client.read() == []
        assert client.closed == (4008, "too slow: come back")

    def test_a_backend_that_loses_patience_with_a_slow_client_makes_it_too_slow(self, rig):
        client = connected(rig)
        client.line.producer.pauseProducing()
        rig.backend.send(bytes(HIGH_WATER_BYTES))
        rig.backend.hang_up()
        assert end_of(client)[0] == 4008


def test_figures_know_these_sockets(rig):
    client = connected(rig)
    assert b'orbited_connections{transport="stomp"} 1.0' in rig.metrics.text()
    client.close()
    assert b'orbited_connections_closed_total{code="1000",transport="stomp"} 1.0' in rig.metrics.text()


def test_without_the_proxy_there_is_no_such_door():
    assert make_rig(proxy_enabled=False).ask("GET", "/stomp").status == 404
