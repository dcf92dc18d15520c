"""The one door out. Nothing leaves before the transaction that caused it has committed, and no caller fails with a
broker that is away."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from quiz.live import backend, removals
from quiz.live.clock import now_ms
from quiz.live.destinations import check
from quiz.live.errors import BrokerError
from quiz.live.messages import Message
from quiz.live.models import Channel, Cut, Event


def publish(destination: str, type: str, data: dict[str, Any], *, at: int | None = None) -> Event:
    """Keep an event under the destination's next ``seq`` and send it after commit.

    ``at`` is when it happened, in ms, by default now. A broker that is away changes nothing here: the row waits for
    ``drain``. The destination stays locked until the transaction ends, so transactions that publish to several should
    take them in one fixed order. Raises ``DestinationError`` or ``MessageError`` for what no broker would take.
    """
    check(destination)
    at = now_ms() if at is None else at
    with transaction.atomic():
        message = Message(destination, type, data, at, seq=Channel.objects.next_seq(destination))
        event = Event.objects.create(destination=destination, seq=message.seq, type=type, payload=data, at=at)
        transaction.on_commit(partial(_send_kept, event.pk, message), robust=True)
    return event


def send(destination: str, type: str, data: dict[str, Any]) -> None:
    """Send after commit, once, without keeping it: for what can be read again from rows (counts, personal results)."""
    send_many([(destination, type, data)])


def send_many(messages: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """Like ``send`` for many ``(destination, type, data)`` at once, of which the broker confirms only the last."""
    at = now_ms()
    batch = [Message(destination, type, data, at) for destination, type, data in messages]
    if batch:
        transaction.on_commit(partial(_send_unkept, batch), robust=True)


def cut(subject: str) -> None:
    """Have the broker, after commit, end this subject's connections and take its tickets of until now no more.

    A broker that is away hears of it when it is back.
    """
    cut = Cut.objects.note(subject, now_ms())
    transaction.on_commit(partial(removals.tell, cut), robust=True)


def _send_kept(event_id: int, message: Message) -> None:
    try:
        backend.deliver([message])
    except BrokerError:
        return  # Logged where it was noticed; the row waits for the drain.
    Event.objects.filter(pk=event_id).update(published_at=now_ms())


def _send_unkept(batch: Sequence[Message]) -> None:
    try:
        backend.deliver(batch)
    except BrokerError:
        return  # Logged where it was noticed; a page that misses such a message reads the state.
