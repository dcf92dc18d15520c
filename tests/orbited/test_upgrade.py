import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import ConnectionType
from wsproto.events import AcceptConnection, Request
from wsproto.handshake import H11Handshake

from orbited.upgrade import RefusedError, agree

STOMP = ("v12.stomp", "v11.stomp", "v10.stomp")


def asked(**changes):
    """The headers of a proper request; underscores stand for dashes, None leaves one out, a list repeats it."""
    headers = {
        "host": b"relay.example",
        "connection": b"Upgrade",
        "upgrade": b"websocket",
        "sec_websocket_version": b"13",
        "sec_websocket_key": b"dGhlIHNhbXBsZSBub25jZQ==",
        **changes,
    }
    pairs = [(name.replace("_", "-").encode(), value) for name, value in headers.items() if value is not None]
    return [(name, one) for name, value in pairs for one in (value if isinstance(value, list) else [value])]


def refusal(*subprotocols, method=b"GET", version=b"HTTP/1.1", **changes):
    with pytest.raises(RefusedError) as caught:
        agree(method, version, asked(**changes), subprotocols)
    return caught.value


@pytest.mark.parametrize("framing", [{"content_length": b"5"}, {"transfer_encoding": b"chunked"}])
def test_a_request_with_a_body_is_refused_since_nobody_agrees_on_where_its_frames_begin(framing):
    assert refusal(**framing).status == 400


def test_a_body_of_no_bytes_is_none():
    assert agree(b"GET", b"HTTP/1.1", asked(content_length=b"0")).subprotocol is None


def test_the_rfc_s_own_example_is_answered_as_there():
    agreement = agree(b"GET", b"HTTP/1.1", asked())
    assert b"\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in agreement.answer
    assert agreement.answer.startswith(b"HTTP/1.1 101 ")
    assert agreement.answer.endswith(b"\r\n\r\n")
    assert agreement.subprotocol is None


@pytest.mark.parametrize(
    "changes",
    [
        {"connection": b"keep-alive, Upgrade"},
        {"connection": [b"keep-alive", b"upgrade"]},
        {"upgrade": b"WebSocket"},
        {"sec_websocket_extensions": b"permessage-deflate; client_max_window_bits"},
        {"sec_websocket_protocol": b"\xff"},
    ],
)
def test_other_ways_to_say_it_are_understood(changes):
    assert b"extensions" not in agree(b"GET", b"HTTP/1.1", asked(**changes)).answer


@pytest.mark.parametrize("version", [b"8", b"0", b"13,8", b"013", b"", b"x"])
def test_b03_other_versions_are_426_and_told_the_right_one(version):
    error = refusal(sec_websocket_version=version)
    assert error.status == 426
    assert (b"sec-websocket-version", b"13") in error.headers


@pytest.mark.parametrize("version", [None, [b"13", b"13"], [b"13", b"8"]])
def test_b03_no_version_or_two_are_400(version):
    assert refusal(sec_websocket_version=version).status == 400


@pytest.mark.parametrize(
    "key",
    [
        None,
        b"",
        b"c2hvcnQ=",
        b"dGhlIHNhbXBsZSBub25jZSB0b28gbG9uZw==",
        b"dGhlIHNhbXBsZSBub25jZR==",
        b"dGhlIHNhbXBsZSBub25jZQ=",
        b"dGhlIHNhbXBsZSBub25j\xe9Q==",
        b"dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
        [b"dGhlIHNhbXBsZSBub25jZQ=="] * 2,
    ],
)
def test_b04_keys_that_are_not_16_bytes_in_base64_once_are_400(key):
    assert refusal(sec_websocket_key=key).status == 400


@pytest.mark.parametrize(
    "changes", [{"upgrade": None}, {"upgrade": b"h2c"}, {"connection": None}, {"connection": b"x"}]
)
def test_requests_for_something_else_are_400(changes):
    assert refusal(**changes).status == 400


@pytest.mark.parametrize(("method", "version"), [(b"POST", b"HTTP/1.1"), (b"HEAD", b"HTTP/1.1"), (b"GET", b"HTTP/1.0")])
def test_only_get_in_http_1_1_becomes_a_websocket(method, version):
    assert refusal(method=method, version=version).status == 400


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (b"v12.stomp", "v12.stomp"),
        (b"v10.stomp, v11.stomp", "v11.stomp"),
        ([b"mqtt", b"v10.stomp"], "v10.stomp"),
    ],
)
def test_b05_the_best_common_subprotocol_is_chosen(offered, chosen):
    agreement = agree(b"GET", b"HTTP/1.1", asked(sec_websocket_protocol=offered), STOMP)
    assert agreement.subprotocol == chosen
    assert f"\r\nsec-websocket-protocol: {chosen}\r\n".encode() in agreement.answer


@pytest.mark.parametrize("offered", [None, b"", b"mqtt", b"V12.STOMP", b"v12.stomp2", b"\xff"])
def test_b05_without_a_common_subprotocol_there_is_no_websocket(offered):
    assert refusal(*STOMP, sec_websocket_protocol=offered).status == 400


def test_no_subprotocol_is_agreed_to_where_none_is_spoken():
    assert agree(b"GET", b"HTTP/1.1", asked(sec_websocket_protocol=b"v12.stomp")).subprotocol is None


@given(st.lists(st.sampled_from(STOMP), unique=True))
def test_wsproto_s_client_agrees(offered):
    client = H11Handshake(ConnectionType.CLIENT)
    data = client.send(Request(host="relay.example", target="/", subprotocols=list(offered)))
    lines = data.decode().split("\r\n")[1:-2]
    headers = [(name.encode(), value.encode()) for name, value in (line.split(": ", 1) for line in lines)]
    client.receive_data(agree(b"GET", b"HTTP/1.1", headers, STOMP if offered else ()).answer)
    [accepted] = client.events()
    assert accepted == AcceptConnection(subprotocol=min(offered, key=STOMP.index, default=None))
