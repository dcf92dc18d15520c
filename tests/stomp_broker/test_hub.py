"""Topics: who gets what, and that a broadcast is one object."""

import pytest

from stomp_broker.frames import Version
from stomp_broker.hub import Hub
from stomp_broker.messages import Message, Shape
from tests.stomp_broker.clients import frames_in

SHAPE = Shape("0", Version.V12, False)


class Reader:
    """Keeps the very objects that it was handed."""

    def __init__(self):
        self.frames = []

    def deliver(self, frame):
        self.frames.append(frame)


@pytest.fixture
def hub():
    return Hub()


def message(destination="/a", body=b"hi"):
    return Message({"destination": destination, "message-id": "T1", "sender": "service:web"}, body)


def test_a_message_goes_to_all_who_listen_there_and_nobody_else(hub):
    readers = [Reader() for _ in range(3)]
    hub.subscribe("/a", readers[0], SHAPE)
    hub.subscribe("/a", readers[1], SHAPE)
    hub.subscribe("/b", readers[2], SHAPE)
    assert hub.publish(message("/a")) == 2
    assert [len(reader.frames) for reader in readers] == [1, 1, 0]


def test_readers_of_one_shape_get_the_same_object(hub):
    readers = [Reader() for _ in range(100)]
    for reader in readers:
        hub.subscribe("/a", reader, SHAPE)
    hub.publish(message())
    assert len({id(reader.frames[0]) for reader in readers}) == 1


def test_readers_of_other_shapes_get_their_own(hub):
    shapes = [SHAPE, Shape("1", Version.V12, False), Shape("0", Version.V11, False), Shape("0", Version.V12, True)]
    readers = [Reader() for _ in shapes]
    for reader, shape in zip(readers, shapes, strict=True):
        hub.subscribe("/a", reader, shape)
    hub.publish(message())
    for reader, shape in zip(readers, shapes, strict=True):
        [frame] = frames_in(reader.frames[0], shape.version)
        assert frame.headers["subscription"] == shape.subscription_id
        assert ("ack" in frame.headers) == shape.is_acknowledged


def test_two_subscriptions_of_one_reader_get_one_each(hub):
    reader = Reader()
    hub.subscribe("/a", reader, SHAPE)
    hub.subscribe("/a", reader, Shape("1", Version.V12, False))
    assert hub.publish(message()) == 2
    assert [frames_in(frame)[0].headers["subscription"] for frame in reader.frames] == ["0", "1"]
    hub.unsubscribe("/a", reader, SHAPE)
    assert hub.publish(message()) == 1


def test_who_unsubscribed_or_was_forgotten_gets_nothing(hub):
    left, forgotten = Reader(), Reader()
    for destination in ("/a", "/b"):
        hub.subscribe(destination, left, SHAPE)
        hub.subscribe(destination, forgotten, SHAPE)
    hub.unsubscribe("/a", left, SHAPE)
    hub.forget(forgotten)
    assert hub.publish(message("/a")) == 0
    assert hub.publish(message("/b")) == 1
    assert not forgotten.frames


def test_nothing_is_left_of_those_who_left(hub):
    reader = Reader()
    hub.subscribe("/a", reader, SHAPE)
    hub.unsubscribe("/a", reader, SHAPE)
    hub.subscribe("/b", reader, SHAPE)
    hub.forget(reader)
    hub.forget(reader)
    assert not hub._topics
    assert not hub._places


def test_a_reader_may_leave_while_a_message_is_delivered(hub):
    class Leaver(Reader):
        def deliver(self, frame):
            super().deliver(frame)
            hub.forget(self)

    leavers = [Leaver() for _ in range(3)]
    for leaver in leavers:
        hub.subscribe("/a", leaver, SHAPE)
    hub.publish(message())
    hub.publish(message())
    assert [len(leaver.frames) for leaver in leavers] == [1, 1, 1]
