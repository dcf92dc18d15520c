from tests.orbited.listeners.wires import Visit


def test_bytes_come_back_as_they_came():
    visit = Visit("echo")
    visit.protocol.dataReceived(b"hel")
    visit.protocol.dataReceived(b"lo\0\xff")
    assert visit.read() == b"hello\0\xff"


def test_who_does_not_read_is_not_read_from():
    visit = Visit("echo")
    visit.transport.producer.pauseProducing()
    assert visit.transport.producerState == "paused"
    visit.transport.producer.resumeProducing()
    assert visit.transport.producerState == "producing"


def test_nothing_holds_a_lost_connection():
    visit = Visit("echo")
    visit.hang_up()
    assert visit.transport.producer is None


def test_pages_reach_it_in_memory():
    visit = Visit("echo")
    client = visit.in_memory()
    client.transport.write(b"hello")
    visit.wait(2)
    assert client.received == b"hello"
    client.transport.loseConnection()
    visit.wait(1)
    assert client.lost
