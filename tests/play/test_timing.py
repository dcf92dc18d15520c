import pytest

from quiz.play.options import Options, Reading
from quiz.play.timing import READING_MAX_MS, READING_MIN_MS, ranked, reading_ms


def test_a_short_question_stands_for_three_seconds() -> None:
    assert reading_ms("Why?", Options()) == READING_MIN_MS == 3_000


def test_a_long_question_stands_longer_up_to_a_limit() -> None:
    assert reading_ms("word " * 20, Options()) == 6_000
    assert reading_ms("word " * 500, Options()) == READING_MAX_MS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Which planet – is the largest?", 6),
        ("哪一颗行星是太阳系中最大的，比其他行星加起来还要重？", 13),
        ("太陽系で一番大きい惑星はどれでしょうか。NASA の探査機が訪れました。", 17),
        ("ดาวเคราะห์ดวงใดใหญ่ที่สุดในระบบสุริยะของเราและหนักกว่าดวงอื่นรวมกัน", 14),
    ],
)
def test_words_count_where_no_blanks_part_them(text: str, words: int) -> None:
    assert reading_ms(f"{'word ' * 20}{text}", Options()) == (20 + words) * 300


@pytest.mark.parametrize("seconds", [0, 7, 15])
def test_a_fixed_time_of_reading_does_not_ask_for_the_words(seconds: int) -> None:
    options = Options(reading=Reading.FIXED, reading_s=seconds)
    assert {reading_ms(text, options) for text in ("Why?", "word " * 500)} == {seconds * 1000}


@pytest.mark.parametrize(("every", "positions"), [(0, []), (1, [1, 2, 3, 4, 5, 6]), (2, [2, 4, 6]), (5, [5])])
def test_standings_follow_each_nth_question_or_none(every: int, positions: list[int]) -> None:
    assert [n for n in range(1, 7) if ranked(n, Options(standings_every=every))] == positions
