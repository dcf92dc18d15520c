"""Queues: one consumer for each message, nothing lost, everything in order, on any of CoilMQ's stores."""

import pytest
from coilmq.scheduler import FavorReliableSubscriberScheduler, RandomQueueScheduler
from coilmq.store.dbm import DbmQueue
from coilmq.store.memory import MemoryQueue
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from stomp_broker.consumers import MAX_UNACKNOWLEDGED
from stomp_broker.errors import RemoteError
from stomp_broker.events import AckMode, Subscription
from stomp_broker.frames import Version
from stomp_broker.messages import Message, Shape
from stomp_broker.queues import MESSAGE_BYTES, Queues
from tests.stomp_broker.clients import frames_in


class FirstSubscriber:
    """Chooses who subscribed first, so that a test knows."""

    def choice(self, subscribers, message):
        return subscribers[0]


class Worker:
    """A connection that consumes. ``got`` are (message id, redelivered, body) in the order in which they came."""

    def __init__(self, ready=True):
        self.ready = ready
        self.got = []
        self.frames = []

    def deliver(self, frame):
        [message] = frames_in(frame)
        self.frames.append(message)
        self.got.append((message.headers["message-id"], "redelivered" in message.headers, message.body))

    @property
    def ids(self):
        return [message_id for message_id, _redelivered, _body in self.got]


def make_queues(store=None, scheduler=None):
    return Queues(store or MemoryQueue(), scheduler or FirstSubscriber(), RandomQueueScheduler())


@pytest.fixture
def queues():
    return make_queues()


def message(number, destination="/queue/a", **headers):
    return Message(
        {"destination": destination, "message-id": f"Q{number}", "sender": "player:1"} | headers, b"%d" % number
    )


def send(queues, *numbers, destination="/queue/a"):
    for number in numbers:
        queues.send(message(number, destination))


def subscription(ack="client", id="0", destination="/queue/a"):
    return Subscription(id, destination, AckMode(ack))


def subscribe(queues, worker, *arguments, **keywords):
    wanted = subscription(*arguments, **keywords)
    queues.subscribe(worker, wanted, Shape.of(wanted, Version.V12))
    return wanted


@pytest.fixture
def room_for_three(monkeypatch):
    each = message(1)
    bytes_each = len(each.body) + sum(map(len, [*each.headers.keys(), *each.headers.values()]))
    monkeypatch.setattr("stomp_broker.queues.MAX_WAITING_BYTES", 3 * (bytes_each + MESSAGE_BYTES))


class TestLimit:
    def test_a_queue_that_nobody_reads_takes_so_much_and_no_more(self, queues, room_for_three):
        send(queues, 1, 2, 3)
        with pytest.raises(RemoteError, match="queue-full"):
            send(queues, 4)
        send(queues, 5, destination="/queue/b")
        worker = Worker()
        subscribe(queues, worker)
        assert worker.ids == ["Q1", "Q2", "Q3"]

    def test_a_queue_that_is_read_takes_as_much_as_comes(self, queues, room_for_three):
        worker = Worker()
        subscribe(queues, worker, ack="auto")
        send(queues, *range(1, 10))
        assert len(worker.got) == 9

    def test_what_was_taken_makes_room(self, queues, room_for_three):
        send(queues, 1, 2, 3)
        worker = Worker()
        queues.unsubscribe(worker, subscribe(queues, worker, ack="auto"))
        send(queues, 4, 5, 6)
        with pytest.raises(RemoteError):
            send(queues, 7)


class TestDelivery:
    def test_what_waited_comes_in_order_at_subscribe_and_what_is_new_after_it(self, queues):
        send(queues, 1, 2)
        worker = Worker()
        subscribe(queues, worker)
        send(queues, 3)
        assert worker.got == [("Q1", False, b"1"), ("Q2", False, b"2"), ("Q3", False, b"3")]

    def test_each_message_goes_to_one_consumer_only(self):
        queues = make_queues(scheduler=FavorReliableSubscriberScheduler())
        workers = [Worker() for _ in range(3)]
        for worker in workers:
            subscribe(queues, worker)
        send(queues, *range(100))
        assert sorted(worker_id for worker in workers for worker_id in worker.ids) == sorted(
            f"Q{n}" for n in range(100)
        )

    def test_coilmqs_scheduler_prefers_those_who_acknowledge(self):
        queues = make_queues(scheduler=FavorReliableSubscriberScheduler())
        careless, careful = Worker(), Worker()
        subscribe(queues, careless, "auto")
        subscribe(queues, careful, "client")
        send(queues, *range(20))
        assert len(careful.got) == 20

    def test_queues_do_not_mix(self, queues):
        worker = Worker()
        subscribe(queues, worker)
        send(queues, 1, destination="/queue/b")
        assert worker.got == []

    def test_a_consumer_with_auto_has_acknowledged_at_once(self, queues):
        worker = Worker()
        subscribe(queues, worker, "auto")
        send(queues, 1)
        assert not queues.awaits(worker, "Q1", None)
        queues.forget(worker)
        other = Worker()
        subscribe(queues, other)
        assert other.got == []

    def test_the_senders_headers_and_an_empty_body_come_through_the_store(self, queues):
        queues.send(Message({"destination": "/queue/a", "message-id": "Q1", "sender": "player:1", "x": "y"}, b""))
        worker = Worker()
        subscribe(queues, worker)
        [frame] = worker.frames
        assert frame.headers == {
            "subscription": "0", "ack": "Q1", "destination": "/queue/a", "message-id": "Q1",
            "sender": "player:1", "x": "y", "content-length": "0",
        }  # fmt: skip
        assert frame.body == b""

    def test_nothing_is_delivered_to_a_connection_that_cannot_take_it_until_it_can(self, queues):
        worker = Worker(ready=False)
        subscribe(queues, worker)
        subscribe(queues, worker, id="1", destination="/queue/b")
        send(queues, 1, 2)
        send(queues, 3, destination="/queue/b")
        assert worker.got == []
        worker.ready = True
        queues.resume(worker)
        assert sorted(worker.ids) == ["Q1", "Q2", "Q3"]

    def test_no_more_than_the_window_is_under_way_to_a_consumer(self, queues):
        worker = Worker()
        subscribe(queues, worker)
        send(queues, *range(MAX_UNACKNOWLEDGED + 2))
        assert len(worker.got) == MAX_UNACKNOWLEDGED
        queues.ack(worker, "Q0", None)
        assert worker.ids[MAX_UNACKNOWLEDGED:] == [f"Q{MAX_UNACKNOWLEDGED}"]


class TestAcknowledgement:
    def test_client_acknowledges_everything_before_too(self, queues):
        worker = Worker()
        subscribe(queues, worker, "client")
        send(queues, 1, 2, 3)
        queues.ack(worker, "Q2", None)
        assert [queues.awaits(worker, f"Q{n}", None) for n in (1, 2, 3)] == [False, False, True]

    def test_client_individual_acknowledges_one(self, queues):
        worker = Worker()
        subscribe(queues, worker, "client-individual")
        send(queues, 1, 2, 3)
        queues.ack(worker, "Q2", None)
        assert [queues.awaits(worker, f"Q{n}", None) for n in (1, 2, 3)] == [True, False, True]

    def test_an_acknowledgement_concerns_one_subscription(self, queues):
        worker = Worker()
        subscribe(queues, worker, "client")
        subscribe(queues, worker, "client", id="1", destination="/queue/b")
        send(queues, 1)
        send(queues, 2, destination="/queue/b")
        queues.ack(worker, "Q2", "1")
        assert queues.awaits(worker, "Q1", "0")
        assert not queues.awaits(worker, "Q1", "1")

    def test_nobody_acknowledges_for_another(self, queues):
        worker, other = Worker(), Worker()
        subscribe(queues, worker)
        subscribe(queues, other)
        send(queues, 1)
        assert not queues.awaits(other, "Q1", None)
        queues.ack(other, "Q1", None)
        assert queues.awaits(worker, "Q1", None)

    def test_nack_gives_back_to_another_marked(self, queues):
        worker, other = Worker(), Worker()
        worker_subscription = subscribe(queues, worker, "client-individual")
        subscribe(queues, other)
        send(queues, 1, 2)
        worker.ready = False
        queues.nack(worker, "Q1", worker_subscription.id)
        assert other.got == [("Q1", True, b"1")]

    def test_to_acknowledge_twice_changes_nothing(self, queues):
        worker = Worker()
        subscribe(queues, worker, "client-individual")
        send(queues, 1)
        queues.ack(worker, "Q1", None)
        queues.ack(worker, "Q1", None)
        queues.nack(worker, "Q1", None)
        assert worker.ids == ["Q1"]


class TestGivingBack:
    def test_a_lost_connection_gives_back_in_order_marked_and_before_the_rest(self, queues):
        worker, other = Worker(), Worker()
        subscribe(queues, worker, "client-individual")
        send(queues, 1, 2, 3, 4)
        worker.ready = False
        send(queues, 5)
        queues.ack(worker, "Q2", None)
        queues.forget(worker)
        subscribe(queues, other)
        assert other.got == [
            ("Q1", True, b"1"),
            ("Q3", True, b"3"),
            ("Q4", True, b"4"),
            ("Q5", False, b"5"),
        ]

    def test_two_lost_connections_give_back_in_the_order_of_the_queue(self, queues):
        workers = [Worker(), Worker()]
        for worker in workers:
            subscribe(queues, worker)
        for number in range(6):
            workers[0].ready = number % 2 == 0
            send(queues, number)
        queues.forget(workers[0])
        assert workers[1].ids == ["Q1", "Q3", "Q5", "Q0", "Q2", "Q4"]
        queues.forget(workers[1])
        heir = Worker()
        subscribe(queues, heir)
        assert heir.ids == [f"Q{number}" for number in range(6)]

    def test_unsubscribe_gives_back_what_was_not_acknowledged(self, queues):
        worker = Worker()
        first = subscribe(queues, worker)
        send(queues, 1)
        queues.unsubscribe(worker, first)
        assert not queues.awaits(worker, "Q1", None)
        subscribe(queues, worker, id="1")
        assert worker.got == [("Q1", False, b"1"), ("Q1", True, b"1")]

    def test_who_was_forgotten_gets_nothing_more(self, queues):
        worker = Worker()
        subscribe(queues, worker)
        queues.forget(worker)
        queues.forget(worker)
        send(queues, 1)
        assert worker.got == []

    def test_a_connection_that_ends_while_it_is_delivered_to_loses_nothing(self, queues):
        class Fragile(Worker):
            def deliver(self, frame):
                self.ready = False
                queues.forget(self)

        send(queues, 1, 2)
        subscribe(queues, Fragile())
        worker = Worker()
        subscribe(queues, worker)
        assert worker.got == [("Q1", True, b"1"), ("Q2", False, b"2")]


class TestStores:
    def test_what_is_under_way_survives_a_stop_in_a_store_that_keeps(self, tmp_path):
        queues = make_queues(DbmQueue(str(tmp_path)))
        worker = Worker()
        subscribe(queues, worker)
        send(queues, 1, 2, 3)
        queues.ack(worker, "Q1", None)
        worker.ready = False
        send(queues, 4)
        queues.close()
        again = make_queues(DbmQueue(str(tmp_path)))
        heir = Worker()
        subscribe(again, heir)
        assert heir.got == [("Q2", True, b"2"), ("Q3", True, b"3"), ("Q4", False, b"4")]
        again.close()

    def test_a_store_may_name_its_queues_in_bytes_as_redis_does(self):
        class Redis(MemoryQueue):
            def destinations(self):
                return {name.encode() for name in super().destinations()}

        queues = make_queues(Redis())
        send(queues, 1)
        worker = Worker(ready=False)
        subscribe(queues, worker)
        [state] = queues.states()
        assert (state.destination, state.waiting, state.consumers) == ("/queue/a", 1, 1)


class QueueModel(RuleBasedStateMachine):
    """Whatever consumers do: a message is with one of them at most, ends when acknowledged, and is never lost."""

    workers = Bundle("workers")

    def __init__(self):
        super().__init__()
        self.queues = make_queues(scheduler=FavorReliableSubscriberScheduler())
        self.sent = 0
        self.acknowledged = set()
        self.present = []

    @rule(number=st.integers(1, 5))
    def send(self, number):
        send(self.queues, *range(self.sent, self.sent + number))
        self.sent += number

    @rule(target=workers, ack=st.sampled_from(["client", "client-individual"]))
    def arrive(self, ack):
        worker = Worker()
        subscribe(self.queues, worker, ack)
        self.present.append(worker)
        return worker

    @rule(worker=workers, choice=st.integers(0, 100))
    def acknowledge(self, worker, choice):
        waiting = self.waiting(worker)
        if waiting:
            self.queues.ack(worker, waiting[choice % len(waiting)], None)
            self.acknowledged |= {*waiting} - {*self.waiting(worker)}

    @rule(worker=workers, choice=st.integers(0, 100))
    def refuse(self, worker, choice):
        waiting = self.waiting(worker)
        if waiting:
            self.queues.nack(worker, waiting[choice % len(waiting)], None)

    @rule(worker=workers, ready=st.booleans())
    def rest_or_wake(self, worker, ready):
        worker.ready = ready
        self.queues.resume(worker)

    @rule(worker=consumes(workers))
    def leave(self, worker):
        self.queues.forget(worker)
        self.present.remove(worker)

    def waiting(self, worker):
        return [each for each in dict.fromkeys(worker.ids) if self.queues.awaits(worker, each, None)]

    @invariant()
    def a_message_is_with_one_at_most_and_not_acknowledged(self):
        held = [message_id for worker in self.present for message_id in self.waiting(worker)]
        assert len(held) == len({*held})
        assert self.acknowledged.isdisjoint(held)

    def teardown(self):
        """All that was not acknowledged comes to an heir, in the order in which it was sent."""
        for worker in self.present:
            self.queues.forget(worker)
            worker.ready = False
        heir = Worker()
        subscribe(self.queues, heir)
        assert heir.ids == [f"Q{number}" for number in range(self.sent) if f"Q{number}" not in self.acknowledged]


TestQueueModel = QueueModel.TestCase
TestQueueModel.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
