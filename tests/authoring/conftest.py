"""A quiz whose questions are told apart at a glance."""

import pytest

from quiz.authoring.models import Quiz
from tests.authoring.questions import question


@pytest.fixture
def quiz(author) -> Quiz:
    drafts = [question("First?"), question("Second?"), question("Third?")]
    return Quiz.objects.create_filled(author, "Planets", drafts)
