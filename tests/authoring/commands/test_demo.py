"""``manage.py demo``, and the quizzes that it brings."""

import re
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

from quiz.authoring import demo, rules
from quiz.authoring.formats import read
from quiz.authoring.models import Quiz

FOLDER = demo._FOLDER


def run(capsys):
    call_command("demo")
    return capsys.readouterr().out


def questions(language):
    return read((FOLDER / f"space.{language}.csv").read_bytes(), language)


@pytest.mark.django_db
def test_author_can_log_in_with_the_printed_password(capsys, settings):
    settings.DEMO_PASSWORD = ""
    password = re.search(r"^password: (\S{12})$", run(capsys), re.MULTILINE)[1]
    assert authenticate(username="demo", password=password)


@pytest.mark.django_db
def test_password_may_come_from_the_environment(capsys, settings):
    settings.DEMO_PASSWORD = "once-round-the-sun"
    run(capsys)
    assert authenticate(username="demo", password="once-round-the-sun")


@pytest.mark.django_db
def test_second_run_changes_nothing_and_prints_no_password(capsys, settings):
    run(capsys)
    before = list(User.objects.values()), list(Quiz.objects.values())
    settings.DEMO_PASSWORD = "another"
    assert "password" not in run(capsys)
    assert (list(User.objects.values()), list(Quiz.objects.values())) == before


@pytest.mark.django_db
def test_both_quizzes_have_fifteen_questions(capsys):
    assert run(capsys).count(": 15 questions") == 2
    counts = {quiz.language: quiz.questions.count() for quiz in Quiz.objects.filter(owner__username="demo")}
    assert counts == {"en": 15, "it": 15}


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_question_is_good_and_explained(language):
    result = questions(language)
    assert result.notes == []
    for question in result.questions:
        assert rules.problems(question) == []
        assert question.explanation


def test_italian_stands_beside_english():
    def shape(question):
        return [choice.right for choice in question.choices], question.time_limit_s, question.points

    english, italian = questions("en").questions, questions("it").questions
    assert [shape(question) for question in english] == [shape(question) for question in italian]
    assert not {question.text for question in english} & {question.text for question in italian}


def test_questions_are_of_many_kinds_and_right_answers_well_spread():
    rights = [[choice.right for choice in question.choices] for question in questions("en").questions]
    places = Counter(right.index(True) for right in rights if sum(right) == 1)
    assert max(places.values()) <= 4
    assert len(places) >= 4
    assert sum(sum(right) > 1 for right in rights) >= 2
    assert {len(right) for right in rights} == {2, 3, 4, 5, 6}
