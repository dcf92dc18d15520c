"""destinations.py: our names and the brokers' spellings are the same thing."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.live.destinations import FORMS, MAX_DESTINATION_LENGTH, check, from_broker, to_broker
from quiz.live.errors import DestinationError

names = st.from_regex(r"(/[A-Za-z0-9_-]{1,12}){1,6}", fullmatch=True)


@given(names, st.sampled_from(FORMS), st.sets(st.sampled_from(["answers", "a", "0"])))
def test_every_name_comes_back_as_it_was(name, form, queue_endings):
    assert from_broker(to_broker(check(name), form, queue_endings), form) == name


@given(st.text())
def test_any_text_is_a_name_or_a_destination_error(text):
    with suppress(DestinationError):
        assert from_broker(to_broker(check(text), "rabbitmq"), "rabbitmq") == text


@given(st.text() | st.from_regex(r"/(topic|queue)/[a-z.]{1,9}", fullmatch=True), st.sampled_from(FORMS))
def test_any_spelling_of_a_broker_is_a_name_or_a_destination_error(text, form):
    with suppress(DestinationError):
        name = from_broker(text, form)
        assert to_broker(name, form) in (text, text.replace("/queue/", "/topic/", 1))


@pytest.mark.parametrize(
    ("name", "form", "spelling"),
    [
        ("/games/7/status", "plain", "/games/7/status"),
        ("/games/7/status", "rabbitmq", "/topic/games.7.status"),
        ("/games/7/status", "activemq", "/topic/games.7.status"),
        ("/games/7/answers", "rabbitmq", "/topic/games.7.answers"),
        ("/games/7/answers", "activemq", "/queue/games.7.answers"),
        ("/games/7/answers", "plain", "/games/7/answers"),
        ("/lobby", "activemq", "/topic/lobby"),
    ],
)
def test_names_are_spelled_as_each_broker_wants_them(name, form, spelling):
    assert to_broker(name, form, queue_endings=["answers"]) == spelling


def test_longest_name_fits_and_one_character_more_does_not():
    longest = "/" + "x" * (MAX_DESTINATION_LENGTH - 1)
    assert check(longest) == longest
    with pytest.raises(DestinationError, match="longer than 200"):
        check(longest + "x")


@pytest.mark.parametrize("spelling", ["/games/7/status", "/temp-queue/a", "/topic/", "/topic/a..b", "/topic/a.*"])
def test_spelling_that_is_not_ours_is_refused(spelling):
    with pytest.raises(DestinationError):
        from_broker(spelling, "rabbitmq")
