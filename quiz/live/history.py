"""Reading what was published: for snapshots and for pages that missed something."""

from quiz.live.models import Channel, Event

# Events of one catch-up answer: about a whole game, and below 1 MB with usual payloads.
MAX_EVENTS = 200


def last_seq(destination: str) -> int:
    """The newest number of the destination, 0 when nothing was ever published there."""
    return Channel.objects.filter(destination=destination).values_list("last_seq", flat=True).first() or 0


def events_after(destination: str, seq: int, limit: int = MAX_EVENTS) -> list[Event]:
    """The events that follow ``seq``, in order, at most ``limit`` of them."""
    return list(Event.objects.filter(destination=destination, seq__gt=seq).order_by("seq")[: min(limit, MAX_EVENTS)])
