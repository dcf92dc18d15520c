"""What pages of 2010 ask of the global Orbited beside TCPSocket, from /static/Orbited.js in a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.oldpages import Layout, OldSite, Visit, open_site, scripts


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def visit(site: OldSite, browser: Browser) -> Iterator[Visit]:
    site.write("api.html", scripts(site, f"{site.relay}/static", Layout.CORS))
    with Visit(browser, site.url("api.html", Layout.CORS)) as visit:
        yield visit
        assert visit.errors == []


def connect(visit: Visit, port: int) -> None:
    visit.run(
        """port => {
            window.seen = { opened: 0, text: "", code: null };
            window.socket = new Orbited.TCPSocket();
            socket.onopen = () => { seen.opened += 1; };
            socket.onread = (data) => { seen.text += data; };
            socket.onclose = (code) => { seen.code = code; };
            socket.open("localhost", port);
        }""",
        port,
    )
    visit.wait("seen.opened === 1")


def test_names_of_0_7_are_there_and_no_other_global_is(visit: Visit) -> None:
    names = (
        "CometSession CometTransports Errors JSON Session Statuses TCPSocket URL XSDR base64 getLogger legacy loggers"
    )
    names += " settings singleton system test utf8 util"
    assert sorted(visit.run("Object.keys(Orbited)")) == sorted(names.split())
    assert visit.run("Object.keys(window).filter((name) => /orbit|socket|packet|debug/i.test(name))") == [
        "Orbited",
        "TCPSocket",
    ]


def test_callbacks_have_their_socket_as_this(visit: Visit, site: OldSite) -> None:
    connect(visit, site.echo)
    visit.run(
        """() => {
            socket.text = "";
            socket.onread = function (data) { this.text += data; };
            socket.onclose = function (code) { this.code = code; };
            socket.send("mine");
        }"""
    )
    visit.wait("socket.text === 'mine'")
    visit.run("socket.close()")
    visit.wait("socket.code === 103")


def test_settings_of_0_7_are_there(visit: Visit, site: OldSite) -> None:
    settings = visit.run("Orbited.settings")
    expected = {"hostname": "localhost", "port": site.http, "protocol": "http", "log": False, "streaming": True}
    expected |= {"HEARTBEAT_TIMEOUT": 6000, "pageLoggerHeight": "200px", "enableFFPrivileges": False}
    assert {name: settings[name] for name in expected} == expected


def test_browsers_own_objects_are_as_they_were(visit: Visit) -> None:
    assert visit.run("JSON.stringify(new Date(1234567))") == '"1970-01-01T00:20:34.567Z"'
    assert visit.run("'toJSON' in String.prototype || 'toJSON' in Number.prototype") is False


def test_base64_takes_byte_strings(visit: Visit) -> None:
    assert visit.run("[Orbited.base64.encode('\\xff\\x00a'), Orbited.base64.decode('/wBh')]") == ["/wBh", "\xff\0a"]


@pytest.mark.parametrize("text", ["", "plain", "à la carte", "100 €", "😀", "\ufeffmark"])
def test_utf8_is_intact_and_leaves_an_unfinished_character(visit: Visit, text: str) -> None:
    data = text.encode()
    assert visit.run("text => Orbited.utf8.encode(text)", text) == data.decode("latin-1")
    for end in range(len(data) + 1):
        whole = data[:end].decode(errors="ignore")
        given = visit.run("bytes => Orbited.utf8.decode(bytes)", data[:end].decode("latin-1"))
        assert given == [whole, len(whole.encode())]


def test_json_is_the_browsers_own(visit: Visit) -> None:
    assert visit.run("Orbited.JSON.parse(Orbited.JSON.stringify({ a: ['😀'] }))") == {"a": ["😀"]}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("http://a.example:81/b/c?d=e#f", ["http", "a.example", "81", "/b/c", "d=e", "f"]),
        ("https://a.example", ["https", "a.example", "80", "/", "", None]),
        ("/b?x=1", [None, "", "80", "/b", "x=1", None]),
        ("", [None, "", "80", "/", "", None]),
    ],
)
def test_url_is_read_in_parts(visit: Visit, text: str, parts: list[str | None]) -> None:
    read = "text => { const u = new Orbited.URL(text); return [u.protocol, u.domain, u.port, u.path, u.qs, u.hash]; }"
    assert visit.run(read, text) == parts


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("new Orbited.URL('http://a.example:80/q').render()", "http://a.example/q"),
        ("new Orbited.URL('http://a.example:81/b?c=d#e').render()", "http://a.example:81/b?c=d#e"),
        ("new Orbited.URL('http://a.example/').isSamePort('http://b.example:80/')", True),
        ("new Orbited.URL('http://a.example:81/').isSameDomain('http://a.example:82/')", False),
        ("new Orbited.URL('http://www.a.example/').isSubDomain('http://a.example/')", True),
        ("new Orbited.URL('http://a.example/').isSubDomain('http://www.a.example/')", False),
        ("new Orbited.URL('http://x.a.example/').isSameParentDomain('http://y.a.example/')", True),
        ("new Orbited.URL('http://a.example/').isSameParentDomain('http://b.example/')", False),
        (
            "(() => { const u = new Orbited.URL('/a?x=1'); u.setQsParameter('y', '&'); return u.qs; })()",
            "x=1&y=%26",
        ),
        ("(() => { const u = new Orbited.URL('/a?x=1&y=2'); u.removeQsParameter('x'); return u.qs; })()", "y=2"),
        ("(() => { const u = new Orbited.URL('/a?x=1'); u.mergeQs('x=3&z=4'); return u.qs; })()", "x=3&z=4"),
        (
            "(() => { const u = new Orbited.URL('http://a/b/c'); u.merge('d?e'); return u.render(); })()",
            "http://a/b/d?e",
        ),
    ],
)
def test_url_does_what_it_did(visit: Visit, code: str, result: object) -> None:
    assert visit.run(code) == result


def test_loggers_write_to_the_console_when_they_are_enabled(visit: Visit, site: OldSite) -> None:
    lines: list[str] = []
    visit.page.on("console", lambda message: lines.append(f"{message.type}: {message.text}"))
    visit.run(
        """() => {
            const logger = Orbited.getLogger("mine");
            logger.info("unseen");
            Orbited.loggers.mine.enabled = true;
            logger.warn("one", 2);
            logger.assert(1 === 1, "unseen");
            logger.assert(1 === 2, "three");
            Orbited.loggers["Orbited.TCPSocket"].enabled = true;
        }"""
    )
    connect(visit, site.echo)
    assert lines[:2] == ["warning: mine one 2", "assert: mine three"]
    assert lines[2].startswith("debug: Orbited.TCPSocket <Orbited.TCPSocket 1> open localhost")


@pytest.mark.parametrize(
    ("name", "transport"),
    [
        ("XHRStream", "stream"),
        ("LongPoll", "longpoll"),
        ("Poll", "poll"),
        ("HTMLFile", "stream"),
        ("SSE", "eventsource"),
    ],
)
def test_page_that_chooses_a_transport_gets_what_stands_for_it(
    visit: Visit, site: OldSite, name: str, transport: str
) -> None:
    visit.run(f"() => {{ Orbited.util.chooseTransport = () => Orbited.CometTransports.{name}; }}")
    connect(visit, site.echo)
    visit.run("socket.send('hello')")
    visit.wait("seen.text === 'hello'")
    assert visit.transports() == {transport}


def test_setting_of_today_goes_before_the_choice_of_then(visit: Visit) -> None:
    assert visit.run("Orbited.settings.transport") is None
    visit.run("() => { Orbited.util.chooseTransport = () => Orbited.CometTransports.LongPoll; }")
    assert visit.run("Orbited.settings.transport") == "longpoll"
    visit.run("() => { Orbited.settings.transport = 'websocket'; }")
    assert visit.run("Orbited.settings.transport") == "websocket"


def test_killed_socket_closes_with_301(visit: Visit, site: OldSite) -> None:
    connect(visit, site.echo)
    visit.run("Orbited.test.socketcontrol.kill(socket)")
    visit.wait("seen.code !== null")
    assert visit.run("seen.code") == 301


def test_stomp_dispatcher_is_asked_by_a_script(visit: Visit, site: OldSite) -> None:
    visit.run("Orbited.test.stompdispatcher.send('/topic/a', 'b & c 😀')")
    url = f"{site.relay}/system/test/stomp?dest=%2Ftopic%2Fa&msg=b+%26+c+%F0%9F%98%80"
    visit.page.wait_for_function("document.querySelector('script[src*=dest]') === null")
    assert url in [address for address, _ in visit.answers]


def test_session_without_a_socket_carries_bytes_and_shakes_hands_itself(visit: Visit, site: OldSite) -> None:
    visit.run(
        """([url, port]) => {
            window.seen = { text: "", code: null };
            window.session = new Orbited.CometSession();
            session.onopen = () => session.send("localhost:" + port + "\\n");
            session.onread = (data) => {
                seen.text += data;
                if (seen.text === "1") session.send("\\xff\\x00");
            };
            session.onclose = (code) => { seen.code = code; };
            session.open(url);
        }""",
        [f"{site.relay}/tcp", site.echo],
    )
    visit.wait("seen.text.length === 3")
    assert visit.run("[seen.text, session.readyState]") == ["1\xff\0", 3]
    visit.run("session.close()")
    visit.wait("seen.code === 103")
