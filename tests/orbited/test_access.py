import pytest

from orbited.access import Access, Rule, parse_rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("* -> localhost:61613", Rule("*", "localhost", 61613)),
        ("*->localhost:61613", Rule("*", "localhost", 61613)),
        ("example.com:8000 -> irc.example.com", Rule("example.com:8000", "irc.example.com", 80)),
    ],
)
def test_rules_are_read(text, rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:1",
        "a -> b -> c",
        "-> b:1",
        "a ->",
        "* -> *",
        "* -> *:61613",
        "* -> b:",
        "* -> b:0",
        "* -> b:65536",
        "* -> b:x",
        "* -> b:*",
        "* -> b 1",
        "* -> :1",
        "* -> b:1,2",
        "* -> b:99999999999999999999",
    ],
)
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_rule(text)


def access(*rules):
    return Access(map(parse_rule, rules))


def test_nothing_listed_is_nothing_allowed():
    assert not access().allows("example.com", "localhost", 61613)


def test_target_is_compared_as_text_and_number():
    rules = access("* -> localhost:61613")
    assert rules.allows("anyone", "localhost", 61613)
    for host, port in [
        ("127.0.0.1", 61613),
        ("LOCALHOST", 61613),
        ("localhost.", 61613),
        ("localhost", 61614),
        ("*", 0),
    ]:
        assert not rules.allows("anyone", host, port)


def test_source_is_the_host_header_with_its_port():
    rules = access("example.com:8000 -> localhost:61613")
    assert rules.allows("example.com:8000", "localhost", 61613)
    for source in ("example.com", "EXAMPLE.COM:8000", "example.com:8001", "", "*"):
        assert not rules.allows(source, "localhost", 61613)


def test_a_page_cannot_call_itself_everybody():
    assert not access("a -> localhost:1").allows("*", "localhost", 1)


def test_every_rule_names_its_target_in_its_own_words():
    rules = access("a -> localhost:1")
    assert rules.names("localhost", 1)
    assert not rules.names("127.0.0.1", 1)
    assert not rules.names("localhost", 2)


def test_the_first_target_is_the_first_that_the_page_may_reach():
    rules = access("a -> one:1", "* -> two:2", "b -> three:3")
    assert rules.first("a") == Rule("a", "one", 1)
    assert rules.first("b") == Rule("*", "two", 2)
    assert access("a -> one:1").first("b") is None
