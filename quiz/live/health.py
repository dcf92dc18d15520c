"""Is this process alive, is it ready, and what are its figures: for operators and load balancers."""

from ipaddress import ip_address

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from quiz.live import metrics
from quiz.live.tickets import Ticket

# Headers by which a proxy says that the peer is not who asks.
FORWARDED_HEADERS = ("X-Forwarded-For", "Forwarded")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"healthy": True})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, else 503; the body says which part is missing."""
    database = _database_answers()
    parts = {"database": database, "migrations": database and _migrated()}
    ready = all(parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format: for programs on this machine, staff, and services with a ticket."""
    if not _may_see_metrics(request):
        message = gettext("Metrics are for programs on this machine, staff and services.")
        return JsonResponse({"error": "not-allowed", "message": message}, status=403)
    return HttpResponse(metrics.render(), content_type=CONTENT_TYPE_LATEST)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _may_see_metrics(request: HttpRequest) -> bool:
    ticket: Ticket | None = request.ticket  # type: ignore[attr-defined]
    return _is_local(request) or bool(ticket and ticket.kind == "service") or request.user.is_staff


def _is_local(request: HttpRequest) -> bool:
    if any(header in request.headers for header in FORWARDED_HEADERS):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # A Unix socket: whoever is behind it, a proxy most likely.
        return False
