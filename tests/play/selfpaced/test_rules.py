import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.selfpaced import rules
from quiz.play.selfpaced.rules import BadClosing, Opened, Step
from quiz.play.states import GameError

TOTAL = 5
CLOSES = 1_000_000
times = st.integers(0, 2 * CLOSES)
opened_lists = st.lists(st.builds(Opened, ends_at=st.none() | times, answered=st.booleans()), max_size=TOTAL)


@given(opened_lists, times)
def test_there_is_always_one_step_and_after_the_closing_date_none(opened: list[Opened], now: int) -> None:
    step = rules.step(opened, TOTAL, CLOSES, now)
    assert (step is Step.CLOSED) == (now > CLOSES)
    if step is Step.NEXT:
        assert len(opened) < TOTAL
    if step is Step.DONE:
        assert len(opened) == TOTAL


@given(opened_lists, times)
def test_a_question_can_be_answered_while_it_is_not_over(opened: list[Opened], now: int) -> None:
    if rules.step(opened, TOTAL, CLOSES, now) is Step.ANSWER:
        assert not opened[-1].is_over(now)
        assert now <= rules.deadline(opened[-1].ends_at, CLOSES)


@given(opened_lists, times)
def test_a_game_that_is_not_open_is_closed_at_any_time(opened: list[Opened], now: int) -> None:
    assert rules.step(opened, TOTAL, None, now) is Step.CLOSED


@given(opened_lists, st.integers(-3, TOTAL + 3), times)
def test_only_the_very_next_question_opens_and_only_when_the_one_before_is_over(
    opened: list[Opened], number: int, now: int
) -> None:
    try:
        is_new = rules.is_new(number, opened, TOTAL, CLOSES, now)
    except GameError as error:
        assert error.code == ("game-closed" if now > CLOSES else "not-now")
    else:
        assert is_new == (number == len(opened) + 1)
        if is_new:
            assert not opened or opened[-1].is_over(now)
            assert number <= TOTAL
            assert now <= CLOSES


@given(st.lists(st.integers(1, 10**6), unique=True, max_size=50), st.integers(1), st.integers(1), st.booleans())
def test_every_order_has_each_question_once_and_stays(ids: list[int], game: int, player: int, shuffled: bool) -> None:
    order = rules.order(ids, game, player, shuffled=shuffled)
    assert sorted(order) == sorted(ids)
    assert order == rules.order(ids, game, player, shuffled=shuffled)
    if not shuffled:
        assert order == ids


def test_players_have_different_orders_and_so_has_one_player_in_another_game() -> None:
    ids = list(range(1, 13))
    orders = [rules.order(ids, game, player, shuffled=True) for game in (1, 2) for player in (1, 2, 3)]
    assert len({tuple(order) for order in orders}) == len(orders)
    assert all(order != ids for order in orders)


def test_a_question_without_a_limit_is_open_until_the_game_closes() -> None:
    assert rules.ends_at(10, 0, 100) is None
    assert rules.deadline(None, CLOSES) == CLOSES


def test_more_time_in_private_holds_here_too() -> None:
    assert rules.ends_at(1_000, 20_000, 100) == 21_000
    assert rules.ends_at(1_000, 20_000, 150) == 31_000
    assert rules.ends_at(1_000, 20_000, 0) is None


def test_the_closing_date_ends_every_question() -> None:
    assert rules.deadline(CLOSES + 1, CLOSES) == CLOSES
    assert rules.deadline(CLOSES - 1, CLOSES) == CLOSES - 1


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_closing_date_it_is_next_week(value: object) -> None:
    assert rules.closing(value, 1_800_000_000_000) == 1_800_000_000_000 + 7 * rules.DAY_MS


@pytest.mark.parametrize("spelled", [int, str])
def test_a_closing_date_lies_between_a_minute_and_a_year_ahead(spelled: type) -> None:
    now = 1_800_000_000_000
    for at in (now + rules.MIN_OPEN_MS, now + rules.MAX_OPEN_MS):
        assert rules.closing(spelled(at), now) == at
    for at in (0, now, now + rules.MIN_OPEN_MS - 1, now + rules.MAX_OPEN_MS + 1):
        with pytest.raises(BadClosing):
            rules.closing(spelled(at), now)


@pytest.mark.parametrize("value", [True, 1.5, [], {}, "tomorrow", "-1", "9" * 5000, "１８０００００００００００"])
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(BadClosing):
        rules.closing(value, 1_000)
