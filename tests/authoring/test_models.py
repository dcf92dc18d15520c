"""Quizzes as rows: what the database refuses, and the verbs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quiz.authoring import models, rules
from quiz.authoring.models import Choice, Question, Quiz, QuizFull, Upload
from tests.authoring.questions import question


def texts(quiz):
    return [question.text for question in quiz.questions.all()]


def test_quiz_keeps_its_questions_in_order(quiz):
    assert texts(quiz) == ["First?", "Second?", "Third?"]


def test_question_comes_back_as_it_was_given(author):
    draft = question(wrong=("Mars", "Venus", "Saturn"), explanation="It is.", time_limit_s=35, points=500)
    quiz = Quiz.objects.create_filled(author, "One", [draft])
    assert quiz.questions.get().draft == draft


def test_half_a_quiz_is_never_stored(author):
    broken = question("x" * (rules.MAX_QUESTION_CHARS + 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Quiz.objects.create_filled(author, "Broken", [question(), broken])
    assert not Quiz.objects.exists()


def test_appending_goes_on_after_the_last_question(quiz):
    quiz.questions.get(text="Second?").remove()
    quiz.append([question("Fourth?"), question("Fifth?")])
    assert texts(quiz) == ["First?", "Third?", "Fourth?", "Fifth?"]


def test_full_quiz_takes_no_more_and_stays_as_it_was(quiz, monkeypatch):
    monkeypatch.setattr(rules, "MAX_QUESTIONS", 4)
    with pytest.raises(QuizFull):
        quiz.append([question("Fourth?"), question("Fifth?")])
    assert texts(quiz) == ["First?", "Second?", "Third?"]
    quiz.append([question("Fourth?")])


def test_rewriting_replaces_options(quiz):
    first = quiz.questions.first()
    draft = question("Which is the smallest?", right="Mercury", wrong=("Saturn",), time_limit_s=10)
    first.rewrite(draft)
    assert quiz.questions.first().draft == draft


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("Third?", "up", ["First?", "Third?", "Second?"]),
        ("First?", "down", ["Second?", "First?", "Third?"]),
        ("First?", "up", ["First?", "Second?", "Third?"]),
        ("Third?", "down", ["First?", "Second?", "Third?"]),
    ],
)
def test_question_moves_by_one_place(quiz, text, direction, expected):
    quiz.questions.get(text=text).move(direction)
    assert texts(quiz) == expected


def test_question_moves_over_a_gap(quiz):
    quiz.questions.get(text="Second?").remove()
    quiz.questions.get(text="Third?").move("up")
    assert texts(quiz) == ["Third?", "First?"]


@pytest.mark.parametrize(
    "change",
    [
        lambda q: q.append([question()]),
        lambda q: q.questions.first().move("down"),
        lambda q: q.questions.first().remove(),
    ],
)
def test_each_change_is_dated(quiz, change):
    long_ago = timezone.now() - timedelta(days=1)
    Quiz.objects.filter(pk=quiz.pk).update(updated_at=long_ago)
    change(quiz)
    assert Quiz.objects.get(pk=quiz.pk).updated_at > long_ago


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": "x" * (rules.MAX_TITLE_CHARS + 1)},
        {"language": ""},
    ],
)
def test_database_refuses_a_bad_quiz(quiz, change):
    refused(lambda: Quiz.objects.filter(pk=quiz.pk).update(**change))


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": "x" * (rules.MAX_QUESTION_CHARS + 1)},
        {"explanation": "x" * (rules.MAX_EXPLANATION_CHARS + 1)},
        {"time_limit_s": rules.MIN_TIME_LIMIT_S - 1},
        {"time_limit_s": rules.MAX_TIME_LIMIT_S + 1},
        {"points": rules.MAX_POINTS + 1},
        {"position": 2},
    ],
)
def test_database_refuses_a_bad_question(quiz, change):
    refused(lambda: Question.objects.filter(pk=quiz.questions.first().pk).update(**change))


@pytest.mark.parametrize(
    "change",
    [{"text": ""}, {"text": "x" * (rules.MAX_CHOICE_CHARS + 1)}, {"position": 0}, {"position": 7}, {"position": 2}],
)
def test_database_refuses_a_bad_option(quiz, change):
    first = quiz.questions.first().choices.first()
    refused(lambda: Choice.objects.filter(pk=first.pk).update(**change))


def test_next_upload_takes_the_place_of_the_last(author):
    old = Upload.objects.replace(author, "a.csv", b"a", "en")
    new = Upload.objects.replace(author, "b.csv", b"b", "it")
    assert list(Upload.objects.all()) == [new]
    assert old.pk != new.pk


def test_old_upload_waits_no_longer_and_is_forgotten(author, django_user_model):
    old = Upload.objects.replace(author, "a.csv", b"a", "en")
    Upload.objects.update(created_at=timezone.now() - models.UPLOAD_LIFETIME)
    assert not Upload.objects.waiting(author).exists()
    Upload.objects.replace(django_user_model.objects.create_user("other"), "b.csv", b"b", "en")
    assert not Upload.objects.filter(pk=old.pk).exists()
