import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.origins import Origins, parse_origin


@pytest.mark.parametrize("text", ["http://localhost:8000", "https://quiz.example.org", "http://[::1]:8000"])
def test_origins_are_read(text):
    assert parse_origin(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "localhost:8000",
        "http://",
        "http://a/",
        "http://a/b",
        "HTTP://a",
        "http://A",
        "ftp://a",
        "http://*.a",
        "http://a http://b",
        "http://a:123456",
        "http://a:",
        "http://a:0",
        "http://a:65536",
    ],
)
def test_what_browsers_never_send_is_refused(text):
    with pytest.raises(ValueError, match="no origin"):
        parse_origin(text)


def test_own_origin_is_always_allowed():
    assert Origins([]).allows("http://quiz.example:8080", "http", "quiz.example:8080")


def test_a_scheme_s_own_port_may_be_written_or_not():
    assert Origins([]).allows("https://quiz.example", "https", "quiz.example:443")
    assert Origins(["http://pages.example:80"]).allows("http://pages.example", "http", "relay.example")


FOREIGN = [
    "null",
    "",
    "*",
    "https://quiz.example:8080",
    "http://quiz.example",
    "http://quiz.example:8081",
    "http://quiz.example:80800",
    "http://quiz.example:8080.evil.example",
    "http://quiz.example.evil:8080",
    "http://evil.example",
    "http://evil.example/?http://quiz.example:8080",
    "http://quiz.example:8080@evil.example",
    "http://quiz.example:8080/",
    "http://quiz.example:8080, http://evil.example",
    "HTTP://QUIZ.EXAMPLE:8080",
    "file://",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_b01_others_are_not_whatever_they_look_like(origin):
    assert not Origins(["http://pages.example"]).allows(origin, "http", "quiz.example:8080")


def test_b01_suffixes_of_an_address_fool_nobody():
    assert not Origins([]).allows("http://127.0.0.1.evil.example", "http", "127.0.0.1")
    assert not Origins([]).allows("http://evil127.0.0.1", "http", "127.0.0.1")


def test_listed_ones_are_compared_whole():
    origins = Origins(["http://pages.example"])
    assert origins.allows("http://pages.example", "http", "relay.example")
    for origin in ("http://pages.example:8000", "https://pages.example", "http://pages.example.evil"):
        assert not origins.allows(origin, "http", "relay.example")


@given(st.text(max_size=60))
def test_any_text_is_judged(text):
    assert not Origins([]).allows(text, "http", "relay.example") or text.startswith("http://relay.example")
