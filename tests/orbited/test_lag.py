from twisted.internet.task import Clock

from orbited.lag import INTERVAL_S, LagMeter


def test_lateness_of_every_timer_is_told():
    clock, told = Clock(), []
    LagMeter(clock, told.append).start()
    clock.advance(INTERVAL_S)
    clock.advance(INTERVAL_S + 2)
    clock.advance(INTERVAL_S)
    assert told == [0, 2, 0]
