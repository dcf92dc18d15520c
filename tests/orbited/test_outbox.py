import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.closing import Reason
from orbited.outbox import MAX_MERGED_BYTES, PACKET_OVERHEAD_BYTES, Numbered, Outbox

MANY = 10_000


@pytest.fixture
def outbox():
    """Three packets that have been sent, and not acknowledged."""
    outbox = Outbox()
    for word in (b"a", b"b", b"c"):
        outbox.push(word)
    outbox.take(MANY, False)
    return outbox


def test_packets_are_numbered_when_they_are_first_taken():
    outbox = Outbox()
    outbox.push(b"a")
    outbox.push(b"b")
    assert outbox.take(1, False) == [Numbered(1, b"a")]
    assert outbox.take(1, False) == [Numbered(2, b"b")]
    assert outbox.take(1, False) == []


def test_packets_are_kept_until_they_are_acknowledged(outbox):
    outbox.acknowledge(2)
    outbox.replay()
    outbox.push(b"d")
    assert outbox.take(MANY, False) == [Numbered(3, b"c"), Numbered(4, b"d")]


def test_replay_may_be_taken_in_pieces(outbox):
    outbox.replay()
    outbox.push(b"d")
    assert [outbox.take(2, False) for _ in range(3)] == [
        [Numbered(1, b"a"), Numbered(2, b"b")],
        [Numbered(3, b"c"), Numbered(4, b"d")],
        [],
    ]


def test_what_is_acknowledged_in_the_middle_of_a_replay_is_not_sent_again(outbox):
    outbox.replay()
    assert outbox.take(1, False) == [Numbered(1, b"a")]
    outbox.acknowledge(2)
    assert outbox.take(MANY, False) == [Numbered(3, b"c")]


def test_late_acknowledgement_changes_nothing(outbox):
    outbox.acknowledge(2)
    outbox.acknowledge(1)
    outbox.replay()
    assert outbox.take(MANY, False) == [Numbered(3, b"c")]


def test_what_is_held_is_weighed(outbox):
    assert outbox.held == 3 * (1 + PACKET_OVERHEAD_BYTES)
    outbox.acknowledge(3)
    assert (outbox.held, outbox.empty) == (0, True)


def test_adjacent_data_is_joined_but_never_with_the_first_packet(outbox):
    fresh = Outbox()
    for word in (b"1", b"a", b"b"):
        fresh.push(word)
    assert fresh.take(MANY, True) == [Numbered(1, b"1"), Numbered(2, b"ab")]
    assert fresh.held == 3 + 2 * PACKET_OVERHEAD_BYTES


def test_data_is_joined_up_to_a_limit_and_not_with_the_close(outbox):
    for payload in (bytes(MAX_MERGED_BYTES - 1), b"x", b"y", Reason.BACKEND_CLOSED):
        outbox.push(payload)
    assert [packet.payload for packet in outbox.take(MANY, True)] == [
        bytes(MAX_MERGED_BYTES - 1) + b"x",
        b"y",
        Reason.BACKEND_CLOSED,
    ]


def test_one_packet_alone_is_handed_on_as_it_is(outbox):
    data = bytes(1000)
    outbox.push(data)
    assert outbox.take(MANY, True)[0].payload is data


def test_what_is_forgotten_is_not_sent_again(outbox):
    outbox.push(b"d")
    outbox.forget()
    outbox.replay()
    outbox.push(Reason.PAGE_CLOSED)
    assert outbox.take(MANY, False) == [Numbered(4, Reason.PAGE_CLOSED)]


steps = st.one_of(
    st.tuples(st.just("push"), st.binary(min_size=1, max_size=5)),
    st.tuples(st.just("take"), st.integers(1, 4), st.booleans()),
    st.tuples(st.just("acknowledge"), st.integers(0, 3)),
    st.tuples(st.just("replay")),
)


@given(st.lists(steps, max_size=60))
def test_who_takes_everything_gets_everything_in_order(some):
    outbox, pushed, seen, texts = Outbox(), b"", 0, {}
    for step, *details in [*some, ("replay",), ("take", MANY, True)]:
        if step == "push":
            pushed += details[0]
            outbox.push(details[0])
        elif step == "take":
            for number, payload in outbox.take(*details):
                assert texts.setdefault(number, payload) == payload
        elif step == "acknowledge":
            seen = min(outbox.sent, seen + details[0])
            outbox.acknowledge(seen)
        else:
            outbox.replay()
    assert b"".join(texts[number] for number in sorted(texts)) == pushed
    assert sorted(texts) == list(range(1, outbox.sent + 1))
    assert outbox.held == sum(len(texts[n]) + PACKET_OVERHEAD_BYTES for n in texts if n > outbox.acked)
