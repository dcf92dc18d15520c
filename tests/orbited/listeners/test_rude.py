from tests.orbited.listeners.wires import Visit


def test_it_hangs_up_at_once():
    visit = Visit("rude")
    assert visit.transport.disconnecting
    assert visit.read() == b""


def test_pages_meet_the_same_in_memory():
    visit = Visit("rude")
    client = visit.in_memory()
    visit.wait(1)
    assert client.lost
