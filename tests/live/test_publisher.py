"""publisher.py: kept and unkept messages leave after commit and never fail their caller."""

import pytest
from django.db import transaction

from quiz import live
from quiz.live.errors import BrokerUnavailable, DestinationError, MessageError
from quiz.live.messages import MAX_BODY_BYTES, MAX_TYPE_LENGTH
from quiz.live.models import Event

pytestmark = pytest.mark.django_db

STATUS = "/games/7/status"


@pytest.fixture
def broker_down(settings):
    settings.LIVE_BACKEND = f"{__name__}.nobody_there"


def nobody_there(messages):
    raise BrokerUnavailable("nobody there")


def test_published_event_leaves_in_its_envelope_and_is_marked(committed, outbox):
    with committed():
        event = live.publish(STATUS, "question.opened", {"question": {"text": "È vero? 😀"}}, at=1_763_665_000_123)
    [message] = outbox
    assert message.destination == STATUS
    assert message.body.decode() == (
        '{"v":1,"type":"question.opened","seq":1,"at":1763665000123,"data":{"question":{"text":"È vero? 😀"}}}'
    )
    event.refresh_from_db()
    assert event.published_at >= event.at
    assert event.envelope() == message.envelope


def test_nothing_leaves_before_the_commit(committed, outbox):
    with committed():
        live.publish(STATUS, "game.started", {})
        live.send(STATUS, "counts.changed", {})
        assert outbox == []
    assert [message.type for message in outbox] == ["game.started", "counts.changed"]


def test_rolled_back_event_leaves_no_row_no_gap_and_no_message(committed, outbox):
    with committed():
        live.publish(STATUS, "game.started", {})
        with transaction.atomic():
            live.publish(STATUS, "question.opened", {})
            transaction.set_rollback(True)
        live.publish(STATUS, "question.closed", {})
    assert [(message.seq, message.type) for message in outbox] == [(1, "game.started"), (2, "question.closed")]
    assert live.last_seq(STATUS) == 2


def test_each_destination_counts_for_itself(committed, outbox):
    with committed():
        for destination in (STATUS, "/games/8/status", STATUS):
            live.publish(destination, "game.started", {})
    assert [(message.destination, message.seq) for message in outbox] == [
        (STATUS, 1),
        ("/games/8/status", 1),
        (STATUS, 2),
    ]


def test_broker_that_is_down_leaves_the_event_in_the_outbox(committed, broker_down):
    with committed():
        event = live.publish(STATUS, "game.started", {})
    event.refresh_from_db()
    assert event.published_at is None


def test_broker_that_is_down_fails_no_sender_of_unkept_messages(committed, broker_down):
    with committed():
        live.send("/players/5", "player.result", {})
    assert not Event.objects.exists()


def test_a_thousand_unkept_messages_leave_as_one_batch(committed, settings):
    settings.LIVE_BACKEND = f"{__name__}.count_batch"
    batches.clear()
    with committed():
        live.send_many((f"/players/{n}", "player.result", {"me": {"points": n}}) for n in range(1000))
    [batch] = batches
    assert len(batch) == 1000
    assert {message.seq for message in batch} == {0}


batches: list = []


def count_batch(messages):
    batches.append(messages)


def test_nothing_to_send_asks_nothing_of_the_broker(committed, broker_down):
    with committed() as callbacks:
        live.send_many([])
    assert callbacks == []


@pytest.mark.parametrize(
    "destination", ["", "games", "/games/", "/games/*", "/a.b/c", "/a b", "/a\n", "/è", "/" + "x" * 200]
)
def test_name_that_some_broker_cannot_carry_is_refused_and_changes_nothing(destination):
    with pytest.raises(DestinationError):
        live.publish(destination, "game.started", {})
    with pytest.raises(DestinationError):
        live.send(destination, "game.started", {})
    assert not Event.objects.exists()
    assert live.last_seq(destination) == 0


@pytest.mark.parametrize("data", [{"n": float("nan")}, {"when": object()}, {"text": "\ud800"}])
def test_data_that_is_not_json_is_refused_and_changes_nothing(data):
    with pytest.raises(MessageError):
        live.publish(STATUS, "game.started", data)
    assert live.last_seq(STATUS) == 0


def test_type_above_the_limit_is_refused_and_changes_nothing():
    assert live.publish(STATUS, "t" * MAX_TYPE_LENGTH, {}).seq == 1
    with pytest.raises(MessageError, match="longer than 100 characters"):
        live.publish(STATUS, "t" * (MAX_TYPE_LENGTH + 1), {})
    assert live.last_seq(STATUS) == 1


def test_body_above_the_limit_is_refused(committed, outbox):
    shell = len(b'{"v":1,"type":"t","seq":1,"at":1,"data":{"text":""}}')
    with committed():
        live.publish(STATUS, "t", {"text": "x" * (MAX_BODY_BYTES - shell)}, at=1)
    assert len(outbox[0].body) == MAX_BODY_BYTES
    with pytest.raises(MessageError, match="1000001 bytes, 1000000 are allowed"):
        live.publish(STATUS, "t", {"text": "x" * (MAX_BODY_BYTES - shell + 1)}, at=1)


def test_data_changed_by_the_caller_after_publishing_leaves_as_it_was(committed, outbox):
    data = {"players": 1}
    with committed():
        live.publish(STATUS, "game.started", data)
        live.send(STATUS, "counts.changed", data)
        data["players"] = 2
    assert [b'"players":1' in message.body for message in outbox] == [True, True]


def test_cut_asks_the_broker_to_close_a_subjects_connections(committed, outbox):
    with committed():
        live.cut("player:5")
    [order] = outbox
    assert (order.destination, order.body) == ("/broker/control", b'{"cut":"player:5"}')
