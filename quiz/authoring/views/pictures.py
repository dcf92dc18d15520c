"""A picture by its address, which is the key: nobody can guess it, and only who was shown the question has it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ..pictures import Picture

YEAR_S = 365 * 24 * 3600  # the longest that caches take at its word

HEADERS = {
    "Cache-Control": f"public, max-age={YEAR_S}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    found = get_object_or_404(Picture.objects.defer(None), pk=picture_id)
    return HttpResponse(bytes(found.content), content_type="image/webp", headers=HEADERS)
