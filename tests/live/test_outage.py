"""The real broker, as a process of its own: what is published arrives, also when the broker was away."""

import signal

import pytest

from quiz import live
from quiz.live import broker
from quiz.live.errors import BrokerUnavailable
from quiz.live.messages import MAX_BODY_BYTES, Message
from quiz.live.models import Event
from tests.live.realbroker import Subscriber

pytestmark = pytest.mark.django_db(transaction=True)

STATUS = "/games/7/status"


def test_published_event_arrives_and_is_marked(real):
    player = Subscriber(real.port, "player:5", STATUS)
    event = live.publish(STATUS, "question.opened", {"text": "È vero? 😀"})
    assert player.envelopes(1) == [event.envelope()]
    assert not Event.objects.filter(published_at=None).exists()


def test_what_was_published_without_a_broker_arrives_when_it_is_back(real):
    live.publish(STATUS, "game.started", {}, at=1)
    real.stop()
    for n in range(3):
        live.publish(STATUS, "question.opened", {"n": n}, at=1)
    live.send(STATUS, "counts.changed", {})
    assert live.drain() == 0
    assert Event.objects.filter(published_at=None).count() == 3

    real.start()
    player = Subscriber(real.port, "player:5", STATUS)
    assert live.drain() == 3
    assert [envelope["seq"] for envelope in player.envelopes(3)] == [2, 3, 4]
    assert not Event.objects.filter(published_at=None).exists()


def test_frozen_broker_fails_deliveries_and_serves_again_after_it_thawed(real, impatient):
    live.publish(STATUS, "game.started", {})
    real.process.send_signal(signal.SIGSTOP)
    with impatient():
        live.publish(STATUS, "question.opened", {}, at=1)
    assert Event.objects.filter(published_at=None).count() == 1
    real.process.send_signal(signal.SIGCONT)
    assert any(live.drain() for _ in range(100))
    assert not Event.objects.filter(published_at=None).exists()


def test_a_thousand_personal_messages_arrive(real):
    player = Subscriber(real.port, "player:999", "/players/999")
    live.send_many((f"/players/{n}", "player.result", {"points": n}) for n in range(1000))
    [envelope] = player.envelopes(1)
    assert (envelope["seq"], envelope["data"]) == (0, {"points": 999})


def test_largest_body_passes_the_broker(real):
    live.publish(STATUS, "t", {"text": "x" * (MAX_BODY_BYTES - 100)})
    assert not Event.objects.filter(published_at=None).exists()


def test_cut_ends_the_subjects_connections_and_no_others(real):
    kicked, other = Subscriber(real.port, "player:5", STATUS), Subscriber(real.port, "player:6", STATUS)
    live.cut("player:5")
    live.publish(STATUS, "player.removed", {})
    frames = [kicked.frame(), kicked.frame()]
    assert frames[-1] == "closed"
    assert not frames[0].startswith("MESSAGE")
    assert other.envelopes(1)[0]["type"] == "player.removed"


def test_who_was_removed_while_the_broker_was_away_is_put_out_when_it_is_back(real):
    real.stop()
    live.cut("player:5")
    real.start()
    back, other = Subscriber(real.port, "player:5", STATUS), Subscriber(real.port, "player:6", STATUS)
    live.drain()
    assert [back.frame(), back.frame()][-1] == "closed"
    live.publish(STATUS, "player.removed", {})
    assert other.envelopes(1)[0]["type"] == "player.removed"


def test_wrong_passcode_names_the_settings(real, settings):
    settings.STOMP_PASSCODE = "guessed"
    with pytest.raises(BrokerUnavailable, match="STOMP_LOGIN and STOMP_PASSCODE"):
        broker.deliver([Message(STATUS, "game.started", {}, at=1)])
