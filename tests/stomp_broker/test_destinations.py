"""Destinations: topics and queues, valid names, and rights that are exact and denied by default."""

import pytest

from stomp_broker.destinations import (
    CONTROL,
    EVERYTHING,
    MAX_DESTINATION_LENGTH,
    Rights,
    check_read,
    check_write,
    is_queue,
)
from stomp_broker.errors import Code, RemoteError

PLAYER = Rights(read=frozenset({"/games/1/status", "/players/5"}), write=frozenset({"/games/1/answers"}))


def refusal(check, rights, destination):
    with pytest.raises(RemoteError) as caught:
        check(rights, destination)
    return caught.value.code


@pytest.mark.parametrize("destination", ["/queue/a", "/queue/a/b", "/games/7/answers"])
def test_queues_are_queues(destination):
    assert is_queue(destination)


@pytest.mark.parametrize(
    "destination",
    [
        "/games/7/status",
        "/topic/a",
        "/lobby",
        "/queue",
        "/queue/",
        "/games/7/answers/8",
        "/games/answers",
        "/a/queue/b",
    ],
)
def test_everything_else_is_a_topic(destination):
    assert not is_queue(destination)


class TestRightsOfAPlayer:
    def test_what_the_ticket_names_is_allowed(self):
        check_read(PLAYER, "/games/1/status")
        check_write(PLAYER, "/games/1/answers")

    @pytest.mark.parametrize(
        "destination",
        [
            "/games/1/host",
            "/games/2/status",
            "/players/6",
            "/games/1/answers",
            "/games/1/status/",
            "/games/1",
            "/lobby",
            CONTROL,
        ],
    )
    def test_c17_any_other_name_cannot_be_read(self, destination):
        assert refusal(check_read, PLAYER, destination) is Code.ACCESS_REFUSED

    @pytest.mark.parametrize("destination", ["/games/1/status", "/games/2/answers", "/players/5", "/queue/a", CONTROL])
    def test_c18_any_other_name_cannot_be_written(self, destination):
        assert refusal(check_write, PLAYER, destination) is Code.ACCESS_REFUSED

    @pytest.mark.parametrize("wildcard", ["/topic/#", "/games/*/status", "/games/1/*", "/>", "/topic/game.*", "/**"])
    def test_c16_wildcards_are_refused_like_any_name_that_is_not_given(self, wildcard):
        assert refusal(check_read, PLAYER, wildcard) is Code.ACCESS_REFUSED
        assert refusal(check_write, PLAYER, wildcard) is Code.ACCESS_REFUSED

    def test_a_wildcard_in_a_ticket_gives_nothing(self):
        greedy = Rights(read=frozenset({"/games/*/status"}))
        assert refusal(check_read, greedy, "/games/1/status") is Code.ACCESS_REFUSED
        assert refusal(check_read, greedy, "/games/*/status") is Code.BAD_DESTINATION

    def test_orders_to_the_broker_are_refused_even_to_a_ticket_that_names_them(self):
        rights = Rights(read=frozenset({CONTROL}), write=frozenset({CONTROL}))
        assert refusal(check_write, rights, CONTROL) is Code.ACCESS_REFUSED
        assert refusal(check_read, rights, CONTROL) is Code.ACCESS_REFUSED


class TestRightsOfAService:
    def test_everything_is_allowed_but_to_read_orders(self):
        check_read(EVERYTHING, "/games/1/host")
        check_write(EVERYTHING, "/games/1/status")
        check_write(EVERYTHING, CONTROL)
        assert refusal(check_read, EVERYTHING, CONTROL) is Code.ACCESS_REFUSED

    def test_there_are_no_wildcards(self):
        assert refusal(check_read, EVERYTHING, "/games/*/status") is Code.BAD_DESTINATION


def test_nobody_may_do_anything_by_default():
    assert refusal(check_read, Rights(), "/lobby") is Code.ACCESS_REFUSED
    assert refusal(check_write, Rights(), "/lobby") is Code.ACCESS_REFUSED


@pytest.mark.parametrize(
    "destination", ["", "/", "lobby", "games/1", " /lobby", "/a\nb", "/a\rb", "/a\u202eb", "/\x7f"]
)
def test_c14_names_that_no_destination_has_are_refused(destination):
    assert refusal(check_read, EVERYTHING, destination) is Code.BAD_DESTINATION
    assert refusal(check_write, EVERYTHING, destination) is Code.BAD_DESTINATION


def test_a_name_at_the_limit_is_valid_and_one_character_more_is_not():
    name = "/" + "a" * (MAX_DESTINATION_LENGTH - 1)
    check_read(EVERYTHING, name)
    assert refusal(check_read, EVERYTHING, name + "a") is Code.BAD_DESTINATION
