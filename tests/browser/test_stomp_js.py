"""STOMPClient of /static/protocols/stomp/stomp.js in a real Chromium, against our relay and its broker.

Where a test needs another broker than ours, it plays one.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from typing import Self

import jwt
import pytest
import stomp
from playwright.sync_api import Browser

from stomp_broker.frames import Frame, FrameDecoder, Version
from tests.browser.oldpages import LOGIN, PASSCODE, START_S, Layout, OldSite, Visit, open_site, scripts

# A client that notes the calls of its callbacks in `seen`, and what frames there were in `came`.
CLIENT = """() => {
    window.seen = [];
    window.came = [];
    window.stomp = new STOMPClient();
    for (const name of ["onopen", "onclose", "onlost", "onerror"]) {
        stomp[name] = (value) => { seen.push(value === undefined ? name : name + " " + value); };
    }
    for (const name of ["onconnectedframe", "onmessageframe", "onreceiptframe", "onerrorframe"]) {
        stomp[name] = (frame) => { seen.push(name); came.push(frame); };
    }
}"""
NEWS = "/topic/news"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def visit(site: OldSite, browser: Browser) -> Iterator[Visit]:
    """A page that has loaded the relay's files and made a client."""
    site.write("stomp.html", scripts(site, f"{site.relay}/static", Layout.CORS))
    with Visit(browser, site.url("stomp.html", Layout.CORS)) as visit:
        visit.run(CLIENT)
        yield visit


@pytest.fixture
def connected(visit: Visit, site: OldSite) -> Visit:
    """Its client is connected to the broker, and has seen nothing since."""
    connect(visit, site.stomp)
    visit.wait("seen.includes('onconnectedframe')")
    assert visit.run("seen.splice(0)") == ["onopen", "onconnectedframe"]
    assert [frame["type"] for frame in visit.run("came.splice(0)")] == ["CONNECTED"]
    return visit


def connect(visit: Visit, port: int) -> None:
    visit.run("(values) => stomp.connect('localhost', ...values)", [port, LOGIN, PASSCODE])


def bodies(visit: Visit, count: int) -> list[str]:
    """The bodies of the messages that came, when there are so many."""
    visit.wait(f"came.filter((frame) => frame.type === 'MESSAGE').length >= {count}")
    return [frame["body"] for frame in visit.run("came") if frame["type"] == "MESSAGE"]


def settle(visit: Visit) -> None:
    """Wait until the broker has taken in all that the client has sent so far."""
    visit.run("stomp.sendFrame('SEND', { destination: '/topic/nobody', receipt: 'settled' }, '.')")
    visit.wait("came.some((frame) => frame.headers['receipt-id'] === 'settled')")
    visit.run("() => { came = came.filter((frame) => frame.headers['receipt-id'] !== 'settled'); }")


def publish(site: OldSite, destination: str, body: str, **headers: str) -> None:
    """As a Django process does it."""
    connection = stomp.StompConnection12([("localhost", site.stomp)])
    connection.connect(LOGIN, PASSCODE, wait=True)
    connection.send(destination, body, headers=headers)
    connection.disconnect()


class PlayedBroker:
    """One connection to a broker that does what the test says."""

    def __init__(self, listener: socket.socket) -> None:
        self.connection, _ = listener.accept()
        self.connection.settimeout(START_S)
        self.decoder = FrameDecoder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def read(self) -> Frame:
        while (frame := self.decoder.next_frame()) is None:
            data = self.connection.recv(65536)
            assert data, "the client has hung up"
            self.decoder.receive_data(data)
        return frame

    def send(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\0")

    def accept(self, version: str = "1.2") -> Frame:
        """Let the client in; version 1.0 brokers do not name theirs."""
        frame = self.read()
        self.decoder = FrameDecoder(Version(version))
        self.send("CONNECTED\n" + ("" if version == "1.0" else f"version:{version}\n") + "\n")
        return frame


def test_only_one_global_is_added(visit: Visit) -> None:
    assert visit.run("Object.keys(window).filter((name) => /stomp/i.test(name))") == ["STOMPClient", "stomp"]
    assert visit.run("typeof exports + typeof module") == "undefinedundefined"


def test_interface_of_0_7_is_complete(visit: Visit) -> None:
    calls = "connect disconnect reset send subscribe unsubscribe begin commit abort ack sendFrame send_frame"
    calls += " onopen onclose onerror onframe onconnectedframe onmessageframe onmessage onreceiptframe onerrorframe"
    kinds = "(names) => names.map((name) => typeof stomp[name])"
    assert set(visit.run(kinds, calls.split())) == {"function"}
    assert visit.run("new STOMPClient().user") is None


def test_message_of_the_server_side_comes_with_its_headers_and_emoji(connected: Visit, site: OldSite) -> None:
    connected.run(f"stomp.subscribe('{NEWS}')")
    settle(connected)
    publish(site, NEWS, "più 😀 è \ufeffmeglio", note="line\nbreak: and colon")
    assert bodies(connected, 1) == ["più 😀 è \ufeffmeglio"]
    [frame] = connected.run("came")
    assert frame["type"] == "MESSAGE"
    assert frame["headers"]["destination"] == NEWS
    assert frame["headers"]["note"] == "line\nbreak: and colon"
    assert connected.run("stomp.user") == LOGIN


def test_what_the_page_sends_comes_back_as_it_was(connected: Visit) -> None:
    connected.run(f"stomp.subscribe('{NEWS}')")
    connected.run(
        f"stomp.send('\\u0000 emoji 😀\\u0000', '{NEWS}', {{ note: 'a\\nb:c\\\\d', 'content-type': 'text/x-odd' }})"
    )
    assert bodies(connected, 1) == ["\0 emoji 😀\0"]
    [frame] = connected.run("came")
    assert frame["headers"]["note"] == "a\nb:c\\d"
    assert frame["headers"]["content-type"] == "text/x-odd"
    assert frame["headers"]["content-encoding"] == "utf-8"


def test_body_that_the_page_has_encoded_is_not_encoded_again(connected: Visit) -> None:
    connected.run(f"stomp.subscribe('{NEWS}')")
    connected.run(f"stomp.send('\\xc3\\xa8', '{NEWS}', {{ 'content-length': 99 }})")
    connected.run(f"stomp.send(new Uint8Array([0xc3, 0xa8]), '{NEWS}')")
    assert bodies(connected, 2) == ["è", "è"]


@pytest.mark.parametrize(
    "code", ["'€', '/x', { 'content-length': 1 }", "'', '/x', { 'a:b': 'c' }", "'', '/x', { 'a\\n': 'c' }"]
)
def test_what_would_break_the_frame_throws(connected: Visit, code: str) -> None:
    assert "TypeError" in connected.run(
        f"() => {{ try {{ stomp.send({code}); }} catch (error) {{ return String(error); }} }}"
    )


def test_message_without_a_callback_of_its_own_goes_to_onmessage(visit: Visit) -> None:
    visit.run("() => { stomp = new STOMPClient(); stomp.onmessage = (frame) => { window.got = frame.body; }; }")
    visit.run("stomp.onframe({ type: 'MESSAGE', headers: {}, body: 'the oldest way' })")
    assert visit.run("got") == "the oldest way"


def test_unsubscribed_destination_brings_nothing_more(connected: Visit, site: OldSite) -> None:
    connected.run(f"stomp.subscribe('{NEWS}')")
    connected.run("stomp.subscribe('/topic/other', { id: 'mine' })")
    connected.run(f"stomp.unsubscribe('{NEWS}')")
    settle(connected)
    publish(site, NEWS, "unwanted")
    publish(site, "/topic/other", "wanted")
    assert bodies(connected, 1) == ["wanted"]
    assert connected.run("came[0].headers.subscription") == "mine"
    connected.run("stomp.unsubscribe('/topic/other', { id: 'mine' })")
    settle(connected)
    publish(site, "/topic/other", "unwanted")
    settle(connected)
    assert bodies(connected, 1) == ["wanted"]


def test_transaction_is_delivered_when_it_is_committed(connected: Visit) -> None:
    connected.run(f"stomp.subscribe('{NEWS}')")
    for transaction, end in (("first", "abort"), ("second", "commit")):
        connected.run(f"stomp.begin('{transaction}')")
        connected.run(f"stomp.send('{transaction}', '{NEWS}', {{ transaction: '{transaction}' }})")
        connected.run(f"stomp.{end}('{transaction}')")
    assert bodies(connected, 1) == ["second"]


@pytest.mark.parametrize(("mode", "again"), [("client", ["2"]), ("client-individual", ["0", "2"])])
def test_acknowledged_message_is_not_delivered_again(
    connected: Visit, site: OldSite, mode: str, again: list[str]
) -> None:
    queue = f"/queue/{mode}"
    for number in range(3):
        publish(site, queue, str(number))
    connected.run(f"stomp.subscribe('{queue}', {{ ack: '{mode}' }})")
    assert bodies(connected, 3) == ["0", "1", "2"]
    connected.run("stomp.ack(came[1].headers['message-id'])")
    settle(connected)
    connected.run("stomp.reset()")
    connect(connected, site.stomp)
    connected.wait("seen.includes('onconnectedframe')")
    connected.run(f"() => {{ came = []; stomp.subscribe('{queue}'); }}")
    assert sorted(bodies(connected, len(again))) == again


def test_receipt_and_error_have_callbacks(connected: Visit) -> None:
    connected.run(f"stomp.sendFrame('SUBSCRIBE', {{ destination: '{NEWS}', id: '7', receipt: 'subscribed' }})")
    connected.wait("seen.includes('onreceiptframe')")
    assert connected.run("came[0].headers['receipt-id']") == "subscribed"
    connected.run("stomp.send_frame('SUBSCRIBE', {})")
    connected.wait("seen.includes('onerrorframe') && seen.includes('onclose 201')")
    assert connected.run("came[1].headers.message") != ""


def test_disconnect_ends_with_201_and_reset_with_103(connected: Visit, site: OldSite) -> None:
    connected.run("stomp.disconnect()")
    connected.wait("seen.includes('onclose 201')")
    connect(connected, site.stomp)
    connected.wait("seen.includes('onconnectedframe')")
    connected.run("stomp.reset()")
    connected.wait("seen.includes('onclose 103')")
    assert connected.thrown("stomp.send('x', '/y')") == "Error: STOMPClient is not connected"


@pytest.mark.parametrize(("port", "code"), [(1, 108), (2, 106)])
def test_broker_that_cannot_be_reached_is_told_by_its_code(visit: Visit, port: int, code: int) -> None:
    connect(visit, port)
    visit.wait(f"seen.includes('onclose {code}')")
    assert visit.run("seen") == [f"onclose {code}"]


def test_frames_sent_before_the_broker_lets_us_in_follow_connect(visit: Visit, site: OldSite) -> None:
    visit.run(f"() => {{ stomp.onopen = () => stomp.subscribe('{NEWS}'); }}")
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            assert broker.accept().command == "CONNECT"
            assert broker.read().command == "SUBSCRIBE"


def test_login_is_sent_only_where_there_is_one(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        visit.run(f"stomp.connect('localhost', {site.sink})")
        with PlayedBroker(listener) as broker:
            headers = broker.accept().headers
    assert headers == {"accept-version": "1.2,1.1,1.0", "heart-beat": "0,0"}


def test_heartbeats_and_virtual_host_are_asked_for_when_they_are_set(visit: Visit, site: OldSite) -> None:
    visit.run("() => { stomp.heartbeat = 200; stomp.virtualHost = '/'; }")
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            headers = broker.read().headers
            assert (headers["heart-beat"], headers["host"]) == ("200,200", "/")
            broker.send("CONNECTED\nversion:1.1\nheart-beat:200,200\n\n")
            assert broker.connection.recv(1) == b"\n"
            visit.wait("seen.includes('onclose 101')")  # the broker says nothing more


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_is_spoken(visit: Visit, site: OldSite, version: str) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept(version)
            visit.wait("seen.includes('onconnectedframe')")
            broker.send(f"MESSAGE\ndestination:{NEWS}\nmessage-id:5\n\nhello")
            assert bodies(visit, 1) == ["hello"]
            visit.run("stomp.ack('5')")
            assert broker.read().headers == {"message-id": "5"}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_header_with_every_escape_comes_as_it_was(visit: Visit, site: OldSite, version: str) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept(version)
            broker.send("MESSAGE\nmessage-id:5\nnote:colon\\c line\\n backslash\\\\n\n\nhello")
            bodies(visit, 1)
            visit.run("stomp.send('x', '/y', { note: came.at(-1).headers.note })")
            assert broker.read().headers["note"] == "colon: line\n backslash\\n"


def test_line_break_has_no_way_into_a_header_of_1_0(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept("1.0")
            visit.wait("seen.includes('onconnectedframe')")
            assert visit.thrown("stomp.send('x', '/y', { a: 'b\\nc' })").startswith("TypeError")


def test_frame_of_no_known_type_goes_to_onerror(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept()
            broker.send("GREETING\n\n")
            visit.wait("seen.includes('onerror Unknown STOMP frame type GREETING')")


def test_page_that_replaces_onframe_gets_every_frame(visit: Visit, site: OldSite) -> None:
    visit.run("() => { stomp.onframe = (frame) => { seen.push(frame.type); }; }")
    connect(visit, site.stomp)
    visit.wait("seen.includes('CONNECTED')")
    assert visit.run("seen") == ["onopen", "CONNECTED"]


def test_exception_in_a_callback_does_not_stop_the_reader(connected: Visit, site: OldSite) -> None:
    connected.run("() => { stomp.onmessageframe = (frame) => { came.push(frame); throw new Error(`page's own`); }; }")
    connected.run(f"stomp.subscribe('{NEWS}')")
    connected.run(f"() => {{ for (let n = 0; n < 5; n += 1) stomp.send(String(n), '{NEWS}'); }}")
    assert bodies(connected, 5) == ["0", "1", "2", "3", "4"]
    assert "page's own" in connected.errors[0]


def test_thousand_frames_in_one_read_are_all_taken(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept()
            message = f"MESSAGE\ndestination:{NEWS}\nmessage-id:1\nsubscription:1\n\nx"
            broker.send("\0".join([message] * 3000))
            assert len(bodies(visit, 3000)) == 3000


def test_socket_is_the_pages_own_at_the_time_of_connect(visit: Visit, site: OldSite) -> None:
    visit.run(
        "() => { window.TCPSocket = class extends Orbited.TCPSocket { open(...target) { window.mine = target; } }; }"
    )
    connect(visit, site.stomp)
    assert visit.run("mine") == ["localhost", site.stomp, True]
    visit.run("() => { delete window.TCPSocket; }")
    connect(visit, site.stomp)
    visit.wait("seen.includes('onconnectedframe')")


def test_without_reconnect_delay_a_lost_connection_is_the_end(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept()
        visit.wait("seen.includes('onclose 201')")
        visit.page.wait_for_timeout(500)
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_with_reconnect_delay_the_client_returns_and_subscribes_again(visit: Visit, site: OldSite) -> None:
    visit.run("() => { stomp.reconnectDelay = 50; }")
    # One subscription is made for each connection, as the pages of 2010 do it; the other later, once.
    visit.run("() => { stomp.onconnectedframe = () => { seen.push('in'); stomp.subscribe('/topic/each'); }; }")
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept()
            assert broker.read().headers["destination"] == "/topic/each"
            visit.run("stomp.subscribe('/topic/once', { selector: 'a = 1' })")
            once = broker.read()
        with PlayedBroker(listener) as broker:
            broker.accept()
            assert broker.read().headers["destination"] == "/topic/each"
            assert broker.read() == once
            visit.run("stomp.disconnect()")
            assert broker.read().command == "DISCONNECT"
        visit.wait("seen.includes('onclose 201')")
    assert visit.run("seen") == ["onopen", "in", "onlost 201", "onopen", "in", "onclose 201"]


def test_client_that_is_refused_does_not_insist(visit: Visit, site: OldSite) -> None:
    visit.run("() => { stomp.reconnectDelay = 50; }")
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.read()
            broker.send("ERROR\nmessage:no\n\n")
            visit.wait("seen.includes('onerrorframe')")
        visit.wait("seen.includes('onclose 201')")


def test_client_that_was_cut_for_good_does_not_return(visit: Visit, site: OldSite) -> None:
    now = int(time.time())
    claims = {"aud": "orbit-quiz", "sub": "player:1", "iat": now, "exp": now + 3600, "read": [], "write": []}
    ticket = jwt.encode(claims, os.environ["STOMP_TICKET_KEY"], algorithm="HS256")
    visit.run("() => { stomp.reconnectDelay = 50; }")
    visit.run("(values) => stomp.connect('localhost', ...values)", [site.stomp, "page", ticket])
    visit.wait("seen.includes('onconnectedframe')")
    publish(site, "/broker/control", json.dumps({"cut": "player:1"}))
    visit.wait("seen.includes('onclose 201')")
    assert "onlost 201" not in visit.run("seen")


def test_reset_between_two_connections_ends_the_returning(visit: Visit, site: OldSite) -> None:
    visit.run("() => { stomp.reconnectDelay = 60000; }")
    with site.backend() as listener:
        connect(visit, site.sink)
        with PlayedBroker(listener) as broker:
            broker.accept()
        visit.wait("seen.includes('onlost 201')")
    visit.run("stomp.reset()")
    assert visit.run("seen.at(-1)") == "onclose 103"
