"""Answers to requests that no page of ours sends: too large, not UTF-8, or not to be read at all.

Django's own answer to them looks for a CSRF token in the very body that cannot be read, fails once more, and leaves a
traceback. These look at no body.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UTF_8 = ("utf-8", "utf8")
NOT_UTF_8 = b'{"error": "not-utf-8", "message": "Only text in UTF-8 is read here."}'


class Utf8Only:
    """Refuses with 415 what says that it is in another character set.

    It stands around Django, which decodes by that name while it makes its request object, and ends with a 500 when
    there is no such decoder.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        _kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if parameters.get("charset", UTF_8[0]).lower() in UTF_8:
            return self._application(environ, start_response)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(NOT_UTF_8)))]
        start_response("415 Unsupported Media Type", [*headers, ("X-Content-Type-Options", "nosniff")])
        return [NOT_UTF_8]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The site's ``handler400``."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _refuse(request, 413, "too-large", _("This is too much at once."))
    return _refuse(request, 400, "bad-request", _("This request cannot be read."))


def _refuse(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"error": code, "message": message}, status=status)
    return render(request, "400.html", {"message": message}, status=status)
