"""Judges what browsers may do at RabbitMQ, which asks over HTTP (its plugin ``rabbitmq_auth_backend_http``).

A browser logs in with its ticket's subject and, as passcode, the ticket. RabbitMQ shows the ticket to :func:`user`
alone; its rights are kept in a row until its end, and the other three questions are answered from there. Every
question is a POST of form fields, every answer 200 with ``allow`` or ``deny``. What is not listed here is denied.

Whoever asks shows ``RABBITMQ_JUDGE_KEY`` in the path; for others there is nothing here.
"""

import hmac
import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from quiz.live import tickets
from quiz.live.clock import now_ms
from quiz.live.destinations import named
from quiz.live.errors import DestinationError, TicketError
from quiz.live.models import BrokerLogin, Cut
from quiz.live.settings import RABBITMQ_VIRTUAL_HOST

logger = logging.getLogger(__name__)

# Services have a login of RabbitMQ's own.
SUBJECT_KINDS = ("player", "user")

# The exchange behind /topic/….
TOPICS = "amq.topic"

# How RabbitMQ names the queue that it makes for one subscription to a topic; the rest of the name is random.
SUBSCRIPTION_QUEUE = "stomp-subscription-"

Judge = Callable[[QueryDict], bool]


def question(judge: Judge) -> Callable[[HttpRequest, str], HttpResponse]:
    """Make a view of what judges the fields of one question."""

    @csrf_exempt
    @require_POST
    @wraps(judge)
    def view(request: HttpRequest, key: str) -> HttpResponse:
        if not _is_key(key):
            raise Http404
        try:
            allowed = judge(request.POST)
        except DatabaseError:  # Django would log the path, and with it the key.
            logger.exception("A question of RabbitMQ was denied: the database is away")
            allowed = False
        return HttpResponse("allow" if allowed else "deny", content_type="text/plain")

    return view


@question
def user(fields: QueryDict) -> bool:
    """Is the password a ticket of whom the username says, and not from before a cut? Fields: username, password."""
    try:
        ticket = tickets.read(fields.get("password", ""))
    except TicketError:
        return False
    if ticket.kind not in SUBJECT_KINDS or ticket.subject != fields.get("username") or Cut.objects.voids(ticket):
        return False
    BrokerLogin.objects.keep(ticket)
    return True


@question
def vhost(fields: QueryDict) -> bool:
    """May they come in there? Fields: username, vhost."""
    return _login(fields) is not None and fields.get("vhost") == RABBITMQ_VIRTUAL_HOST


@question
def resource(fields: QueryDict) -> bool:
    """May they use that queue or exchange? Fields: username, vhost, resource, name, permission."""
    login = _login(fields)
    if login is None or fields.get("vhost") != RABBITMQ_VIRTUAL_HOST:
        return False
    name = fields.get("name", "")
    if fields.get("resource") == "queue":
        return name.startswith(SUBSCRIPTION_QUEUE)
    return fields.get("resource") == "exchange" and name == TOPICS and bool(_names(login, fields))


@question
def topic(fields: QueryDict) -> bool:
    """May they read or write that topic? Fields: username, vhost, name, permission, routing_key."""
    login = _login(fields)
    if login is None or fields.get("vhost") != RABBITMQ_VIRTUAL_HOST or fields.get("name") != TOPICS:
        return False
    try:
        return named(f"/topic/{fields.get('routing_key', '')}") in _names(login, fields)
    except DestinationError:  # A wildcard, most likely.
        return False


def _is_key(key: str) -> bool:
    right: str = settings.RABBITMQ_JUDGE_KEY
    return bool(right) and hmac.compare_digest(key.encode(), right.encode())


def _login(fields: QueryDict) -> BrokerLogin | None:
    return BrokerLogin.objects.valid(fields.get("username", ""), now_ms())


def _names(login: BrokerLogin, fields: QueryDict) -> list[str]:
    """Our names of what they may read or write, whichever is asked for."""
    rights: dict[str, list[str]] = {"read": login.read, "write": login.write}
    return rights.get(fields.get("permission", ""), [])
