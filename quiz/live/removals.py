"""Putting people out: no connection outlives its subject's cut, or its ticket, by more than a second.

Our broker, and the gate before ActiveMQ, obey an order and judge the end of tickets themselves. RabbitMQ knows no such
orders and no such end; there connections are ended over its management interface. What could not be done in one go,
because the broker was away or this process died, is done by whoever drains the outbox.
"""

from contextlib import suppress

from django.conf import settings

from quiz.live import backend, rabbitmq
from quiz.live.clock import now_ms
from quiz.live.errors import BrokerError, BrokerRefused, BrokerUnavailable
from quiz.live.messages import Order
from quiz.live.models import BrokerLogin, Cut

# Where services tell our broker what to do.
BROKER_CONTROL = "/broker/control"

# Milliseconds in which RabbitMQ may still let in whom we refuse by now, and whom we therefore put out once more:
# ``auth_cache.cache_ttl`` of deploy/rabbitmq, and what a question and its answer take.
REMEMBERED_MS = 3_000


def tell(cut: Cut) -> None:
    """Have the broker end this subject's connections. What fails is logged where it was noticed, and comes again."""
    with suppress(BrokerError):
        _tell(cut)


def drain() -> None:
    """Tell the broker of every cut that it has not been told of, and at RabbitMQ end what no ticket allows any more."""
    with suppress(BrokerUnavailable):
        for cut in Cut.objects.filter(told_at=None):
            with suppress(BrokerRefused):
                _tell(cut)
        if _is_rabbitmq():
            _close_expired()


def _tell(cut: Cut) -> None:
    now = now_ms()
    is_done = _close(cut.subject, cut.at, now) if _is_rabbitmq() else _order(cut.subject)
    if is_done:
        Cut.objects.filter(pk=cut.pk, at=cut.at).update(told_at=now)


def _is_rabbitmq() -> bool:
    return bool(settings.STOMP_DESTINATIONS == "rabbitmq")


def _order(subject: str) -> bool:
    backend.deliver([Order(BROKER_CONTROL, "cut", {"cut": subject}, now_ms())])
    return True


def _close(subject: str, since: int, now: int) -> bool:
    """End connections that are wrong since then; True when no other can be made any more."""
    rabbitmq.close_connections(subject)
    return now >= since + REMEMBERED_MS


def _close_expired() -> None:
    now = now_ms()
    for login in BrokerLogin.objects.filter(expires_at__lte=now):
        if _close(login.subject, login.expires_at, now):
            BrokerLogin.objects.filter(pk=login.pk, expires_at=login.expires_at).delete()
