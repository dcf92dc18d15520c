"""Topics: who gets what, in which order, and that a broadcast is one object."""

from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from stomp_broker import hub as hub_module
from stomp_broker.frames import Version
from stomp_broker.hub import MAX_PENDING_BYTES, SLICE, Hub
from stomp_broker.messages import Shape, encode_message
from stomp_broker.rounds import MAX_HOLES, MAX_JOINED_BYTES
from tests.stomp_broker.clients import frames_in
from tests.stomp_broker.readers import OTHER_SHAPE, SHAPE, Reader, message, run


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def readers(hub):
    """Makes so many, subscribed to a destination."""

    def make(number, destination="/a"):
        made = [Reader(hub) for _ in range(number)]
        for reader in made:
            hub.subscribe(destination, reader, SHAPE)
        return made

    return make


def test_a_message_goes_to_all_who_listen_there_and_nobody_else(hub, readers):
    here, there = readers(2), readers(1, "/b")
    assert hub.publish(message("/a")) == 2
    run(hub)
    assert [len(reader.frames) for reader in here + there] == [1, 1, 0]


def test_a_message_for_nobody_asks_for_no_turn(hub):
    woken = []
    hub.wake = partial(woken.append, 1)
    assert hub.publish(message()) == 0
    assert not woken


def test_readers_of_one_shape_get_the_same_object(hub, readers):
    made = readers(100)
    for _ in range(3):
        hub.publish(message())
    run(hub)
    assert len({id(reader.frames[0]) for reader in made}) == 1


def test_readers_of_other_shapes_get_their_own(hub):
    shapes = [SHAPE, OTHER_SHAPE, Shape("0", Version.V11, False), Shape("0", Version.V12, True)]
    readers = [Reader(hub) for _ in shapes]
    for reader, shape in zip(readers, shapes, strict=True):
        hub.subscribe("/a", reader, shape)
    hub.publish(message())
    run(hub)
    for reader, shape in zip(readers, shapes, strict=True):
        [frame] = frames_in(reader.frames[0], shape.version)
        assert frame.headers["subscription"] == shape.subscription_id
        assert ("ack" in frame.headers) == shape.is_acknowledged


def test_two_subscriptions_of_one_reader_get_one_each(hub):
    reader = Reader(hub)
    hub.subscribe("/a", reader, SHAPE)
    hub.subscribe("/a", reader, OTHER_SHAPE)
    assert hub.publish(message()) == 2
    run(hub)
    assert [frames_in(frame)[0].headers["subscription"] for frame in reader.frames] == ["0", "1"]
    hub.unsubscribe("/a", reader, SHAPE)
    assert hub.publish(message()) == 1


def test_who_looks_sees_how_many_listen_where(hub, readers):
    readers(2)
    readers(1, "/b")
    hub.subscribe("/a", Reader(hub), OTHER_SHAPE)
    assert hub.subscribers() == {"/a": 3, "/b": 1}
    assert hub.has_subscribers("/b")
    assert not hub.has_subscribers("/c")


def test_who_unsubscribed_or_was_forgotten_gets_nothing(hub):
    left, forgotten = Reader(hub), Reader(hub)
    for destination in ("/a", "/b"):
        hub.subscribe(destination, left, SHAPE)
        hub.subscribe(destination, forgotten, SHAPE)
    hub.unsubscribe("/a", left, SHAPE)
    hub.forget(forgotten)
    assert hub.publish(message("/a")) == 0
    assert hub.publish(message("/b")) == 1
    assert not forgotten.frames


def test_nothing_is_left_of_those_who_left(hub):
    reader = Reader(hub)
    hub.subscribe("/a", reader, SHAPE)
    hub.unsubscribe("/a", reader, SHAPE)
    hub.subscribe("/b", reader, SHAPE)
    hub.publish(message("/b"))
    hub.forget(reader)
    hub.forget(reader)
    run(hub)
    assert not hub._topics
    assert not any(hub._groups.values())
    assert hub._pending_bytes == 0


def test_a_reader_may_leave_while_a_message_is_delivered(hub):
    class Leaver(Reader):
        def keep(self, data):
            hub.forget(self)

    leavers = [Leaver(hub, room=0) for _ in range(3)]
    stayer = Reader(hub)
    for reader in (*leavers, stayer):
        hub.subscribe("/a", reader, SHAPE)
    hub.publish(message(body=b"1"))
    run(hub)
    assert hub.publish(message(body=b"2")) == 1
    run(hub)
    assert stayer.bodies() == [b"1", b"2"]


def test_one_whose_send_fails_is_told_to_keep_and_the_others_go_on(hub, readers):
    class Broken(Reader):
        def _take(self, data):
            raise ConnectionResetError

    broken, sound = Broken(hub), readers(2)
    hub.subscribe("/a", broken, SHAPE)
    hub.publish(message())
    run(hub)
    assert len(broken.waiting) == 1
    assert [reader.bodies() for reader in sound] == [[b"hi"]] * 2


def test_what_follows_from_a_slow_reader_in_the_middle_of_a_round_hands_nothing_over_twice(hub, readers):
    class Chatty(Reader):
        def keep(self, data):
            super().keep(data)
            for reader in made:
                reader.say(encode_message(message(body=b"cut"), SHAPE))

    made = readers(3)
    hub.subscribe("/a", Chatty(hub, room=0), SHAPE)
    made += readers(3)
    hub.publish(message())
    run(hub)
    assert [reader.bodies() for reader in made] == [[b"hi", b"cut"]] * 6


class TestSlices:
    def test_a_turn_makes_no_more_deliveries_than_a_slice(self, hub, readers):
        made = readers(2 * SLICE)
        hub.publish(message())
        hub.run()
        assert sum(len(reader.frames) for reader in made) == SLICE
        assert run(hub) == 1

    def test_many_small_rounds_share_a_turn(self, hub, readers):
        for number in range(10):
            readers(1, f"/players/{number}")
            hub.publish(message(f"/players/{number}"))
        assert run(hub) == 1

    def test_nobody_is_always_last(self, hub, readers):
        made = readers(2 * SLICE)
        firsts = []
        for _ in range(4):
            hub.publish(message())
            hub.run()
            firsts.append(next(place for place, reader in enumerate(made) if reader.frames))
            run(hub)
            for reader in made:
                reader.frames.clear()
        assert len(set(firsts)) > 1

    def test_the_hub_is_woken_once_and_then_after_each_slice_that_leaves_something(self, hub, readers):
        woken = []
        hub.wake = partial(woken.append, 1)
        readers(SLICE + 1)
        hub.publish(message())
        hub.publish(message())
        assert len(woken) == 1
        hub.run()
        assert len(woken) == 2
        hub.run()
        assert len(woken) == 2


class TestJoining:
    def test_messages_of_a_turn_to_one_destination_go_out_as_one_piece(self, hub, readers):
        [reader] = readers(1)
        for body in (b"1", b"2", b"3"):
            hub.publish(message(body=body))
        run(hub)
        assert len(reader.frames) == 1
        assert reader.bodies() == [b"1", b"2", b"3"]

    def test_only_neighbours_are_joined(self, hub):
        reader = Reader(hub)
        for destination in ("/a", "/b"):
            hub.subscribe(destination, reader, SHAPE)
        for number, destination in enumerate(("/a", "/b", "/b", "/a")):
            hub.publish(message(destination, b"%d" % number))
        run(hub)
        assert len(reader.frames) == 3
        assert reader.bodies() == [b"0", b"1", b"2", b"3"]

    def test_no_more_is_joined_than_a_buffer_takes(self, hub, readers):
        [reader] = readers(1)
        body = bytes(MAX_JOINED_BYTES // 3)
        for _ in range(4):
            hub.publish(message(body=body))
        run(hub)
        assert [len(frames_in(frame)) for frame in reader.frames] == [2, 2]

    def test_what_has_begun_to_go_out_is_joined_by_nothing(self, hub, readers):
        made = readers(SLICE + 1)
        hub.publish(message(body=b"1"))
        hub.run()
        hub.publish(message(body=b"2"))
        run(hub)
        assert all(reader.bodies() == [b"1", b"2"] for reader in made)

    def test_what_is_published_while_a_round_is_under_way_is_joined_until_its_own_begins(self, hub, readers):
        made = readers(2 * SLICE)
        for number in range(4):
            hub.publish(message(body=b"%d" % number))
            hub.run()
        run(hub)
        assert all(reader.bodies() == [b"0", b"1", b"2", b"3"] for reader in made)
        assert [len(reader.frames) for reader in made] == [3] * len(made)

    def test_who_comes_in_between_gets_what_is_published_from_then_on(self, hub, readers):
        readers(1)
        hub.publish(message(body=b"1"))
        [late] = readers(1)
        hub.publish(message(body=b"2"))
        run(hub)
        assert late.bodies() == [b"2"]


class TestOrder:
    def test_what_is_said_to_one_comes_after_what_was_published_before(self, hub, readers):
        made = readers(3)
        hub.publish(message(body=b"1"))
        made[1].say(encode_message(message(body=b"receipt"), SHAPE))
        hub.publish(message(body=b"2"))
        run(hub)
        assert made[1].bodies() == [b"1", b"receipt", b"2"]
        assert made[0].bodies() == made[2].bodies() == [b"1", b"2"]

    def test_who_unsubscribes_gets_first_what_was_published_before(self, hub, readers):
        made = readers(3)
        hub.publish(message())
        hub.unsubscribe("/a", made[0], SHAPE)
        assert made[0].bodies() == [b"hi"]
        run(hub)
        assert made[0].bodies() == [b"hi"]

    def test_who_is_cut_gets_nothing_any_more(self, hub, readers):
        made = readers(3)
        hub.publish(message())
        hub.forget(made[0])
        run(hub)
        assert [len(reader.frames) for reader in made] == [0, 1, 1]

    def test_who_became_slow_in_an_earlier_round_is_not_sent_past_it(self, hub):
        slow = Reader(hub, room=10)
        for destination in ("/a", "/b"):
            hub.subscribe(destination, slow, SHAPE)
        hub.publish(message("/a", b"1"))
        hub.publish(message("/b", b"2"))
        run(hub)
        assert len(slow.waiting) == 2
        slow.drain()
        hub.publish(message("/a", b"3"))
        run(hub)
        assert slow.bodies() == [b"1", b"2", b"3"]

    def test_who_becomes_slow_is_sent_past_nothing_in_a_later_round_that_has_begun(self, hub):
        slow, early = Reader(hub, room=10), Reader(hub)
        for destination in ("/a", "/b"):
            hub.subscribe(destination, slow, SHAPE)
            hub.subscribe(destination, early, SHAPE)
        hub.publish(message("/a", b"1"))
        hub.publish(message("/b", b"2"))
        hub.settle(early)  # Both rounds have begun.
        slow.keep(b"\n")
        slow.room = 1 << 30
        run(hub)
        assert [len(slow.frames), len(slow.waiting)] == [0, 3]

    def test_who_is_cut_gets_nothing_of_a_round_that_has_begun(self, hub, readers):
        made = readers(3)
        hub.publish(message())
        hub.settle(made[1])
        hub.forget(made[0])
        run(hub)
        assert [len(reader.frames) for reader in made] == [0, 1, 1]


def test_constant_load_and_coming_and_going_leave_no_holes_for_ever(hub, readers):
    readers(2 * SLICE)
    for number in range(MAX_HOLES * 4):
        [passing] = readers(1)
        if not number % 100:
            hub.publish(message())
            hub.run()
        hub.publish(message())
        hub.forget(passing)
    [group] = hub._topics["/a"].values()
    assert len(group.sends) < 2 * (len(group) + MAX_HOLES)
    run(hub)
    assert len(group.sends) == len(group) == 2 * SLICE
    assert not hub._ragged


class TestFull:
    def test_publishers_wait_until_half_has_gone_out(self, hub, readers):
        readers(SLICE)
        resumed = []
        while not hub.is_full:
            hub.publish(message(body=bytes(MAX_PENDING_BYTES // 8)))
        hub.wait("publisher", partial(resumed.append, 1))
        hub.run()
        assert not resumed
        run(hub)
        assert not hub.is_full
        assert resumed == [1]

    def test_a_publisher_that_is_gone_waits_for_nothing(self, hub, readers):
        readers(1)
        resumed = []
        hub.publish(message(body=bytes(MAX_PENDING_BYTES + 1)))
        hub.wait("publisher", partial(resumed.append, 1))
        hub.forget("publisher")
        run(hub)
        assert not resumed


DESTINATIONS = st.sampled_from(["/a", "/b", "/c"])


class AnyMix(RuleBasedStateMachine):
    """Whatever happens between two slices, everybody gets everything published to it, once and in order."""

    def __init__(self):
        super().__init__()
        self.hub = Hub()
        self.readers = [Reader(self.hub) for _ in range(6)]
        self.places = [{} for _ in self.readers]
        self.expected = [b""] * len(self.readers)
        self.number = 0
        self._slice, hub_module.SLICE = hub_module.SLICE, 3

    def teardown(self):
        run(self.hub)
        hub_module.SLICE = self._slice
        for reader, expected in zip(self.readers, self.expected, strict=True):
            reader.drain()
            assert b"".join(reader.frames) == expected
        assert self.hub._pending_bytes == 0

    @rule(who=st.integers(0, 5), destination=DESTINATIONS, shape=st.sampled_from([SHAPE, OTHER_SHAPE]))
    def come_or_go(self, who, destination, shape):
        there = self.places[who].pop(destination, None)
        if there:
            self.hub.unsubscribe(destination, self.readers[who], there)
        else:
            self.hub.subscribe(destination, self.readers[who], shape)
            self.places[who][destination] = shape

    @rule(destination=DESTINATIONS)
    def publish(self, destination):
        self.number += 1
        published = message(destination, b"%d" % self.number)
        self.hub.publish(published)
        for who, places in enumerate(self.places):
            if destination in places:
                self.expected[who] += encode_message(published, places[destination])

    @rule(who=st.integers(0, 5))
    def say(self, who):
        self.readers[who].say(b"\n")
        self.expected[who] += b"\n"

    @rule(who=st.integers(0, 5), room=st.integers(0, 300))
    def become_slow_after(self, who, room):
        self.readers[who].room = room

    @rule(who=st.integers(0, 5))
    def read_all(self, who):
        self.readers[who].drain()

    @rule(who=st.integers(0, 5))
    def be_cut_and_come_back(self, who):
        self.hub.forget(self.readers[who])
        reader = self.readers[who]
        reader.drain()
        assert self.expected[who].startswith(b"".join(reader.frames))
        self.readers[who] = Reader(self.hub)
        self.places[who], self.expected[who] = {}, b""

    @precondition(lambda self: self.hub._rounds)
    @rule()
    def turn(self):
        self.hub.run()


TestAnyMix = AnyMix.TestCase
