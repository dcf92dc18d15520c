import pytest

from tests.orbited.listeners.wires import Visit


@pytest.fixture
def visit():
    return Visit("announce")


def test_messages_are_numbered_and_come_once_a_second(visit):
    assert visit.read() == b"message 1\n"
    visit.wait(2)
    assert visit.read() == b"message 2\nmessage 3\n"


def test_every_connection_has_its_own_numbers(visit):
    visit.wait(5)
    transport, _ = visit.connect()
    assert transport.value() == b"message 1\n"


def test_who_does_not_read_misses_what_is_said_meanwhile(visit):
    visit.read()
    visit.transport.producer.pauseProducing()
    visit.wait(3)
    visit.transport.producer.resumeProducing()
    visit.wait(1)
    assert visit.read() == b"message 5\n"


def test_nothing_goes_on_after_the_last_connection(visit):
    visit.hang_up()
    assert visit.clock.getDelayedCalls() == []


def test_pages_reach_it_in_memory(visit):
    client = visit.in_memory()
    visit.wait(2)
    assert client.received.startswith(b"message 1\nmessage 2\n")
    client.transport.loseConnection()
    visit.wait(1)
    assert client.lost
