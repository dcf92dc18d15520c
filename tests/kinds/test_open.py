"""Open questions: what may be written, what says the same, and how much of it a room is told."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.kinds import Asked, BadChoice, BadSolution, QuestionDraft
from quiz.kinds.open import MAX_CHARS, MAX_ENTRIES, MAX_RAW_CHARS, MAX_TOLD, MAX_TOLD_BYTES, Open
from tests.kinds import laws

KIND = Open()


def draft(form: str = "cloud", entries: Any = 3) -> QuestionDraft:
    return QuestionDraft("What do you think?", (), kind="open", data={"form": form, "entries": entries})


def nothing(text: str) -> bool:
    return False


@pytest.fixture
def cloud() -> Asked:
    return KIND.freeze(draft())


@pytest.fixture
def texts() -> Asked:
    return KIND.freeze(draft("text"))


@pytest.mark.parametrize("form", ["text", "cloud"])
def test_open_questions_keep_the_laws(form: str) -> None:
    laws.check(KIND, draft(form), ["Orbit", " orbit ", ["ORBIT"], "42", "What goes up, must come down."[:40]])


@pytest.mark.parametrize(
    ("form", "entries"), [(None, 1), ("poem", 1), ("cloud", 0), ("cloud", MAX_ENTRIES + 1), ("cloud", True)]
)
def test_a_form_and_a_number_of_entries_that_there_are_not_are_problems(form: Any, entries: Any) -> None:
    assert len(list(KIND.problems(draft(form, entries)))) == 1


def test_a_text_is_kept_in_one_line_and_compatible_characters(texts: Asked) -> None:
    assert KIND.read("  so\n far　ﬁne ", texts) == ["so far fine"]


@given(st.text(max_size=MAX_CHARS["text"]))
def test_what_is_stored_is_read_to_the_same_again(text: str) -> None:
    asked = KIND.freeze(draft("text"))
    try:
        [stored] = KIND.read(text, asked)
    except BadChoice:
        return
    assert KIND.read(stored, asked) == [stored]
    assert KIND.read([stored], asked) == [stored]


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x07b", "e\u0301\u0302\u0303", "", " ", "\ud800"])
def test_tricks_that_no_nickname_may_have_are_refused(text: str, texts: Asked) -> None:
    with pytest.raises(BadChoice):
        KIND.read(text, texts)


@pytest.mark.parametrize("form", ["text", "cloud"])
def test_a_text_has_its_length_after_it_was_read(form: str) -> None:
    asked = KIND.freeze(draft(form))
    assert KIND.read("x" * MAX_CHARS[form], asked)
    for long in ("x" * (MAX_CHARS[form] + 1), "ﬁ" * MAX_CHARS[form], " " * MAX_RAW_CHARS + "x"):
        with pytest.raises(BadChoice):
            KIND.read(long, asked)


def test_entries_of_one_player_that_say_the_same_are_one(cloud: Asked) -> None:
    assert KIND.read(["Moon", "MOON", "Sun"], cloud) == ["Moon", "Sun"]


@pytest.mark.parametrize("value", [["a", "b", "c", "d"], [], [["a"]], {"a": 1}, 7, None])
def test_more_entries_than_asked_for_or_no_texts_are_refused(value: Any, cloud: Asked) -> None:
    with pytest.raises(BadChoice):
        KIND.read(value, cloud)


def test_a_text_has_one_entry(texts: Asked) -> None:
    with pytest.raises(BadChoice):
        KIND.read(["one", "two"], texts)


def test_a_cloud_has_the_frequent_ones_first_as_most_people_spell_them(cloud: Asked) -> None:
    choices = [["sun"], ["Moon", "Sun"], ["moon"], ["MOON"], ["moon", "Mars"]]
    assert list(KIND.counts(choices, cloud).items()) == [("moon", 4), ("Sun", 2), ("Mars", 1)]


def test_of_texts_the_newest_come_first(texts: Asked) -> None:
    assert list(KIND.counts([["one"], ["42"], ["three"], ["One"]], texts)) == ["One", "three", "42"]


def test_of_a_thousand_long_texts_a_message_has_what_fits_and_says_how_many_more(texts: Asked) -> None:
    counts = KIND.counts([[f"{n:04}" + "漢" * 116] for n in range(1_000)], texts)
    told = KIND.told(counts, texts, nothing)
    assert len(told.counts) + told.view["more"] == 1_000
    assert list(told.counts) == told.view["order"]
    size = len(json.dumps(told.view["order"], ensure_ascii=False).encode())
    assert MAX_TOLD_BYTES["text"] * 0.9 < size < MAX_TOLD_BYTES["text"] * 1.1


def test_of_a_thousand_words_a_wall_shows_the_most_frequent(cloud: Asked) -> None:
    counts = KIND.counts([["again"], ["again"], *([f"word {n}"] for n in range(1_000))], cloud)
    told = KIND.told(counts, cloud, nothing)
    assert told.view["order"][0] == "again"
    assert (len(told.counts), told.view["more"]) == (MAX_TOLD, 1_001 - MAX_TOLD)


def test_what_is_unwanted_is_not_told_and_not_spoken_of(cloud: Asked) -> None:
    told = KIND.told(KIND.counts([["good"], ["bad"]], cloud), cloud, lambda text: text == "bad")
    assert (told.counts, told.view) == ({"good": 1}, {"order": ["good"], "more": 0})


def test_a_hidden_entry_is_told_no_more_however_it_is_spelled(cloud: Asked) -> None:
    counts = KIND.counts([["Rude"], ["kind"]], cloud)
    asked = Asked([], [], settings=KIND.hiding("RUDE", True, counts, cloud))
    later = KIND.counts([["Rude"], ["rude"], ["rude"], ["kind"]], asked)
    assert KIND.told(later, asked, nothing).view == {"order": ["kind"], "more": 0}
    assert [(line.text, line.count, line.hidden) for line in KIND.lines(later, asked)] == [
        ("rude", 3, True),
        ("kind", 1, False),
    ]


def test_what_was_hidden_can_be_told_again_and_nothing_is_hidden_twice(cloud: Asked) -> None:
    counts = KIND.counts([["Rude"]], cloud)
    once = Asked([], [], settings=KIND.hiding("rude", True, counts, cloud))
    assert KIND.hiding("Rude", True, counts, once) == once.settings
    assert KIND.hiding("Rude", False, counts, once) == cloud.settings


def test_only_what_was_written_can_be_hidden(cloud: Asked) -> None:
    with pytest.raises(LookupError):
        KIND.hiding("never", True, KIND.counts([["ever"]], cloud), cloud)


def test_players_are_not_told_what_is_hidden(cloud: Asked) -> None:
    assert KIND.shown(cloud) == {"form": "cloud", "entries": 3, "max_chars": 40}


def test_nothing_can_be_made_right(cloud: Asked) -> None:
    with pytest.raises(BadSolution):
        KIND.regrade(["sun"], cloud)
