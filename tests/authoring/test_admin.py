"""Operators see quizzes in the admin, and cannot make one there that cannot be played."""

import pytest
from django.urls import reverse

from quiz.authoring.models import Question


@pytest.fixture
def operator(admin_client):
    return admin_client


def choice_rows(question, **change):
    choices = list(question.choices.all())
    data = {"choices-TOTAL_FORMS": len(choices), "choices-INITIAL_FORMS": len(choices)}
    for number, choice in enumerate(choices):
        data |= {
            f"choices-{number}-id": choice.pk,
            f"choices-{number}-question": question.pk,
            f"choices-{number}-position": choice.position,
            f"choices-{number}-text": choice.text,
        }
        if choice.right:
            data[f"choices-{number}-right"] = "on"
    return {**data, **change}


def form(question, **change):
    return {
        "quiz": question.quiz_id,
        "position": question.position,
        "text": "Changed?",
        "explanation": "",
        "time_limit_s": 20,
        "points": 1000,
        **choice_rows(question),
        **change,
    }


@pytest.mark.parametrize("name", ["quiz", "question"])
def test_lists_and_forms_open(operator, quiz, name):
    row = quiz if name == "quiz" else quiz.questions.first()
    assert operator.get(reverse(f"admin:authoring_{name}_changelist")).status_code == 200
    assert operator.get(reverse(f"admin:authoring_{name}_change", args=[row.pk])).status_code == 200
    assert operator.get(reverse(f"admin:authoring_{name}_add")).status_code == 200


def test_quiz_leads_to_its_questions(operator, quiz):
    html = operator.get(reverse("admin:authoring_quiz_change", args=[quiz.pk])).content.decode()
    link = f"{reverse('admin:authoring_question_changelist')}?quiz__id__exact={quiz.pk}"
    assert link in html
    assert "3 questions" in operator.get(link).content.decode()


def test_good_question_is_saved(operator, quiz):
    first = quiz.questions.first()
    operator.post(reverse("admin:authoring_question_change", args=[first.pk]), form(first))
    assert quiz.questions.first().text == "Changed?"


@pytest.mark.parametrize("change", [{"choices-1-text": "Jupiter"}, {"choices-0-right": ""}])
def test_question_that_cannot_be_played_is_refused(operator, quiz, change):
    first = quiz.questions.first()
    answer = operator.post(reverse("admin:authoring_question_change", args=[first.pk]), form(first, **change))
    assert answer.status_code == 200
    assert Question.objects.get(pk=first.pk).text == "First?"


def test_quiz_is_deleted_with_all_its_rows(operator, quiz):
    operator.post(reverse("admin:authoring_quiz_delete", args=[quiz.pk]), {"post": "yes"})
    assert not Question.objects.exists()


def test_authors_are_no_operators(host):
    assert host.get(reverse("admin:authoring_quiz_changelist")).status_code == 302
