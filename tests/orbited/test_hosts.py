import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.access import parse_rule
from orbited.hosts import Hosts, name_of, parse_host


def hosts(*listed, access=(), origins=(), own=""):
    return Hosts(map(parse_host, listed), map(parse_rule, access), origins, own)


@pytest.mark.parametrize("text", ["quiz.example.org", "QUIZ.example.org", "*", "relay_1", "a"])
def test_names_are_read_in_lower_case(text):
    assert parse_host(text) == text.lower()


@pytest.mark.parametrize("text", ["", "a:8080", "http://a", "a b", "*.example.org", "a/", ".a", "a.", "[::1]"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError, match="no host name"):
        parse_host(text)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("relay.example", "relay.example"),
        ("Relay.Example:8080", "relay.example"),
        ("relay.example.", "relay.example"),
        ("relay.example:", "relay.example"),
        ("192.0.2.1:8080", "192.0.2.1"),
        ("[::1]:8080", "::1"),
    ],
)
def test_the_name_in_a_header_has_no_port(header, name):
    assert name_of(header) == name


@pytest.mark.parametrize(
    "header",
    [
        "",
        ":8080",
        "evil.example@localhost",
        "localhost/evil",
        "localhost#evil",
        "localhost?evil",
        "localhost\\evil",
        "localhost,evil.example",
        "localhost evil.example",
        "localhost:8080:8080",
        "localhost:80x",
        "[::1",
        "::1",
        "http://localhost",
        "lócalhost",
        ".localhost",
    ],
)
def test_what_is_no_host_header_has_no_name_and_is_refused(header):
    assert name_of(header) == ""
    assert not hosts("*").allows(header)


@given(st.text(max_size=80))
def test_any_header_is_judged(header):
    assert hosts().allows(header) in (True, False)


def test_localhost_own_name_addresses_and_what_the_configuration_mentions_are_allowed():
    known = hosts(
        "quiz.example.org",
        access=["pages.example:8000 -> localhost:61613", "* -> broker.example:61613"],
        origins=["https://school.example:8443"],
        own="Pi.lan",
    )
    for name in (
        "localhost:8080",
        "127.0.0.1",
        "[fe80::1]:8080",
        "quiz.example.org",
        "pages.example",
        "school.example",
    ):
        assert known.allows(name)
    for name in ("pi.lan", "pi.local:8080", "PI.LAN"):
        assert known.allows(name)
    for name in ("evil.example", "sub.quiz.example.org", "quiz.example.org.evil.example", "broker.example", "*"):
        assert not known.allows(name)


def test_a_star_takes_any_name():
    assert hosts("*").allows("whatever.example:1")


def test_addresses_that_only_a_resolver_understands_are_names():
    for name in ("2130706433", "0x7f.1", "0177.0.0.1", "127.1"):
        assert not hosts().allows(name)


def test_own_names_are_those_of_this_machine():
    known = hosts("quiz.example.org", own="pi")
    assert all(map(known.is_own, ("localhost", "pi", "pi.local")))
    assert not any(map(known.is_own, ("quiz.example.org", "", "127.0.0.1")))
