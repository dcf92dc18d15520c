"""Who may see what: an author's own quizzes, and nothing else."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from ..models import Question, Quiz


class AuthorRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


def own_quiz(request: HttpRequest, quiz_id: int) -> Quiz:
    """Return a quiz of the one who asks; 404 for others, who learn not even that there is one."""
    return get_object_or_404(Quiz, pk=quiz_id, owner=request.user)


def own_question(request: HttpRequest, quiz_id: int, question_id: int) -> Question:
    """Return a question of an own quiz, or 404."""
    questions = Question.objects.select_related("quiz").prefetch_related("picture", "choices__picture")
    return get_object_or_404(questions, pk=question_id, quiz__pk=quiz_id, quiz__owner=request.user)
