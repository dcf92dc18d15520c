"""Orbited.js and stomp.js as Orbited 0.7.10 published them, in Chromium, against our relay and its broker.

They are fetched (``tools/fetch_orbited.py``), never part of the repository; without them these tests are skipped, with
``CI=true`` they fail.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Response

from orbited.packets import decode
from tests.browser.conftest import skip_or_fail
from tests.browser.oldpages import LOGIN, PASSCODE, Layout, OldSite, Visit, open_site, scripts
from tools import fetch_orbited

# Opens a socket that notes what happens to it in `seen`.
CONNECT = """([host, port, binary]) => {
    window.seen = { opened: 0, text: "", code: null };
    window.socket = new Orbited.TCPSocket();
    socket.onopen = () => { seen.opened += 1; };
    socket.onread = (data) => { seen.text += data; };
    socket.onclose = (code) => { seen.code = code; };
    socket.open(host, port, binary);
}"""
# A STOMP client that notes what happens to it in `seen`.
STOMP = """([port, login, passcode, destination]) => {
    window.seen = { frames: [], code: null };
    window.stomp = new STOMPClient();
    stomp.onconnectedframe = () => { seen.frames.push("CONNECTED"); stomp.subscribe(destination); };
    stomp.onmessageframe = (frame) => seen.frames.push(frame.body);
    stomp.onerrorframe = (frame) => seen.frames.push("ERROR");
    stomp.onclose = (code) => { seen.code = code; };
    stomp.connect("localhost", port, login, passcode);
}"""
# What the page does as Orbited 0.7.10 chooses, and what it does when it is told to do something else.
CHOICES = {None: "longpoll", "XHRStream": "xhrstream", "Poll": "poll"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    if not fetch_orbited.is_here():
        skip_or_fail("Orbited 0.7.10's own browser files are not here: run tools/install-test-programs")
    yield from open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(params=CHOICES, ids=str)
def forced(request: pytest.FixtureRequest) -> str | None:
    return request.param


@pytest.fixture(params=Layout, ids=lambda layout: layout.value)
def layout(request: pytest.FixtureRequest) -> Layout:
    return request.param


@pytest.fixture
def visit(site: OldSite, browser: Browser, layout: Layout, forced: str | None) -> Iterator[Visit]:
    """A page of that layout; whatever it does, no answer of the relay is an error while its socket is open."""
    with arrive(site, browser, layout, forced) as visit:
        yield visit


@pytest.fixture
def here(site: OldSite, browser: Browser, forced: str | None) -> Iterator[Visit]:
    """A page of the relay's own origin."""
    with arrive(site, browser, Layout.ORIGIN, forced) as visit:
        yield visit


@pytest.fixture
def polling(site: OldSite, browser: Browser) -> Iterator[Visit]:
    """The same, with the transport that the page chooses."""
    with arrive(site, browser, Layout.ORIGIN) as visit:
        yield visit


def arrive(site: OldSite, browser: Browser, layout: Layout, forced: str | None = None) -> Visit:
    name = f"{layout.name.lower()}.html"
    site.write(name, scripts(site, "/originals", layout))
    visit = Visit(browser, site.url(name, layout))
    if forced:
        visit.run(f"() => {{ Orbited.util.chooseTransport = () => Orbited.CometTransports.{forced}; }}")
    return visit


def connect(visit: Visit, port: int, binary: bool = False, host: str = "localhost") -> None:
    visit.run(CONNECT, [host, port, binary])


def opened(visit: Visit, port: int, binary: bool = False) -> None:
    connect(visit, port, binary)
    visit.wait("seen.opened === 1")


def assert_every_answer_was_200(visit: Visit) -> None:
    assert {status for url, status in visit.answers if "/tcp" in url} == {200}
    assert visit.failures == []


def test_text_goes_both_ways_over_the_chosen_transport(visit: Visit, site: OldSite, forced: str | None) -> None:
    opened(visit, site.echo)
    text = "à la carte, 100 € " * 200
    visit.run("text => socket.send(text)", text)
    visit.wait(f"seen.text.length >= {len(text)}")
    assert visit.run("seen.text") == text
    assert visit.transports() == {CHOICES[forced]}
    assert_every_answer_was_200(visit)


def test_every_byte_survives_in_binary(here: Visit, site: OldSite) -> None:
    opened(here, site.echo, binary=True)
    here.run("socket.send(String.fromCharCode(...Array(256).keys()))")
    here.wait("seen.text.length === 256")
    assert here.run("[...seen.text].map((c) => c.charCodeAt(0))") == list(range(256))


@pytest.mark.parametrize(("host", "port", "code"), [("localhost", 2, 106), ("localhost", 1, 108), ("a:b", 1, 102)])
def test_target_that_cannot_be_had_closes_with_its_code(here: Visit, host: str, port: int, code: int) -> None:
    connect(here, port, host=host)
    here.wait("seen.code !== null")
    assert here.run("[seen.opened, seen.code]") == [0, code]
    assert_every_answer_was_200(here)


def test_relay_out_of_reach_closes_with_102(polling: Visit, site: OldSite) -> None:
    polling.run("port => { Orbited.settings.port = port; Orbited.XSDR = XMLHttpRequest; }", 1)
    connect(polling, site.echo)
    polling.wait("seen.code !== null")
    assert polling.run("seen.code") == 102


def test_backend_that_hangs_up_closes_with_201_after_its_last_words(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        backend, _ = listener.accept()
        with backend:
            visit.wait("seen.opened === 1")
            backend.sendall(b"the last words")
    visit.wait("seen.code !== null")
    assert visit.run("[seen.text, seen.code]") == ["the last words", 201]
    assert_every_answer_was_200(visit)


def test_page_that_closes_gets_103_and_its_backend_learns_of_it(visit: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(visit, site.sink)
        backend, _ = listener.accept()
        with backend, backend.makefile("rb") as arrived:
            visit.wait("seen.opened === 1")
            visit.run("socket.send('goodbye')")
            assert arrived.read(7) == b"goodbye"
            visit.run("socket.close()")
            visit.wait("seen.code !== null")
            assert arrived.read() == b""
    assert visit.run("seen.code") == 103


def test_reset_hangs_up_at_once(here: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(here, site.sink)
        backend, _ = listener.accept()
        with backend:
            here.wait("seen.opened === 1")
            here.run("socket.reset()")
            assert backend.recv(1) == b""
    assert here.run("seen.code") == 103


def test_backlog_comes_in_answers_of_600_packets_at_most(here: Visit, site: OldSite, forced: str | None) -> None:
    bodies: list[Response] = []
    here.page.on("response", lambda response: bodies.append(response) if "poll" in response.url else None)
    with site.backend() as listener:
        connect(here, site.sink)
        backend, _ = listener.accept()
        with backend:
            here.wait("seen.opened === 1")
            expected = "".join(f"{number}\n" for number in range(2000))
            sending = threading.Thread(target=send_in_pieces, args=(backend, expected))
            sending.start()
            here.run("() => { const end = Date.now() + 1500; while (Date.now() < end); }")  # a page that is busy
            sending.join()
            here.wait(f"seen.text.length >= {len(expected)}")
    assert here.run("seen.text") == expected
    assert all(len(decode(response.body())) <= 600 for response in bodies)
    here.wait("seen.code === 201")
    assert_every_answer_was_200(here)


def send_in_pieces(backend: Any, text: str) -> None:
    for line in text.splitlines(keepends=True):
        backend.sendall(line.encode())
        time.sleep(0.0005)


def test_megabyte_comes_whole_and_what_a_post_holds_goes_whole(here: Visit, site: OldSite) -> None:
    with site.backend() as listener:
        connect(here, site.sink)
        backend, _ = listener.accept()
        with backend, backend.makefile("rb") as arrived:
            here.wait("seen.opened === 1")
            backend.sendall(b"0123456789abcdef" * 65536)
            here.wait("seen.text.length === 1048576")
            here.run("socket.send('x'.repeat(40000))")
            assert arrived.read(40000) == b"x" * 40000
    assert here.run("seen.text === '0123456789abcdef'.repeat(65536)")


def test_many_sends_at_once_arrive_in_order(here: Visit, site: OldSite) -> None:
    opened(here, site.echo)
    here.run("() => { for (let n = 0; n < 40; n += 1) socket.send(n + ' '); }")
    expected = "".join(f"{number} " for number in range(40))
    here.wait(f"seen.text.length >= {len(expected)}")
    assert here.run("seen.text") == expected


def test_sockets_of_one_page_do_not_meet(here: Visit, site: OldSite) -> None:
    here.run(
        """port => {
            window.texts = ["", "", ""];
            window.sockets = texts.map((_, index) => {
                const socket = new Orbited.TCPSocket();
                socket.onopen = () => socket.send("number " + index);
                socket.onread = (data) => { texts[index] += data; };
                socket.open("localhost", port);
                return socket;
            });
        }""",
        site.echo,
    )
    here.wait("texts.every((text) => text.length === 8)")
    assert here.run("texts") == ["number 0", "number 1", "number 2"]


def test_post_that_is_repeated_is_delivered_once(here: Visit, site: OldSite) -> None:
    opened(here, site.echo)
    lost = here.lose_answer("POST", r"/tcp/\w+\?")
    here.run("socket.send('once ')")
    here.wait("seen.text.length > 0")
    here.page.wait_for_timeout(500)  # twice what the page waits before it repeats
    here.run("socket.send('only')")
    here.wait("seen.text.length >= 9")
    assert here.run("[seen.text, seen.code]") == ["once only", None]
    assert len(lost) == 1


def test_open_that_was_lost_is_repeated(here: Visit, site: OldSite, forced: str | None) -> None:
    lost = here.lose_answer("GET", rf"/tcp/\w+/{CHOICES[forced]}", instead="")
    connect(here, site.echo)
    here.wait("seen.opened === 1")
    here.run("socket.send('hello')")
    here.wait("seen.text === 'hello'")
    assert len(lost) == 1


def test_idle_page_stays_connected(here: Visit, site: OldSite) -> None:
    opened(here, site.echo)
    here.page.wait_for_timeout(8000)  # a stream's page gives up after 6 s of silence and asks anew
    here.run("socket.send('still here')")
    here.wait("seen.text === 'still here'")
    assert_every_answer_was_200(here)


def test_stomp_client_gets_and_sends_messages(visit: Visit, site: OldSite) -> None:
    visit.run(STOMP, [site.stomp, LOGIN, PASSCODE, "/topic/news"])
    visit.wait("seen.frames.length === 1")
    visit.run("stomp.send('così, per 5 €', '/topic/news')")
    visit.wait("seen.frames.length === 2")
    assert visit.run("seen.frames") == ["CONNECTED", "così, per 5 €"]
    visit.run("stomp.disconnect()")
    visit.wait("seen.code !== null")
    assert visit.run("seen.code") == 201
    assert_every_answer_was_200(visit)


def test_login_that_the_broker_refuses_is_told(polling: Visit, site: OldSite) -> None:
    polling.run(STOMP, [site.stomp, LOGIN, "wrong", "/topic/news"])
    polling.wait("seen.code !== null")
    assert polling.run("[seen.frames, seen.code]") == [["ERROR"], 201]
