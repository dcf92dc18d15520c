"""JSON in and out: bodies read within limits, errors in one shape."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse, UnreadablePostError

from quiz.play.errors import MESSAGES


class Refusal(Exception):
    """A request that is refused: its stable code, its HTTP status, and what else the answer says."""

    def __init__(self, code: str, status: int, **more: Any) -> None:  # noqa: ANN401
        super().__init__(code)
        self.code, self.status, self.more = code, status, more

    def response(self) -> JsonResponse:
        """``{"error", "message", …}``; with ``retry_after_ms`` also the header that says so in seconds."""
        body = {"error": self.code, "message": str(MESSAGES[self.code]), **self.more}
        return JsonResponse(body, status=self.status, headers=retry_after(self.more.get("retry_after_ms", 0)))


def retry_after(wait_ms: int) -> dict[str, str]:
    """The header that tells when to come again; none when there is nothing to wait for."""
    return {"Retry-After": str(-(-wait_ms // 1000))} if wait_ms else {}


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object. Raises :class:`Refusal`."""
    try:
        body = request.body
        data = json.loads(body) if body else {}
    except RequestDataTooBig:
        raise Refusal("too-large", 413) from None
    except (ValueError, RecursionError, UnreadablePostError):  # The last when the line broke within the body.
        raise Refusal("bad-json", 400) from None
    if not isinstance(data, dict):
        raise Refusal("bad-json", 400)
    return data


def fields_of(request: HttpRequest) -> dict[str, Any]:
    """The fields of a JSON body or of a form, whichever was sent. Raises :class:`Refusal`."""
    if sent_json(request):
        return body_of(request)
    try:
        return request.POST.dict()
    except RequestDataTooBig:
        raise Refusal("too-large", 413) from None


def sent_json(request: HttpRequest) -> bool:
    """Whether the body says that it is JSON; no plain form of another site can send that."""
    return request.content_type == "application/json"


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer should be JSON: asked for by ``Accept``, or the question was JSON too."""
    return sent_json(request) or request.get_preferred_type(["text/html", "application/json"]) == "application/json"
