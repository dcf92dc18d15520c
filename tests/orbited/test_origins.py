import pytest

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
    ],
)
def test_what_browsers_never_send_is_refused(text):
    with pytest.raises(ValueError, match="no origin"):
        parse_origin(text)


def test_own_origin_is_always_allowed():
    assert Origins([]).allows("http://quiz.example:8080", "http", "quiz.example:8080")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://quiz.example:8080",
        "http://quiz.example",
        "http://quiz.example:8080.evil.example",
        "http://evil.example",
        "http://quiz.example:80800",
    ],
)
def test_others_are_not(origin):
    assert not Origins(["http://pages.example"]).allows(origin, "http", "quiz.example:8080")


def test_listed_ones_are_compared_whole():
    origins = Origins(["http://pages.example"])
    assert origins.allows("http://pages.example", "http", "relay.example")
    assert not origins.allows("http://pages.example:80", "http", "relay.example")
    assert not origins.allows("http://pages.example.evil", "http", "relay.example")
