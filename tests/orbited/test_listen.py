import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.listen import SCHEMES, Listener, parse_listener, uri_of


@pytest.mark.parametrize(
    ("text", "listener"),
    [
        ("http://:8080", ("http", "", 8080)),
        ("http://127.0.0.1:1", ("http", "127.0.0.1", 1)),
        ("https://relay.example:65535", ("https", "relay.example", 65535)),
        ("stomp://[::1]:61613", ("stomp", "[::1]", 61613)),
        ("stomp://:61613 morbid.cfg", ("stomp", "", 61613, "morbid.cfg")),
        ("stomp://:61613\tetc/my broker.cfg", ("stomp", "", 61613, "etc/my broker.cfg")),
        ("monitor://:9002", ("monitor", "", 9002)),
        ("admin://:9090", ("admin", "127.0.0.1", 9090)),
        ("admin://10.0.0.5:9090", ("admin", "10.0.0.5", 9090)),
    ],
)
def test_line_names_scheme_host_and_port(text, listener):
    assert parse_listener(text) == Listener(*listener)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("http://", "", 80), ("http://:", "", 80), ("http://[::1]", "[::1]", 80), ("https://a.example", "a.example", 443)],
)
def test_port_without_number_is_the_browsers_own(text, host, port):
    assert parse_listener(text)[1:3] == (host, port)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("http//:1", "'http//:1' is not 'scheme://host:port'"),
        ("8080", "'8080' is not 'scheme://host:port'"),
        ("http://:8080 file", "'http://:8080 file' is not 'scheme://host:port'"),
        ("ws://:80", "'ws://:80': 'ws' is none of the schemes http, https, stomp, admin, monitor, echo"),
        ("HTTP://:80", "'HTTP://:80': 'HTTP' is none of the schemes"),
        ("http://8080", "'http://8080' names no port: is it 'http://:8080'?"),
        ("stomp://61613", "'stomp://61613' names no port: is it 'stomp://:61613'?"),
        ("stomp://", "'stomp://' names no port"),
        ("echo://host", "'echo://host' names no port"),
        ("http://:x", "'x' is not a port"),
        ("http://:0", "'0' is not a port"),
        ("http://:65536", "'65536' is not a port"),
    ],
)
def test_wrong_line_is_told_what_is_wrong(text, message):
    with pytest.raises(ValueError, match=r"port|schemes") as caught:
        parse_listener(text)
    assert str(caught.value).startswith(message)


def test_uri_is_apart_from_the_brokers_file():
    assert uri_of("stomp://:61613 morbid.cfg") == "stomp://:61613"
    assert uri_of("http://:80 x") == "http://:80 x"


@given(st.sampled_from(SCHEMES), st.sampled_from(["localhost", "10.0.0.1", "[::1]", "a-b.c"]), st.integers(1, 65535))
def test_every_scheme_takes_every_host_and_port(scheme, host, port):
    assert parse_listener(f"{scheme}://{host}:{port}") == Listener(scheme, host, port)


@given(st.text() | st.sampled_from(SCHEMES).flatmap(lambda scheme: st.text().map(lambda rest: f"{scheme}://{rest}")))
def test_any_text_gives_a_listener_or_the_error(text):
    try:
        listener = parse_listener(text)
    except ValueError:
        return
    assert listener.scheme in SCHEMES
    assert 0 < listener.port < 65536
