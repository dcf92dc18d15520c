"""/stomp over real sockets, for clients that are no browsers: a relay process with its broker."""

from collections.abc import Iterator

import pytest
import stomp
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from stomp_broker.frames import Frame, FrameDecoder
from tests.browser.oldpages import LOGIN, PASSCODE, OldSite, open_site
from tests.stack import wait_until

SUBPROTOCOLS = ["v10.stomp", "v11.stomp", "v12.stomp"]
LOG_IN = f"CONNECT\naccept-version:1.2\nhost:/\nlogin:{LOGIN}\npasscode:{PASSCODE}\n\n\0"
NEWS = "/topic/news"
WAIT_S = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


def open_socket(site: OldSite, query: str = "") -> ClientConnection:
    """A WebSocket without Origin."""
    url = f"ws://127.0.0.1:{site.http}/stomp{query}"
    return connect(url, subprotocols=SUBPROTOCOLS, origin=None, proxy=None, open_timeout=WAIT_S)


def read(socket: ClientConnection) -> Frame:
    decoder = FrameDecoder()
    while (frame := decoder.next_frame()) is None:
        data = socket.recv(WAIT_S)
        decoder.receive_data(data.encode() if isinstance(data, str) else data)
    return frame


@pytest.mark.parametrize("encode", [str, str.encode], ids=["text", "binary"])
def test_the_kind_of_message_that_the_client_sends_is_the_kind_that_comes(site: OldSite, encode) -> None:
    with open_socket(site) as socket:
        assert socket.subprotocol == "v12.stomp"
        socket.send(encode(LOG_IN))
        answer = socket.recv(WAIT_S)
        assert isinstance(answer, type(encode("")))
        assert "CONNECTED" in (answer if isinstance(answer, str) else answer.decode())


def test_stomp_py_s_own_websocket_client_works(site: OldSite) -> None:
    heard = Heard()
    client = stomp.WSStompConnection([("127.0.0.1", site.http)], ws_path="/stomp")
    client.set_listener("heard", heard)
    client.connect(LOGIN, PASSCODE, wait=True)
    client.subscribe(NEWS, id="0", headers={"receipt": "subscribed"})
    wait_until(lambda: heard.receipts)
    client.send(NEWS, "perché no? 😀")
    wait_until(lambda: heard.bodies)
    client.disconnect()
    assert heard.bodies == ["perché no? 😀"]


def test_many_bytes_pass_both_ways(site: OldSite) -> None:
    with open_socket(site, f"?to=localhost:{site.echo}") as socket:
        sent = arrived = b""
        for number in range(40):
            piece = bytes([number]) * 60_000
            socket.send(piece)
            sent += piece
            while len(arrived) < len(sent):
                arrived += socket.recv(WAIT_S)
        assert arrived == sent


def test_a33_a_target_that_is_not_listed_is_403_before_the_upgrade(site: OldSite) -> None:
    with pytest.raises(InvalidStatus) as refused:
        open_socket(site, "?to=169.254.169.254:80")
    assert refused.value.response.status_code == 403
    assert refused.value.response.body.startswith(b"target-denied: ")


def test_an_unreachable_target_is_1013(site: OldSite) -> None:
    with open_socket(site, "?to=localhost:1") as socket:
        socket.send(LOG_IN)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(WAIT_S)
    assert closed.value.rcvd.code == 1013


def test_b18_a_silent_client_is_4502(site: OldSite) -> None:
    with open_socket(site) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(WAIT_S)
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4502, "stale")


def test_b23_a_relay_that_ends_says_so(site: OldSite, tmp_path) -> None:
    (tmp_path / "own").mkdir()
    for own in open_site(tmp_path / "own"):
        with open_socket(own) as socket:
            socket.send(LOG_IN)
            assert read(socket).command == "CONNECTED"
            own.process.terminate()
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(WAIT_S)
        assert closed.value.rcvd.code == 1012
        assert own.process.wait(30) == 0


class Heard(stomp.ConnectionListener):
    """Notes what comes."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.receipts: list[str] = []

    def on_message(self, frame) -> None:
        self.bodies.append(frame.body)

    def on_receipt(self, frame) -> None:
        self.receipts.append(frame.headers["receipt-id"])
