import pytest

from orbited.packets import Packet, encode_all
from orbited.session import Settings
from tests.orbited.rig import HANDSHAKE_KEY, Rig, WebSocketPage

UPGRADE = {
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec_websocket_version": "13",
    "sec_websocket_key": HANDSHAKE_KEY,
}


@pytest.fixture
def rig():
    return Rig(origins=["http://pages.example"])


def handshake(number=1):
    return encode_all([Packet(number, "data", b"localhost:61613\n")])


# Sessions.


def test_get_makes_a_session_and_answers_with_its_key(rig):
    answer = rig.ask("GET", "/tcp?nocache=0.1")
    assert answer.status == 200
    assert len(answer.body) == 32
    assert rig.sessions.find(answer.body.decode()) is not None
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_keys_differ(rig):
    assert len({rig.key() for _ in range(20)}) == 20


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "PUT", "TRACE"])
def test_nothing_but_get_and_post_makes_a_session(rig, method):
    assert rig.ask(method, "/tcp").status == (204 if method == "OPTIONS" else 405)
    assert len(rig.sessions) == 0


def test_request_without_a_host_makes_no_session(rig):
    assert rig.ask("GET", "/tcp", host="a\r\nhost: b").status == 400
    assert len(rig.sessions) == 0


@pytest.mark.parametrize(("header", "status"), [("host", 400), ("x_forwarded_for", 200), ("origin", 403)])
def test_headers_that_are_no_utf8_are_read_like_any_other(rig, header, status):
    assert rig.ask("GET", "/tcp", address="127.0.0.1", **{header: "\xff"}).status == status


def test_source_of_access_is_the_host_header_that_made_the_session():
    rig = Rig(access=["relay.example:8080 -> localhost:61613"], hosts=("other.example",))
    for host, answer in [("relay.example:8080", [b"1"]), ("other.example", [b"0106"])]:
        page = WebSocketPage(rig, rig.ask("GET", "/tcp", host=host).body.decode()).open()
        page.send(b"localhost:61613\n")
        for backend in rig.backends:
            if not backend.connecting.called:
                backend.accept()
        page.read()
        assert page.inbox[:1] == answer


def test_address_has_only_so_many_sessions():
    rig = Rig(most=3)
    for _ in range(3):
        assert rig.ask("GET", "/tcp").status == 200
    refused = rig.ask("GET", "/tcp")
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    assert rig.ask("GET", "/tcp", address="203.0.113.8").status == 200


def test_proxy_on_this_machine_is_believed_about_addresses_and_nobody_else():
    rig = Rig(most=1)
    for client in ("198.51.100.1", "198.51.100.2"):
        assert rig.ask("GET", "/tcp", address="127.0.0.1", x_forwarded_for=f"10.9.9.9, {client}").status == 200
    assert rig.ask("GET", "/tcp", address="127.0.0.1", x_forwarded_for="198.51.100.2").status == 429
    assert rig.ask("GET", "/tcp", address="203.0.113.1", x_forwarded_for="a").status == 200
    assert rig.ask("GET", "/tcp", address="203.0.113.1", x_forwarded_for="b").status == 429


def test_sessions_that_end_make_room():
    rig = Rig(most=1)
    rig.key()
    rig.wait(120)
    assert rig.ask("GET", "/tcp").status == 200


@pytest.mark.parametrize("path", ["", "/longpoll", "/websocket", "/a/b/c"])
def test_unknown_session_is_404(rig, path):
    answer = rig.ask("GET", f"/tcp/{'0' * 32}{path}")
    assert (answer.status, answer.body) == (404, b"session-unknown: it is over or never was\n")


@pytest.mark.parametrize("transport", ["nonsense", "LONGPOLL", "", "longpoll/below"])
def test_unknown_transport_is_404(rig, transport):
    assert rig.ask("GET", f"/tcp/{rig.key()}/{transport}").status == 404


# POSTs.


def test_post_is_taken_in_and_answered(rig):
    answer = rig.ask("POST", f"/tcp/{rig.key()}?ack=0", handshake())
    assert (answer.status, answer.body) == (200, b"OK")
    assert len(rig.backends) == 1


def test_repeated_post_is_answered_and_dropped(rig):
    key = rig.key()
    for _ in range(3):
        assert rig.ask("POST", f"/tcp/{key}", handshake()).status == 200
    assert len(rig.backends) == 1


def test_gap_is_409_and_nothing_is_taken(rig):
    assert rig.ask("POST", f"/tcp/{rig.key()}", handshake(2)).status == 409
    assert rig.backends == []


def test_malformed_post_is_400_and_ends_the_session(rig):
    key = rig.key()
    assert rig.ask("POST", f"/tcp/{key}", b"nonsense").status == 400
    rig.wait(16)
    assert rig.ask("POST", f"/tcp/{key}", handshake()).status == 404


@pytest.mark.parametrize("ack", ["x", "-1", "1.5", "9" * 13, "%00"])
def test_ack_that_is_no_number_is_400(rig, ack):
    key = rig.key()
    assert rig.ask("POST", f"/tcp/{key}?ack={ack}", handshake()).status == 400
    assert rig.ask("GET", f"/tcp/{key}/longpoll?ack={ack}").status == 400
    assert rig.backends == []


@pytest.mark.parametrize("transport", ["longpoll", "poll", "websocket"])
def test_ack_of_what_was_never_sent_is_400_and_ends_the_session(rig, transport):
    key = rig.key()
    assert rig.ask("GET", f"/tcp/{key}/{transport}?ack=99", **UPGRADE).status == 400
    rig.wait(16)
    assert rig.sessions.find(key) is None


@pytest.mark.parametrize(("transport", "ack"), [("longpoll", 4), ("poll", 4), ("websocket", 2)])
def test_session_whose_end_is_acknowledged_is_404(rig, transport, ack):
    page = WebSocketPage(rig, rig.key()).open()
    page.take = lambda event: None
    page.send(b"nonsense")
    page.read()
    page.lose()
    assert rig.ask("GET", f"/tcp/{page.key}/{transport}?ack={ack}", **UPGRADE).status == 404
    assert len(rig.sessions) == 0


def test_too_many_packets_are_429_until_time_has_passed():
    rig = Rig(settings=Settings(messages_per_s=1, message_burst=1))
    key = rig.key()
    assert rig.ask("POST", f"/tcp/{key}", handshake()).status == 200
    more = encode_all([Packet(2, "ping")])
    assert rig.ask("POST", f"/tcp/{key}", more).status == 429
    rig.wait(1)
    assert rig.ask("POST", f"/tcp/{key}", more).status == 200


def test_busy_backend_is_503_and_the_post_may_come_again(rig):
    key = rig.key()
    rig.ask("POST", f"/tcp/{key}", handshake())
    rig.backend.accept()
    rig.backend.line.protocol.pauseProducing()
    more = encode_all([Packet(2, "data", b"x")])
    assert rig.ask("POST", f"/tcp/{key}", more).status == 503
    rig.backend.line.protocol.resumeProducing()
    assert rig.ask("POST", f"/tcp/{key}", more).status == 200
    assert rig.backend.received == b"x"


def test_post_while_a_websocket_is_open_is_409(rig):
    page = WebSocketPage(rig, rig.key()).open()
    assert rig.ask("POST", f"/tcp/{page.key}", handshake()).status == 409
    page.lose()
    assert rig.ask("POST", f"/tcp/{page.key}", handshake()).status == 200


# Origins.


@pytest.mark.parametrize("origin", ["http://relay.example:8080", "http://pages.example"])
def test_allowed_origin_may_read_every_answer(rig, origin):
    key = rig.key()
    for method, path in [("GET", "/tcp"), ("GET", f"/tcp/{key}/longpoll"), ("POST", f"/tcp/{key}"), ("GET", "/tcp/x")]:
        answer = rig.ask(method, path, origin=origin)
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["vary"] == "origin, sec-fetch-site"


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://relay.example", "https://relay.example:8080", "http://pages.example.evil"],
)
def test_other_origins_get_nothing(rig, origin):
    key = rig.key()
    for method, path in [
        ("GET", "/tcp"),
        ("OPTIONS", "/tcp"),
        ("POST", f"/tcp/{key}"),
        ("GET", f"/tcp/{key}/longpoll"),
    ]:
        answer = rig.ask(method, path, origin=origin)
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
    assert rig.ask("GET", f"/tcp/{key}/websocket", origin=origin, **UPGRADE).status == 403
    assert len(rig.sessions) == 1


def test_two_origins_are_none(rig):
    assert rig.ask("GET", "/tcp", origin="http://pages.example\r\norigin: http://pages.example").status == 403


def test_preflight_says_what_is_allowed(rig):
    answer = rig.ask("OPTIONS", f"/tcp/{rig.key()}", origin="http://pages.example")
    assert answer.status == 204
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert "access-control-allow-credentials" not in answer.headers


# WebSocket handshakes.


def upgrade(rig, **changes):
    headers = {name: text for name, text in {**UPGRADE, **changes}.items() if text is not None}
    return rig.ask("GET", f"/tcp/{rig.key()}/websocket", **headers)


def test_websocket_is_accepted(rig):
    assert upgrade(rig).status == 101
    assert upgrade(rig, origin="http://pages.example").status == 101


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"sec_websocket_version": "8"}, 426),
        ({"sec_websocket_version": "13,8"}, 426),
        ({"sec_websocket_version": None}, 400),
        ({"sec_websocket_key": None}, 400),
        ({"sec_websocket_key": "c2hvcnQ="}, 400),
        ({"sec_websocket_key": "not base64"}, 400),
        ({"sec_websocket_key": f"{HANDSHAKE_KEY}\r\nsec-websocket-key: {HANDSHAKE_KEY}"}, 400),
        ({"upgrade": None}, 400),
        ({"connection": None}, 400),
        ({"connection": "\xff"}, 400),
    ],
)
def test_improper_handshake_is_refused(rig, changes, status):
    answer = upgrade(rig, **changes)
    assert answer.status == status
    if status == 426:
        assert answer.headers["sec-websocket-version"] == "13"


def test_no_extension_and_no_subprotocol_is_agreed(rig):
    answer = upgrade(rig, sec_websocket_extensions="permessage-deflate", sec_websocket_protocol="v12.stomp")
    assert not {"sec-websocket-extensions", "sec-websocket-protocol"} & set(answer.headers)
