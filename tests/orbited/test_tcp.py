from dataclasses import replace

import jwt
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from twisted.logger import capturedLogs, eventAsText

from orbited.closing import Reason
from orbited.packets import Packet, encode_all
from orbited.session import Settings
from orbited.slips import Slips
from tests.orbited.rig import HANDSHAKE_KEY, UPGRADE, Exchange, Rig, WebSocketPage
from tests.orbited.transports.pages import EVERY_PAGE, EventSourcePage


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


def test_post_makes_a_session_and_answers_with_its_key_and_token(rig):
    answer = rig.ask("POST", "/tcp")
    key, token = answer.body.decode().split(" ")
    assert (len(key), len(token)) == (32, 32)
    assert answer.headers["content-type"] == "text/plain"
    assert rig.ask("GET", f"/tcp/{key}/poll?token={token}").status == 200


def test_a18_keys_and_tokens_are_the_relays_own_and_differ(rig):
    answers = [rig.ask(method, "/tcp?key=mine&token=mine").body for method in ("GET", "POST") for _ in range(20)]
    assert len({word for answer in answers for word in answer.split()}) == 60
    assert not any(b"mine" in answer for answer in answers)
    assert rig.ask("GET", "/tcp/mine/longpoll").status == 404


def test_session_and_websocket_come_in_one_step(rig):
    page = WebSocketPage.start(rig)
    assert [words[0] for words in page.controls] == ["session", "ack", "opt", "opt", "open"]
    assert rig.sessions.find(page.key) is not None
    page.send(b"localhost:61613\n")
    rig.backend.accept()
    page.lose()
    page.open()
    assert page.text == b"1"
    assert rig.ask("GET", f"/tcp/{page.key}/websocket", **UPGRADE).status == 403


def test_improper_upgrade_leaves_no_session_behind(rig):
    assert rig.ask("GET", "/tcp/websocket", **{**UPGRADE, "sec_websocket_version": "8"}).status == 426
    assert rig.ask("POST", "/tcp/websocket", **UPGRADE).status == 405
    assert rig.ask("GET", "/tcp/websocket", origin="http://evil.example", **UPGRADE).status == 403
    assert len(rig.sessions) == 0


def test_b23_full_relay_says_so_before_the_upgrade(rig):
    rig.policy.limits = replace(rig.policy.limits, sessions=1)
    rig.key()
    for method, path, headers in [("GET", "/tcp", {}), ("POST", "/tcp", {}), ("GET", "/tcp/websocket", UPGRADE)]:
        answer = rig.ask(method, path, **headers)
        assert (answer.status, answer.body.split(b":")[0]) == (503, b"full")
        assert answer.headers["retry-after"] == "1"


def test_b23_relay_that_goes_down_says_so_before_the_upgrade(rig):
    rig.sessions.draining = True
    for method, path, headers in [("GET", "/tcp", {}), ("POST", "/tcp", {}), ("GET", "/tcp/websocket", UPGRADE)]:
        answer = rig.ask(method, path, **headers)
        assert (answer.status, answer.body.split(b":")[0]) == (503, b"draining")
        assert answer.headers["retry-after"] == "1"


def test_b23_pages_of_a_relay_that_goes_down_are_told_when_to_return(rig):
    pages = [rig.connected(WebSocketPage) for _ in range(10)]
    rig.sessions.close_all(Reason.GOING_DOWN)
    hints = []
    for page in pages:
        page.read()
        hints.append(page.controls[-1][2])
    assert all(0 <= hint < 10_000 for hint in hints)
    assert len(set(hints)) > 1


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


@pytest.mark.parametrize("path", ["", "/longpoll", "/websocket", "/stream", "/eventsource", "/a/b/c"])
def test_a17_unknown_session_is_404(rig, path):
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


def test_a24_repeated_post_is_answered_and_dropped(rig):
    key = rig.key()
    for _ in range(3):
        assert rig.ask("POST", f"/tcp/{key}", handshake()).status == 200
    assert len(rig.backends) == 1


def test_a25_gap_is_409_says_what_is_expected_and_nothing_is_taken(rig):
    answer = rig.ask("POST", f"/tcp/{rig.key()}", handshake(2))
    assert (answer.status, answer.body) == (409, b"gap: expects 1\n")
    assert rig.backends == []


def test_a25_post_with_a_gap_inside_is_refused_as_a_whole(rig):
    packets = [Packet(1, "data", b"localhost:61613\n"), Packet(3, "data", b"x")]
    assert rig.ask("POST", f"/tcp/{rig.key()}", encode_all(packets)).status == 409
    assert rig.backends == []


@pytest.mark.parametrize("media_type", ["application/json", "text/html", "multipart/form-data; boundary=x", ""])
def test_a16_packets_that_are_said_to_be_something_else_are_415(rig, media_type):
    answer = rig.ask("POST", f"/tcp/{rig.key()}", handshake(), content_type=media_type)
    assert (answer.status, answer.body) == (415, b"media-type: packets are text/plain\n")
    assert rig.backends == []


@pytest.mark.parametrize("media_type", ["text/plain", "TEXT/plain;charset=UTF-8", "application/octet-stream"])
def test_packets_may_be_said_to_be_text(rig, media_type):
    assert rig.ask("POST", f"/tcp/{rig.key()}", handshake(), content_type=media_type).status == 200


def farewell(rig, page, number=2):
    return rig.ask("POST", f"/tcp/{page.key}", encode_all([Packet(number, "close")]))


def test_farewell_to_a_session_that_is_just_over_is_answered_well(rig):
    page = rig.connected(WebSocketPage)
    page.close()
    assert rig.sessions.find(page.key) is None
    answer = farewell(rig, page)
    assert (answer.status, answer.body) == (200, b"OK")
    assert rig.ask("POST", f"/tcp/{page.key}", handshake()).status == 404
    assert rig.ask("POST", f"/tcp/{page.key}", b"nonsense").status == 404
    assert rig.ask("GET", f"/tcp/{page.key}/longpoll").status == 404
    rig.wait(40)
    assert farewell(rig, page).status == 404


def test_farewell_to_a_session_that_never_was_is_404(rig):
    assert farewell(rig, WebSocketPage(rig, "0" * 32)).status == 404


def test_frame_of_a_session_that_is_over_is_told_so_by_a_script(rig):
    answer = rig.ask("GET", f"/tcp/{'0' * 32}/htmlfile?ack=3")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html")
    assert b'src="../../static/HTMLFileClose.js"' in answer.body
    assert rig.ask("POST", f"/tcp/{'0' * 32}/htmlfile").status == 404


def test_a29_event_source_that_returns_to_a_session_that_is_over_is_reset(rig):
    answer = rig.ask("GET", f"/tcp/{'0' * 32}/eventsource", last_event_id="7-12")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream")
    assert answer.body == b"event: reset\ndata: session-unknown\n\n"


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


@pytest.mark.parametrize("page_class", EVERY_PAGE)
def test_a22_ack_of_what_was_never_sent_is_400_and_ends_the_session(rig, page_class):
    page = rig.page(page_class)
    answer = page.get(99, **page.headers)
    assert (answer.status, answer.body) == (400, b"bad-ack: %d packets acknowledged, 0 sent\n" % (page.get_count(99)))
    rig.wait(16)
    assert rig.sessions.find(page.key) is None


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "DELETE"])
@pytest.mark.parametrize("page_class", EVERY_PAGE)
def test_nothing_but_get_opens_a_transport(rig, page_class, method):
    page = rig.page(page_class)
    rig.ask(method, f"/tcp/{page.key}/{page.name}?token={page.token}", **page.headers)
    assert rig.sessions.find(page.key).transport is None


def test_a26_script_tags_of_other_sites_get_nothing(rig):
    page = rig.page(WebSocketPage)
    for site in ("cross-site", "same-site"):
        for path in ("/tcp", f"/tcp/{page.key}/poll?token={page.token}", f"/tcp/{page.key}/longpoll?callback=x"):
            answer = rig.ask("GET", path, sec_fetch_site=site)
            assert (answer.status, answer.headers["x-content-type-options"]) == (403, "nosniff")
    for site in ("same-origin", "none"):
        assert rig.ask("GET", f"/tcp/{page.key}/poll?token={page.token}", sec_fetch_site=site).status == 200
    assert len(rig.sessions) == 1


def test_a26_pages_of_listed_origins_are_cross_site_and_welcome(rig):
    assert rig.ask("GET", "/tcp", origin="http://pages.example", sec_fetch_site="cross-site").status == 200


def test_a20_addresses_do_not_leak_to_other_sites(rig):
    assert rig.ask("GET", f"/tcp/{rig.key()}/poll").headers["referrer-policy"] == "no-referrer"
    with capturedLogs() as lines:
        page = rig.connected(EventSourcePage, owned=True)
        page.post([Packet(9, "data", b"x")])
        EventSourcePage(rig, page.key, "wrong").get(0)
        rig.wait(200)
    said = " ".join(str(eventAsText(line)) for line in lines)
    assert page.key not in said
    assert page.token not in said


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
        ({"content_length": "0"}, 101),
        ({"content_length": "2\r\n\r\nhi"}, 400),
        ({"transfer_encoding": "chunked\r\n\r\n0"}, 400),
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


# Any bytes.


@given(
    body=st.binary(max_size=80)
    | st.text("01,34dataclosepingMQ=", max_size=60).map(str.encode)
    | st.lists(
        st.builds(Packet, st.integers(0, 4), st.sampled_from(["data", "ping", "close", "open"]), st.binary(max_size=9)),
        max_size=4,
    ).map(encode_all),
    cuts=st.lists(st.integers(0, 300), max_size=6).map(sorted),
)
@hypothesis_settings(deadline=None)
def test_any_body_split_anywhere_is_taken_in_or_gets_the_documented_error(body, cuts):
    answers = []
    for edges in ([], cuts):
        rig = Rig()
        key = rig.key()
        wire = f"POST /tcp/{key} HTTP/1.1\r\nhost: relay.example\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
        exchange = Exchange(rig.site, b"")
        for start, end in zip([0, *edges], [*edges, len(wire)], strict=True):
            exchange.feed(wire[start:end])
        answers.append((exchange.status, exchange.body, len(rig.backends)))
        assert (exchange.status == 200) == (exchange.body == b"OK")
        assert exchange.body == b"OK" or exchange.body.split(b":")[0] in (b"bad-packet", b"gap")
    assert answers[0] == answers[1]


# The line of a page without a WebSocket.


def ask_line(rig, key, token, echo=0):
    return rig.ask("POST", f"/tcp/{key}/line?token={token}&echo={echo}")


@pytest.mark.parametrize("line_s", [0.03, 0.4])
def test_a_page_learns_its_line_by_asking_again_at_once(line_s):
    rig = Rig(slips=Slips("k" * 32))
    key, token = rig.ask("POST", "/tcp").body.decode().split(" ")
    first = ask_line(rig, key, token).body.decode()
    assert first == "1"
    rig.clock.advance(line_s)
    number, slip = ask_line(rig, key, token, echo=first).body.decode().split(" ")
    assert number == "2"
    assert jwt.decode(slip, options={"verify_signature": False})["ms"] == round(line_s * 1000)


def test_a_later_question_is_no_answer_to_an_earlier_one():
    rig = Rig(slips=Slips("k" * 32))
    key, token = rig.ask("POST", "/tcp").body.decode().split(" ")
    ask_line(rig, key, token)
    rig.clock.advance(5)
    assert ask_line(rig, key, token).body == b"2"
    assert ask_line(rig, key, token, echo=1).body == b"3"


def test_where_no_line_is_measured_the_answer_is_empty(rig):
    key, token = rig.ask("POST", "/tcp").body.decode().split(" ")
    assert (ask_line(rig, key, token).status, ask_line(rig, key, token).body) == (200, b"")


def test_a_line_is_its_owners_alone(rig):
    key = rig.ask("POST", "/tcp").body.decode().split(" ")[0]
    assert ask_line(rig, key, "0" * 32).status == 403
    assert ask_line(rig, "0" * 32, "0" * 32).status == 404
    assert rig.ask("GET", f"/tcp/{key}/line").status == 405


@pytest.mark.parametrize("echo", ["x", "-1", "9" * 13, "1.5"])
def test_what_is_no_number_is_refused(echo):
    rig = Rig(slips=Slips("k" * 32))
    key, token = rig.ask("POST", "/tcp").body.decode().split(" ")
    assert ask_line(rig, key, token, echo).status == 400
