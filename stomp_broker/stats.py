"""``/broker/stats``: what the broker does at the moment, in a message a second for operators who subscribe.

Nothing is looked at while nobody listens. The message is bounded: destinations and queues with the most to tell come
one by one, the rest as sums. docs/broker.md explains every field.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from typing import Any, NamedTuple

from stomp_broker.tally import REST, Traffic

# Destinations that are told one by one; as many queues. With the longest names that there can be the message stays
# below what a browser may send, and clients may have the same limit.
MAX_LISTED = 20
# Connections that do not read, told one by one, the slowest first.
MAX_SLOW_LISTED = 10
# Bytes. See above; a test holds it.
MAX_STATS_BYTES = 64 * 1024


class QueueState(NamedTuple):
    """One queue: messages that wait, those with consumers, how many consumers, and when the oldest that waits came.

    That is in seconds since 1970, None where the store does not tell.
    """

    destination: str
    waiting: int
    unacknowledged: int
    consumers: int
    oldest_at: float | None = None


class Slow(NamedTuple):
    """A connection that does not read what it is sent."""

    connection: int
    subject: str
    unsent_bytes: int


class State(NamedTuple):
    """What is looked at, all of one moment. Times are in seconds."""

    uptime: float
    connections: int
    opened: int
    blocked: int
    subscribers: Mapping[str, int]  # by topic
    queues: Iterable[QueueState]
    slow: Iterable[Slow]
    refusals: Mapping[str, int]  # since the start, by code
    alarms: Iterable[str]


def encode_stats(seq: int, at: float, interval: float, traffic: Mapping[str, Traffic], state: State) -> bytes:
    """Give the message. ``at`` is in seconds since 1970; ``traffic`` is what came by in ``interval`` seconds."""
    data = _data(at, interval, traffic, state)
    envelope = {"v": 1, "type": "broker.stats", "seq": seq, "at": int(at * 1000), "data": data}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def _data(at: float, interval: float, traffic: Mapping[str, Traffic], state: State) -> dict[str, Any]:
    every = Traffic()
    for each in traffic.values():
        every.include(each)
    slow = list(state.slow)
    return {
        "uptime_ms": int(state.uptime * 1000),
        "interval_ms": round(interval * 1000),
        "connections": {
            "open": state.connections,
            "opened": state.opened,
            "slow": len(slow),
            "blocked": state.blocked,
        },
        "rates": _rates(every, interval),
        **_destinations(interval, traffic, state.subscribers),
        **_queues(at, state.queues),
        "slow": [each._asdict() for each in nlargest(MAX_SLOW_LISTED, slow, key=lambda each: each.unsent_bytes)],
        "refusals": dict(state.refusals),
        "alarms": list(state.alarms),
    }


def _destinations(interval: float, traffic: Mapping[str, Traffic], subscribers: Mapping[str, int]) -> dict[str, Any]:
    names = (traffic.keys() | subscribers.keys()) - {REST}

    def weight(name: str) -> tuple[int, int, str]:
        came = traffic.get(name)
        return (came.messages_in + came.messages_out if came else 0, subscribers.get(name, 0), name)

    listed = nlargest(MAX_LISTED, names, key=weight)
    rest = Traffic()
    for name in traffic.keys() - set(listed):
        rest.include(traffic[name])
    return {
        "destinations": [
            {
                "destination": name,
                "subscriptions": subscribers.get(name, 0),
                **_rates(traffic.get(name) or Traffic(), interval),
            }
            for name in listed
        ],
        "other_destinations": {
            "destinations": len(names) - len(listed),
            "subscriptions": sum(subscribers.values()) - sum(subscribers.get(name, 0) for name in listed),
            **_rates(rest, interval),
        },
    }


def _rates(traffic: Traffic, interval: float) -> dict[str, float]:
    return {
        "in_per_s": _per_second(traffic.messages_in, interval),
        "in_bytes_per_s": _per_second(traffic.bytes_in, interval),
        "out_per_s": _per_second(traffic.messages_out, interval),
        "out_bytes_per_s": _per_second(traffic.bytes_out, interval),
    }


def _per_second(count: int, interval: float) -> float:
    return round(count / interval, 1) if interval else 0.0


def _queues(at: float, queues: Iterable[QueueState]) -> dict[str, Any]:
    states = list(queues)
    listed = nlargest(MAX_LISTED, states, key=lambda each: (each.waiting + each.unacknowledged, each.destination))
    rest = [each for each in states if each not in set(listed)]
    return {
        "queues": [{"destination": each.destination, **_queue(at, [each])} for each in listed],
        "other_queues": {"queues": len(rest), **_queue(at, rest)},
    }


def _queue(at: float, together: Sequence[QueueState]) -> dict[str, Any]:
    """What a queue has, or some together. An age that nobody knows is None."""
    oldest_at = min((each.oldest_at for each in together if each.oldest_at is not None), default=None)
    return {
        "waiting": sum(each.waiting for each in together),
        "unacknowledged": sum(each.unacknowledged for each in together),
        "consumers": sum(each.consumers for each in together),
        "oldest_ms": None if oldest_at is None else max(0, round((at - oldest_at) * 1000)),
    }
