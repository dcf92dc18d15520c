"""Threads at once on real rows: numbers without gaps, one drainer for each destination."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from quiz import live
from quiz.live.models import Channel, Event

pytestmark = pytest.mark.django_db(transaction=True)

STATUS = "/games/7/status"
THREADS = 8


def at_once(task, arguments):
    """Run the task in threads, one for each argument, and give the results in order."""

    def run(argument):
        try:
            return task(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, arguments))


def test_publishers_at_once_get_numbers_without_gaps_or_doubles(outbox):
    def publish(n):
        with transaction.atomic():
            event = live.publish(STATUS, "game.started", {"n": n})
            transaction.set_rollback(n % 5 == 0)
        return event.seq if n % 5 else None

    taken = at_once(publish, range(100))
    kept = sorted(seq for seq in taken if seq)
    assert kept == list(range(1, 81))
    assert [event.seq for event in live.events_after(STATUS, 0)] == kept
    assert live.last_seq(STATUS) == 80
    assert sorted(message.seq for message in outbox) == kept


def test_reader_never_sees_a_gap():
    def publish_or_read(n):
        if n % 2:
            live.publish(STATUS, "game.started", {})
            return []
        return [event.seq for event in live.events_after(STATUS, 0)]

    for seen in at_once(publish_or_read, range(100)):
        assert seen == list(range(1, len(seen) + 1))


def test_drainers_at_once_send_each_event_once(outbox):
    for n in range(4):
        for _ in range(5):
            live.publish(f"/games/{n}/status", "game.started", {}, at=1)
    Event.objects.update(published_at=None)
    outbox.clear()
    assert sum(at_once(lambda _: live.drain(), range(THREADS))) == 20
    assert len(outbox) == 20
    assert not Event.objects.filter(published_at=None).exists()
    assert not Channel.objects.exclude(drained_until=0).exists()
