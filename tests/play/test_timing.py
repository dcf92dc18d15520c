from quiz.play.timing import READING_MAX_MS, READING_MIN_MS, reading_ms


def test_a_short_question_stands_for_three_seconds() -> None:
    assert reading_ms("Why?") == READING_MIN_MS == 3_000


def test_a_long_question_stands_longer_up_to_a_limit() -> None:
    assert reading_ms("word " * 20) == 6_000
    assert reading_ms("word " * 500) == READING_MAX_MS
