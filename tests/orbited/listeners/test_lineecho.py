import pytest

from orbited.listeners.lineecho import MAX_LINE_BYTES
from tests.orbited.listeners.wires import Visit


@pytest.fixture
def visit():
    return Visit("lineecho")


def test_lines_come_back_once_they_are_complete(visit):
    visit.protocol.dataReceived(b"one\r\ntw")
    assert visit.read() == b"one\r\n"
    visit.protocol.dataReceived(b"o\n\nrest")
    assert visit.read() == b"two\n\n"


def test_longest_line_comes_back(visit):
    line = b"x" * MAX_LINE_BYTES + b"\n"
    visit.protocol.dataReceived(line)
    assert visit.read() == line


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_longer_line_is_hung_up_on(visit, end):
    visit.protocol.dataReceived(b"x" * (MAX_LINE_BYTES + 1) + end)
    assert visit.transport.disconnecting
    assert visit.read() == b""


def test_who_does_not_read_is_not_read_from(visit):
    visit.transport.producer.pauseProducing()
    assert visit.transport.producerState == "paused"


def test_pages_reach_it_in_memory(visit):
    client = visit.in_memory()
    client.transport.write(b"one\ntwo")
    visit.wait(2)
    assert client.received == b"one\n"
    client.transport.write(b"x" * (MAX_LINE_BYTES + 1))
    visit.wait(2)
    assert client.lost
