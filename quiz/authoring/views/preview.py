"""What becomes of formatted texts while they are being written, by the one parser that there is."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from .. import rules
from ..richtext import parse, parse_line


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """The trees of a question's ``text`` and of its ``choices``, in the same shape."""
    try:
        written = json.loads(request.body)
    except (ValueError, RecursionError):
        written = None
    if not _is_written(written):
        return HttpResponseBadRequest(gettext("Send the text of a question and those of its options."))
    text = written["text"][: rules.MAX_QUESTION_CHARS]
    choices = [choice[: rules.MAX_CHOICE_CHARS] for choice in written["choices"]]
    return JsonResponse({"text": parse(text), "choices": [parse_line(choice) for choice in choices]})


def _is_written(value: Any) -> bool:  # noqa: ANN401  # any JSON
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return False
    choices = value.get("choices")
    return isinstance(choices, list) and len(choices) <= rules.MAX_CHOICES and all(isinstance(c, str) for c in choices)
