import pytest

from quiz.play.rates import (
    FIRST_WAIT_MS,
    LONGEST_WAIT_MS,
    MAX_REFUSALS,
    MINUTE_MS,
    WRONG_PINS,
    Rate,
    guessing_wait_ms,
)

NOW = 1_800_000_000_000


def test_there_is_no_wait_before_a_rate_is_full() -> None:
    assert Rate(3, 1_000).wait_ms(None, NOW) == 0


@pytest.mark.parametrize(("filling", "wait"), [(NOW, 1_000), (NOW - 400, 600), (NOW - 1_000, 0), (NOW - 9_000, 0)])
def test_one_more_fits_when_the_one_that_fills_the_window_leaves_it(filling: int, wait: int) -> None:
    assert Rate(3, 1_000).wait_ms(filling, NOW) == wait


def test_the_last_wrong_pin_that_is_looked_at_is_the_tenth() -> None:
    misses = [NOW - n for n in range(WRONG_PINS.count)]
    assert guessing_wait_ms(misses[:-1], [], NOW) == 0
    assert guessing_wait_ms(misses, [], NOW) == MINUTE_MS - (WRONG_PINS.count - 1)


def test_each_try_while_nothing_is_taken_doubles_the_wait_up_to_the_longest() -> None:
    waits = [guessing_wait_ms([], [NOW] * n, NOW) for n in range(1, MAX_REFUSALS + 1)]
    assert waits[0] == FIRST_WAIT_MS
    assert waits == [min(FIRST_WAIT_MS * 2**n, LONGEST_WAIT_MS) for n in range(MAX_REFUSALS)]
    assert waits[-1] == LONGEST_WAIT_MS


def test_a_wait_ends() -> None:
    assert guessing_wait_ms([], [NOW - LONGEST_WAIT_MS] * MAX_REFUSALS, NOW) <= 0
