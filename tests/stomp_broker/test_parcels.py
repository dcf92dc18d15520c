from stomp_broker.parcels import PARCEL_BYTES, Parcels


class Receiver:
    """A connection that keeps apart what comes in pieces."""

    def __init__(self):
        self.pieces = []

    def keep(self, data):
        self.pieces.append(data)


def test_what_is_said_within_a_turn_goes_out_at_its_end_in_one_piece():
    parcels, ada, bob = Parcels(), Receiver(), Receiver()
    with parcels:
        for frame in (b"1", b"2", b"3"):
            parcels.add(ada, frame)
        parcels.add(bob, b"4")
        assert not ada.pieces
    assert (ada.pieces, bob.pieces) == ([b"123"], [b"4"])


def test_what_is_said_at_other_times_goes_out_at_once():
    parcels, ada = Parcels(), Receiver()
    parcels.add(ada, b"1")
    with parcels:
        parcels.add(ada, b"2")
    parcels.add(ada, b"3")
    assert ada.pieces == [b"1", b"2", b"3"]


def test_a_turn_within_a_turn_ends_nothing():
    parcels, ada = Parcels(), Receiver()
    with parcels:
        with parcels:
            parcels.add(ada, b"1")
        assert not ada.pieces
    assert ada.pieces == [b"1"]


def test_a_turn_that_fails_sends_what_was_said_in_it():
    parcels, ada = Parcels(), Receiver()
    try:
        with parcels:
            parcels.add(ada, b"1")
            raise ValueError
    except ValueError:
        pass
    assert ada.pieces == [b"1"]


def test_a_parcel_goes_out_when_it_is_large_enough_so_that_slowness_shows():
    parcels, ada = Parcels(), Receiver()
    with parcels:
        parcels.add(ada, bytes(PARCEL_BYTES - 1))
        assert not ada.pieces
        parcels.add(ada, b"1")
        assert list(map(len, ada.pieces)) == [PARCEL_BYTES]
        parcels.add(ada, b"2")
    assert ada.pieces[1:] == [b"2"]


def test_a_parcel_can_be_sent_before_the_end_of_the_turn():
    parcels, ada = Parcels(), Receiver()
    with parcels:
        parcels.add(ada, b"1")
        parcels.send(ada)
        assert ada.pieces == [b"1"]
        parcels.send(ada)
    assert ada.pieces == [b"1"]


def test_who_is_said_something_while_parcels_go_out_gets_it_too():
    parcels, ada = Parcels(), Receiver()

    class Echo(Receiver):
        def keep(self, data):
            super().keep(data)
            parcels.add(ada, data)

    with parcels:
        parcels.add(Echo(), b"1")
    assert ada.pieces == [b"1"]
