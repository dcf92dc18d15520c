"""One question of a quiz: write, rewrite, move, delete."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from .. import editors, languages, wording
from ..editors.base import QuestionForm
from ..models import Question, Quiz, QuizFull
from ..picturefile import MAX_FILE_BYTES, BadPicture
from ..rules import QuestionDraft
from .authors import own_question, own_quiz
from .bodies import refuse_large_body
from .quizzes import QUESTIONS_PER_PAGE

# Three heavy pictures at once; more of them come one after the other. nginx lets 16 MiB pass.
MAX_BODY_BYTES = 3 * MAX_FILE_BYTES + 2**16


def _too_large(request: HttpRequest, **_ids: int) -> HttpResponse:
    messages.error(request, wording.of_bad_picture(BadPicture("pictures-too-heavy", mebibytes=MAX_BODY_BYTES >> 20)))
    return redirect(request.get_full_path())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuse_large_body(MAX_BODY_BYTES, _too_large)
def new(request: HttpRequest, quiz_id: int) -> HttpResponse:
    quiz = own_quiz(request, quiz_id)
    form = _form(request, quiz, request.GET.get("kind", "choice"))
    if request.method == "POST" and form.is_valid():
        try:
            (question,) = quiz.append([form.cleaned_data["draft"]])
        except QuizFull:
            form.add_error(None, wording.quiz_full())
        else:
            return _after_saving(request, question)
    return _page(request, quiz, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuse_large_body(MAX_BODY_BYTES, _too_large)
def edit(request: HttpRequest, quiz_id: int, question_id: int) -> HttpResponse:
    question = own_question(request, quiz_id, question_id)
    form = _form(request, question.quiz, question.kind, question.draft)
    if request.method == "POST" and form.is_valid():
        question.rewrite(form.cleaned_data["draft"])
        return _after_saving(request, question)
    return _page(request, question.quiz, form, question)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest, quiz_id: int, question_id: int) -> HttpResponse:
    question = own_question(request, quiz_id, question_id)
    if request.method == "POST":
        question.remove()
        messages.success(request, gettext("The question has been deleted."))
        return redirect(question.quiz)
    context = {"quiz": question.quiz, "question": question, "back": _place(question)}
    return render(request, "authoring/delete.html", context)


@require_POST
@login_required
def move(request: HttpRequest, quiz_id: int, question_id: int) -> HttpResponse:
    question = own_question(request, quiz_id, question_id)
    match request.POST.get("direction"):
        case "up" | "down" as direction:
            question.move(direction)
        case _:
            return HttpResponseBadRequest(gettext("A question moves up or down."))
    return redirect(_place(question))


def _editor(kind: str) -> type[QuestionForm]:
    """Return the form for that kind of question, or nothing is found there."""
    if form := editors.named(kind):
        return form
    raise Http404


def _form(request: HttpRequest, quiz: Quiz, kind: str, question: QuestionDraft | None = None) -> QuestionForm:
    posted = request.method == "POST"
    return _editor(kind)(
        request.POST if posted else None,
        question,
        languages.described(quiz.language),
        owner=quiz.owner,
        files=request.FILES if posted else None,
    )


def _page(request: HttpRequest, quiz: Quiz, form: QuestionForm, question: Question | None) -> HttpResponse:
    number = _number(question) if question else quiz.questions.count() + 1
    context = {"quiz": quiz, "form": form, "question": question, "number": number, "editors": editors.forms()}
    return render(request, "authoring/question.html", context, status=400 if form.is_bound else 200)


def _after_saving(request: HttpRequest, question: Question) -> HttpResponse:
    messages.success(request, gettext("Question %(number)s is saved.") % {"number": _number(question)})
    if "another" in request.POST:
        another = reverse("authoring:question_new", args=[question.quiz_id])
        return redirect(f"{another}?{urlencode({'kind': question.kind})}")
    return redirect(_place(question))


def _number(question: Question) -> int:
    """Return which question of its quiz it is, from 1."""
    return Question.objects.filter(quiz=question.quiz_id, position__lte=question.position).count()


def _place(question: Question) -> str:
    """Return the address at which the question stands in the list of its quiz."""
    page = (_number(question) - 1) // QUESTIONS_PER_PAGE + 1
    return f"{reverse('authoring:edit', args=[question.quiz_id])}?page={page}#question-{question.pk}"
