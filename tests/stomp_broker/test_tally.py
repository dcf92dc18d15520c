"""The plain numbers that metrics and statistics are read from."""

from stomp_broker.tally import MAX_COUNTED_DESTINATIONS, REST, Tally, Traffic


def test_a_broadcast_is_one_entry_however_many_it_reaches():
    tally = Tally()
    tally.count("/games/1/status", came=1, delivered=5000, size=200)
    assert tally.traffic == Traffic(1, 200, 5000, 1_000_000)


def test_destinations_are_counted_only_while_somebody_looks():
    tally = Tally()
    tally.count("/a", came=1, delivered=1, size=10)
    assert tally.look() == {}
    tally.count("/a", came=1, delivered=2, size=10)
    tally.count("/a", came=1, delivered=0, size=5)
    assert tally.look() == {"/a": Traffic(2, 15, 2, 20)}
    assert tally.look() == {}
    tally.look_away()
    tally.count("/a", came=1, delivered=2, size=10)
    assert tally.look() == {}
    assert tally.traffic.messages_in == 4


def test_more_destinations_than_are_counted_apart_are_one_entry():
    tally = Tally()
    tally.look()
    for number in range(MAX_COUNTED_DESTINATIONS + 5):
        tally.count(f"/{number}", came=1, delivered=0, size=1)
    tally.count("/0", came=1, delivered=0, size=1)
    seen = tally.look()
    assert len(seen) == MAX_COUNTED_DESTINATIONS + 1
    assert seen[REST].messages_in == 5
    assert seen["/0"].messages_in == 2


def test_connections_are_counted_from_opening_to_loss_by_the_code_of_their_end():
    tally = Tally()
    tally.opened, tally.gone = 5, 2
    tally.closed.update({"": 1, "bad-command": 1})
    assert tally.open == 3
    assert tally.refusals == {"bad-command": 1}
