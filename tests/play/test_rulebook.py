import pytest
from django.utils import translation

from quiz.play import rulebook
from quiz.play.options import Mode, Options, Partial, Preset, Ties
from quiz.play.scoring import Task
from quiz.play.tally import Given, Tally
from tests.play.tasks import choice_task

TASK = choice_task(["b"], several=False, limit_ms=20_500, points=1000)
SEVERAL = choice_task(["a", "b"], several=True, limit_ms=20_500, points=1000)


def formula(task: Task, given: Given, options: Options) -> str:
    _, score = Tally().after(task, given, options)
    return rulebook.formula(task, given, score, options)


@pytest.mark.parametrize(
    ("preset", "elapsed_ms", "shown"),
    [
        (Preset.CLASSIC, 5_375, "1,000 × (1 − 1/2 × 4.875 / 20.000) = 878"),
        (Preset.CLASSIC, 500, "1,000"),
        (Preset.CALM, 10_500, "1,000 × (1 − 2/5 × 10.000 / 20.000) = 800"),
        (Preset.FLAT, 10_500, "1,000"),
        (Preset.ACCURACY, 10_500, "1,000 + 49 × (1 − 10.000 / 20.000) = 1,025"),
        (Preset.ACCURACY, 0, "1,000 + 49 = 1,049"),
    ],
)
def test_the_formula_is_shown_in_numbers(preset: Preset, elapsed_ms: int, shown: str) -> None:
    task = choice_task(["b"], several=False, limit_ms=20_500, points=1000, speed_bonus=49)
    assert formula(task, Given(["b"], elapsed_ms), Options(scoring=preset)) == shown


def test_a_part_stands_before_what_the_whole_would_be_worth() -> None:
    lenient = Options(partial=Partial.LENIENT)
    assert formula(SEVERAL, Given(["a"], 10_500), lenient) == "1/2 × (1,000 × (1 − 1/2 × 10.000 / 20.000)) = 375"
    assert formula(SEVERAL, Given(["a"], 0), lenient) == "1/2 × 1,000 = 500"


def test_the_formula_reckons_with_the_time_that_counts_and_the_account_names_both() -> None:
    given = Given(["b"], 10_900, line_ms=400)
    assert formula(TASK, given, Options()) == "1,000 × (1 − 1/2 × 10.000 / 20.000) = 750"
    assert account(TASK, given, Options()) == [
        "Right after 10.900 seconds.",
        "0.400 seconds of that are the line’s and do not count.",
    ]


def test_where_time_decides_nothing_the_rules_do_not_speak_of_the_line() -> None:
    flat = rulebook.rules(Options(scoring=Preset.FLAT), 0)
    assert not any("line" in sentence for sentence in flat)
    assert any("0.4 seconds in each question" in sentence for sentence in rulebook.rules(Options(), 0))


def test_what_earned_nothing_has_no_formula() -> None:
    assert formula(TASK, Given(["a"], 0), Options()) == ""


def test_numbers_are_written_as_the_language_does() -> None:
    with translation.override("it"):
        assert formula(TASK, Given(["b"], 10_500), Options()).endswith("10,000 / 20,000) = 750")


@pytest.mark.parametrize("language", ["en", "it"])
def test_each_game_states_its_rules_and_each_option_changes_them(language: str) -> None:
    chosen = [
        Options(),
        Options(scoring=Preset.CALM),
        Options(scoring=Preset.ACCURACY),
        Options(scoring=Preset.FLAT),
        Options(streak=True),
        Options(penalty_percent=25),
        Options(partial=Partial.BALANCED),
        Options(partial=Partial.LENIENT),
        Options(ties=Ties.BROKEN),
    ]
    with translation.override(language):
        texts = [" ".join(rulebook.rules(options, 49)) for options in chosen]
    assert len(set(texts)) == len(texts)
    assert "25 %" in texts[5]
    assert "49" in texts[2]


def test_where_no_bonus_is_left_for_speed_the_rules_do_not_promise_one() -> None:
    assert rulebook.rules(Options(scoring=Preset.ACCURACY), 0)[0] == rulebook.rules(Options(scoring=Preset.FLAT), 0)[0]


def account(task: Task, given: Given | None, options: Options, before: Tally = Tally()) -> list[str]:  # noqa: B008  # frozen
    _, score = before.after(task, given, options)
    return rulebook.account(task, given, score)


def test_the_account_names_the_time_and_what_it_came_to() -> None:
    assert account(TASK, Given(["b"], 4_950), Options()) == ["Right after 4.950 seconds."]
    assert account(TASK, Given(["a"], 4_950), Options()) == ["Not right, after 4.950 seconds."]
    assert account(SEVERAL, Given(["a"], 0), Options(partial=Partial.LENIENT)) == ["Partly right after 0.000 seconds."]
    assert account(TASK, None, Options()) == ["No answer."]


def test_the_account_names_the_streak_and_the_penalty() -> None:
    row = Tally(points=100, streak=1)
    assert account(TASK, Given(["b"], 0), Options(streak=True), row)[1] == "2 right answers in a row: 100 extra."
    punished = account(TASK, Given(["a"], 0), Options(penalty_percent=50), row)
    assert punished[1:] == ["It costs 500.", "The total stays at 0."]


def test_a_voided_question_has_one_sentence() -> None:
    voided = choice_task(["b"], several=False, limit_ms=20_000, points=1000, voided=True)
    assert account(voided, Given(["b"], 0), Options()) == ["This question does not count."]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (Options(mode=Mode.TEAMS), "mean"),
        (Options(mode=Mode.SURVIVAL), "One wrong answer"),
        (Options(mode=Mode.SURVIVAL, lives=3), "one of 3 lives"),
        (Options(mode=Mode.PEER), "voted on twice"),
    ],
)
def test_each_way_of_playing_is_explained_first(options: Options, says: str) -> None:
    assert says in rulebook.rules(options, 0)[0]


@pytest.mark.parametrize(
    ("kind", "partial", "says"),
    [
        ("number", Partial.NONE, "only near earns nothing"),
        ("number", Partial.LENIENT, "1 − (d ÷ range)² of the points"),
        ("order", Partial.NONE, "from the first to the last"),
        ("order", Partial.BALANCED, "take one away"),
        ("order", Partial.LENIENT, "each two right neighbours earn a share"),
        ("match", Partial.NONE, "all must be right"),
        ("match", Partial.BALANCED, "Of pairs, each right one earns its share, and"),
        ("match", Partial.LENIENT, "Of pairs, each right one earns its share."),
    ],
)
def test_the_rules_of_a_kind_are_told_where_it_is_played(kind: str, partial: Partial, says: str) -> None:
    options = Options(partial=partial)
    assert any(says in sentence for sentence in rulebook.rules(options, 0, [kind]))
    assert not any(says in sentence for sentence in rulebook.rules(options, 0, ["choice"]))
