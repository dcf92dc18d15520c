"""Uploads of a length that nobody waits for."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]


def refuse_large_body(maximum: int, refusal: View) -> Callable[[View], View]:
    """Answer with ``refusal`` when the announced length is above ``maximum`` bytes, before anything reads the body.

    The CSRF check is one that does, so it is made here, after the length is known.
    """

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            announced = request.META.get("CONTENT_LENGTH") or "0"
            if not announced.isdecimal() or int(announced) > maximum:
                return refusal(request, *args, **kwargs)
            return protected(request, *args, **kwargs)

        return wrapper

    return decorate
