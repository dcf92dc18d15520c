"""Writing, moving and deleting one question."""

import pytest
from django.urls import reverse

from tests.authoring.questions import question

GOOD = {
    "text": "Which planet is the largest?",
    "choice_1": "Mars",
    "choice_2": "Jupiter",
    "right_2": "on",
    "time_limit_s": "30",
    "points": "500",
    "explanation": "It is.",
}


def address(name, quiz, question=None):
    return reverse(f"authoring:{name}", args=[quiz.pk, *([question.pk] if question else [])])


def texts(quiz):
    return [question.text for question in quiz.questions.all()]


def test_question_is_added_at_the_end(host, quiz):
    answer = host.post(address("question_new", quiz), GOOD)
    last = quiz.questions.last()
    assert last.draft.text == GOOD["text"]
    assert [(choice.text, choice.right) for choice in last.draft.choices] == [("Mars", False), ("Jupiter", True)]
    assert (last.time_limit_s, last.points, last.explanation) == (30, 500, "It is.")
    assert answer["Location"] == f"{quiz.get_absolute_url()}?page=1#question-{last.pk}"


def test_another_can_be_written_at_once(host, quiz):
    answer = host.post(address("question_new", quiz), {**GOOD, "another": ""})
    assert answer["Location"] == f"{address('question_new', quiz)}?kind=choice"
    assert quiz.questions.count() == 4


def test_bad_question_changes_nothing_and_keeps_what_was_typed(host, quiz):
    answer = host.post(address("question_new", quiz), {**GOOD, "right_2": ""})
    assert answer.status_code == 400
    assert "Mark at least one option as right." in answer.content.decode()
    assert 'value="Jupiter"' in answer.content.decode()
    assert quiz.questions.count() == 3


def test_full_quiz_refuses(host, quiz, monkeypatch):
    monkeypatch.setattr("quiz.authoring.rules.MAX_QUESTIONS", 3)
    assert host.post(address("question_new", quiz), GOOD).status_code == 400
    assert quiz.questions.count() == 3


def test_question_is_rewritten_in_its_place(host, quiz):
    second = quiz.questions.get(text="Second?")
    host.post(address("question_edit", quiz, second), GOOD)
    assert texts(quiz) == ["First?", GOOD["text"], "Third?"]
    assert second.choices.count() == 2


def test_form_of_a_question_is_filled(host, quiz):
    html = host.get(address("question_edit", quiz, quiz.questions.first())).content.decode()
    assert "First?" in html
    assert 'value="Jupiter"' in html


@pytest.mark.parametrize(
    ("direction", "expected"), [("up", ["Second?", "First?", "Third?"]), ("down", ["First?", "Third?", "Second?"])]
)
def test_question_moves_and_the_page_goes_along(host, quiz, direction, expected):
    second = quiz.questions.get(text="Second?")
    answer = host.post(address("question_move", quiz, second), {"direction": direction})
    assert texts(quiz) == expected
    assert answer["Location"].endswith(f"?page=1#question-{second.pk}")


def test_question_on_the_second_page_is_found_there(host, quiz, monkeypatch):
    monkeypatch.setattr("quiz.authoring.views.questions.QUESTIONS_PER_PAGE", 2)
    third = quiz.questions.get(text="Third?")
    assert "?page=2#" in host.post(address("question_edit", quiz, third), GOOD)["Location"]


@pytest.mark.parametrize("direction", ["", "sideways"])
def test_there_is_no_other_direction(host, quiz, direction):
    assert host.post(address("question_move", quiz, quiz.questions.last()), {"direction": direction}).status_code == 400
    assert texts(quiz) == ["First?", "Second?", "Third?"]


def test_moving_is_no_reading(host, quiz):
    assert host.get(address("question_move", quiz, quiz.questions.last())).status_code == 405


def test_deleting_asks_first(host, quiz):
    url = address("question_delete", quiz, quiz.questions.first())
    assert host.get(url).status_code == 200
    assert quiz.questions.count() == 3
    host.post(url)
    assert texts(quiz) == ["Second?", "Third?"]


def test_form_fits_into_a_body(host, quiz):
    """The longest question there can be, in the widest letters, is below Django's limit for forms."""
    long = {f"choice_{n}": f"{n}" + "𝄞" * 299 for n in range(1, 7)}
    data = {**GOOD, **long, "text": "𝄞" * 500, "explanation": "𝄞" * 1_000}
    assert host.post(address("question_new", quiz), data).status_code == 302
    assert quiz.questions.last().draft.text == "𝄞" * 500


def test_body_that_is_no_form_of_ours_is_refused_unread(host, quiz, settings):
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = host.post(
        address("question_new", quiz), "text=" + "x" * size, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {400, 413}
    assert quiz.questions.count() == 3


def test_question_from_an_import_opens_with_all_its_options(host, quiz):
    quiz.append([question(wrong=("a", "b", "c", "d", "e"))])
    html = host.get(address("question_edit", quiz, quiz.questions.last())).content.decode()
    assert html.count('name="choice_') == 6


@pytest.mark.parametrize("kind", ["choice", "truefalse", "poll", "typed", "number", "order", "match", "open", "stars"])
def test_each_kind_has_its_form_and_leads_to_the_others(host, quiz, kind):
    page = host.get(address("question_new", quiz), {"kind": kind}).content.decode()
    assert f'href="?kind={kind}" aria-current="true"' in page
    assert page.count('href="?kind=') >= 5
    assert ('name="points"' in page) == (kind not in ("poll", "open"))


def test_kind_that_nobody_knows_has_no_form(host, quiz):
    assert host.get(address("question_new", quiz), {"kind": "gone"}).status_code == 404


def test_stored_question_keeps_its_kind(host, quiz):
    written = {"text": "Whose law?", "accepted": "Kepler", "time_limit_s": "20", "points": "500", "explanation": ""}
    host.post(f"{address('question_new', quiz)}?kind=typed", written)
    question = quiz.questions.last()
    host.post(address("question_edit", quiz, question), {**written, "accepted": "Kepler\nKeppler"})
    question.refresh_from_db()
    assert (question.kind, question.data["accepted"]) == ("typed", ["Kepler", "Keppler"])
