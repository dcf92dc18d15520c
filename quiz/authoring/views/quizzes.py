"""An author's list of quizzes, and one quiz with its questions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import languages, rules, wording
from ..forms import QuizForm
from ..models import Question, Quiz
from .authors import AuthorRequest, own_quiz

QUIZZES_PER_PAGE = 30
QUESTIONS_PER_PAGE = 50  # an imported quiz may have thousands; each is some twenty elements of the page


@require_safe
@login_required
def quiz_list(request: AuthorRequest) -> HttpResponse:
    # The order is said again, as Django forgets that of the model where it groups.
    quizzes = request.user.quizzes.annotate(questions_count=Count("questions")).order_by("-updated_at", "-pk")
    page = Paginator(quizzes, QUIZZES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "authoring/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: AuthorRequest) -> HttpResponse:
    quiz = Quiz(owner=request.user, language=languages.of_page())
    form = QuizForm(request.POST if request.method == "POST" else None, instance=quiz)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    return render(request, "authoring/new.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, quiz_id: int) -> HttpResponse:
    quiz = own_quiz(request, quiz_id)
    form = QuizForm(request.POST if request.method == "POST" else None, instance=quiz)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(quiz)
    page = _questions_page(quiz, request.GET.get("page"))
    context = {
        # As stored: a form that was refused has already changed ``quiz``.
        "quiz": own_quiz(request, quiz_id),
        "form": form,
        "page": page,
        "questions": [(question, _warnings(question)) for question in page],
        "full": page.paginator.count >= rules.MAX_QUESTIONS,
    }
    return render(request, "authoring/edit.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest, quiz_id: int) -> HttpResponse:
    quiz = own_quiz(request, quiz_id)
    if request.method == "POST":
        quiz.delete()
        messages.success(request, _("“%(title)s” has been deleted.") % {"title": quiz.title})
        return redirect("authoring:list")
    return render(request, "authoring/delete.html", {"quiz": quiz, "back": quiz.get_absolute_url()})


def _questions_page(quiz: Quiz, number: str | None) -> "Page[Question]":
    return Paginator(quiz.questions.prefetch_related("picture", "choices__picture"), QUESTIONS_PER_PAGE).get_page(
        number
    )


def _warnings(question: Question) -> list[str]:
    """Say what the editor would not take but an import kept."""
    return [wording.of_problem(problem) for problem in rules.problems(question.draft)]


def _status(form: QuizForm) -> int:
    return 400 if form.is_bound and form.errors else 200
