"""From a file to a quiz: upload, preview, confirmation. Until the confirmation nothing but the file is stored."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from .. import languages, rules, wording
from ..formats import MAX_FILE_BYTES, FormatError, Import, read
from ..forms import ImportForm, UploadForm, title_from
from ..models import Quiz, Upload
from .authors import AuthorRequest
from .bodies import refuse_large_body

# Bodies up to here are read, so that someone who chose a wrong file gets a page that says so and not a broken
# connection; larger ones are refused unread. Django keeps what is above 2.5 MB in a file of its own meanwhile.
MAX_BODY_BYTES = 16 * MAX_FILE_BYTES
QUESTIONS_SHOWN = 20  # enough to see that it is the right file


def _too_large(request: HttpRequest) -> HttpResponse:
    error = FormatError("file-too-large", maximum=MAX_FILE_BYTES)
    return _upload_page(request, UploadForm(), 413, wording.of_file_error(error))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@refuse_large_body(MAX_BODY_BYTES, _too_large)
def upload(request: AuthorRequest) -> HttpResponse:
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, 413 if form.has_error("file", "file-too-large") else 400)
    file, language = form.cleaned_data["file"], form.cleaned_data["language"]
    content = file.read()
    try:
        read(content, languages.described(language))
    except FormatError as error:
        form.add_error("file", wording.of_file_error(error))
        return _upload_page(request, form, 400)
    return redirect("authoring:import_preview", Upload.objects.replace(request.user, file.name, content, language).pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preview(request: AuthorRequest, upload_id: UUID) -> HttpResponse:
    waiting = Upload.objects.waiting(request.user).filter(pk=upload_id).first()
    if waiting is None:
        messages.warning(request, _("This preview is no longer there. Choose the file again."))
        return redirect("authoring:import")
    # Reading again what was read for the preview gives the same: the formats are pure.
    result = read(bytes(waiting.content), languages.described(waiting.language))
    form = ImportForm(request.POST if request.method == "POST" else None, initial={"title": title_from(waiting.name)})
    if request.method == "POST" and result.questions and form.is_valid():
        return _confirmed(request, waiting, result, form.cleaned_data["title"])
    return _preview_page(request, waiting, result, form)


def _confirmed(request: HttpRequest, waiting: Upload, result: Import, title: str) -> HttpResponse:
    quiz = Quiz.objects.create_filled(waiting.owner, title, result.questions, language=waiting.language)
    waiting.delete()
    count = len(result.questions)
    text = ngettext("%(count)s question has been imported.", "%(count)s questions have been imported.", count)
    messages.success(request, text % {"count": count})
    return redirect(quiz)


def _upload_page(request: HttpRequest, form: UploadForm, status: int = 200, refusal: str = "") -> HttpResponse:
    return render(request, "authoring/import.html", {"form": form, "refusal": refusal}, status=status)


def _preview_page(request: HttpRequest, waiting: Upload, result: Import, form: ImportForm) -> HttpResponse:
    context = {
        "upload": waiting,
        "format": result.format,
        "count": len(result.questions),
        "questions": [(question, rules.answers(question)) for question in result.questions[:QUESTIONS_SHOWN]],
        "more": max(0, len(result.questions) - QUESTIONS_SHOWN),
        "notes": [wording.of_note(note) for note in result.notes],
        "form": form,
    }
    return render(request, "authoring/import_preview.html", context, status=400 if form.is_bound else 200)
