import pytest

from tests.stomp_broker.clients import Quiz


@pytest.fixture
def quiz():
    return Quiz()


def test_when_the_last_port_closes_what_is_under_way_goes_back(quiz):
    quiz.factory.doStart()
    referee = quiz.service()
    referee.subscribe("/queue/a", ack="client")
    quiz.service().publish("/queue/a", b"hi")
    queues = quiz.factory.broker.queues
    quiz.factory.doStop()
    assert queues.store.size("/queue/a") == 1
    referee.drop()


def test_connections_are_numbered(quiz):
    assert [quiz.open().protocol.number for _ in range(3)] == [1, 2, 3]
