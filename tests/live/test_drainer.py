"""drainer.py: what was left in the outbox goes out, in order, whoever drains."""

import pytest

from quiz import live
from quiz.live import drainer
from quiz.live.errors import BrokerRefused, BrokerUnavailable
from quiz.live.models import Channel, Event

pytestmark = pytest.mark.django_db

STATUS = "/games/7/status"
NOW = 1_763_665_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Milliseconds that drainers read; a test moves it by hand."""
    now = [NOW]
    monkeypatch.setattr("quiz.live.drainer.now_ms", lambda: now[0])
    return now


def left_behind(destination, count, at=NOW - 1000):
    """Events whose process died between commit and send."""
    for _ in range(count):
        live.publish(destination, "game.started", {}, at=at)


def sent(outbox):
    return [(message.destination, message.seq) for message in outbox]


def test_drain_sends_oldest_first_and_marks_each(outbox):
    left_behind(STATUS, 3)
    assert live.drain() == 3
    assert sent(outbox) == [(STATUS, 1), (STATUS, 2), (STATUS, 3)]
    assert not Event.objects.exclude(published_at=NOW).exists()
    assert live.drain() == 0


def test_event_that_was_just_published_is_left_to_its_own_process(outbox, clock):
    left_behind(STATUS, 1, at=NOW - drainer.GRACE_MS + 1)
    assert live.drain() == 0
    clock[0] += 1
    assert live.drain() == 1


def test_more_than_one_batch_is_sent_in_one_drain(outbox):
    left_behind(STATUS, drainer.BATCH_EVENTS + 1)
    assert live.drain() == drainer.BATCH_EVENTS + 1
    assert sent(outbox) == [(STATUS, seq) for seq in range(1, drainer.BATCH_EVENTS + 2)]


def test_destination_that_another_process_drains_is_left_to_it_until_its_lease_ends(outbox, clock):
    left_behind(STATUS, 1)
    left_behind("/games/8/status", 1)
    assert Channel.objects.lease(STATUS, NOW, NOW + drainer.LEASE_MS)
    assert live.drain() == 1
    assert sent(outbox) == [("/games/8/status", 1)]
    clock[0] += drainer.LEASE_MS
    assert live.drain() == 1


def test_lease_is_not_given_twice_and_is_released_by_its_holder_only():
    left_behind(STATUS, 1)
    assert Channel.objects.lease(STATUS, NOW, NOW + 5000)
    assert not Channel.objects.lease(STATUS, NOW + 4999, NOW + 9999)
    Channel.objects.release(STATUS, until=NOW + 4000)
    assert not Channel.objects.lease(STATUS, NOW + 4999, NOW + 9999)
    Channel.objects.release(STATUS, until=NOW + 5000)
    assert Channel.objects.lease(STATUS, NOW + 1, NOW + 9999)


def away(messages):
    raise BrokerUnavailable("nobody there")


def refuses_seven(messages):
    if messages[0].destination == STATUS:
        raise BrokerRefused("access-refused")


def test_events_stay_while_the_broker_is_away_and_go_when_it_is_back(outbox, settings):
    left_behind(STATUS, 2)
    settings.LIVE_BACKEND = f"{__name__}.away"
    assert live.drain() == 0
    settings.LIVE_BACKEND = "quiz.live.memory.deliver"
    assert live.drain() == 2


def test_refused_destination_hinders_no_other_and_is_not_offered_again_at_once(settings, outbox, clock):
    left_behind(STATUS, 1)
    left_behind("/games/8/status", 1)
    settings.LIVE_BACKEND = f"{__name__}.refuses_seven"
    assert live.drain() == 1
    assert Event.objects.get(published_at=None).destination == STATUS
    settings.LIVE_BACKEND = "quiz.live.memory.deliver"
    assert live.drain() == 0
    clock[0] += drainer.LEASE_MS
    assert live.drain() == 1
