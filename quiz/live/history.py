"""Reading what was published, for snapshots and for pages that missed something; and forgetting it."""

from collections.abc import Collection, Sequence

from quiz.live.models import BrokerLogin, Channel, Cut, Event

# Events of one catch-up answer: about a whole game, and below 1 MB with usual payloads.
MAX_EVENTS = 200

# Older versions of SQLite take no more than a thousand values in one statement.
NAMES_A_STATEMENT = 500


def last_seq(destination: str) -> int:
    """The newest number of the destination, 0 when nothing was ever published there."""
    return Channel.objects.filter(destination=destination).values_list("last_seq", flat=True).first() or 0


def events_after(destination: str, seq: int, limit: int = MAX_EVENTS) -> list[Event]:
    """The events that follow ``seq``, in order, at most ``limit`` of them."""
    return list(Event.objects.filter(destination=destination, seq__gt=seq).order_by("seq")[: min(limit, MAX_EVENTS)])


def events_of(destination: str, types: Collection[str]) -> list[Event]:
    """All events of those types, in order."""
    return list(Event.objects.filter(destination=destination, type__in=types).order_by("seq"))


def forget(destinations: Sequence[str], subjects: Sequence[str]) -> int:
    """Delete the events of destinations, and what is known of subjects whose tickets have ended; how many events.

    A destination's last number stays, so that a page that is still open somewhere does not take it for a new one.
    """
    for start in range(0, len(subjects), NAMES_A_STATEMENT):
        some = subjects[start : start + NAMES_A_STATEMENT]
        Cut.objects.filter(subject__in=some).delete()
        BrokerLogin.objects.filter(subject__in=some).delete()
    events, _ = Event.objects.filter(destination__in=destinations).delete()
    return events
