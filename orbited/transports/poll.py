"""Polling, on Orbited 0.7's own wire: each request is answered at once, with what there is."""

from orbited.transports.longpoll import LongPoll


class Poll(LongPoll):
    """One request that does not wait."""

    __slots__ = ()

    name = "poll"
    patience_s = 0
