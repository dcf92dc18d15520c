"""Sending what a broker's absence, or a process's death, left in the outbox. Any number of processes may drain at once.

A drainer leases a destination for a moment instead of locking its rows, because it waits for the network while it
sends: a lock held that long would stop publishers, on SQLite all writers. A lease that outlives its holder ends by
itself. Whatever happens, a message may go out twice and consumers drop a ``seq`` that they have.
"""

from quiz.live import backend, removals
from quiz.live.clock import now_ms
from quiz.live.errors import BrokerRefused, BrokerUnavailable
from quiz.live.models import Channel, Event

# Milliseconds that the process which published has for itself, from commit to receipt, before others take over.
GRACE_MS = 500

# Milliseconds: longer than the slowest delivery (two connections, two receipts), short enough to wait for when a
# drainer dies.
LEASE_MS = 5_000

# Events of one delivery: bounds memory, and what is sent again when the connection breaks in the middle.
BATCH_EVENTS = 100


def drain() -> int:
    """Put out who has to go; send what was left unpublished, oldest first per destination.

    Gives the number of events that the broker took.
    """
    removals.drain()
    sent = 0
    waiting = Event.objects.filter(published_at=None, at__lte=now_ms() - GRACE_MS).order_by()
    for destination in waiting.values_list("destination", flat=True).distinct():
        try:
            sent += _drain_destination(destination)
        except BrokerRefused:
            continue  # Logged where it was noticed; one destination's trouble is not another's.
        except BrokerUnavailable:
            break
    return sent


def _drain_destination(destination: str) -> int:
    sent = 0
    while count := _drain_batch(destination):
        sent += count
    return sent


def _drain_batch(destination: str) -> int:
    """Send the oldest; 0 when nothing is left or another process is at it. A refused batch keeps the lease, so that it
    is not offered again at once."""
    now = now_ms()
    lease_end = now + LEASE_MS
    if not Channel.objects.lease(destination, now, lease_end):
        return 0
    try:
        sent = _send_oldest(destination)
    except BrokerUnavailable:
        Channel.objects.release(destination, lease_end)
        raise
    Channel.objects.release(destination, lease_end)
    return sent


def _send_oldest(destination: str) -> int:
    batch = list(Event.objects.filter(destination=destination, published_at=None).order_by("seq")[:BATCH_EVENTS])
    if batch:
        backend.deliver([event.message() for event in batch])
        Event.objects.filter(pk__in=[event.pk for event in batch]).update(published_at=now_ms())
    return len(batch)
