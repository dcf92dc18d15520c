"""The message of /broker/stats: its sums, its order and its bound."""

import json

import pytest

from stomp_broker.destinations import MAX_DESTINATION_LENGTH
from stomp_broker.errors import Code
from stomp_broker.stats import MAX_LISTED, MAX_SLOW_LISTED, MAX_STATS_BYTES, QueueState, Slow, State, encode_stats
from stomp_broker.tally import REST, Traffic

NOTHING = State(
    uptime=12.5,
    connections=3,
    opened=5,
    blocked=1,
    subscribers={},
    queues=(),
    slow=(),
    refusals={},
    alarms=(),
)


def stats(traffic=None, interval=1.0, **state):
    return json.loads(encode_stats(17, 1_763_665_000.1234, interval, traffic or {}, NOTHING._replace(**state)))


def test_it_comes_in_the_envelope_of_all_messages():
    message = stats()
    assert {key: value for key, value in message.items() if key != "data"} == {
        "v": 1,
        "type": "broker.stats",
        "seq": 17,
        "at": 1_763_665_000_123,
    }
    assert message["data"]["uptime_ms"] == 12_500
    assert message["data"]["connections"] == {"open": 3, "opened": 5, "slow": 0, "blocked": 1}


def test_rates_are_those_of_the_time_that_has_passed():
    data = stats({"/a": Traffic(10, 2000, 50_000, 10_000_000)}, interval=2.0, subscribers={"/a": 5000})["data"]
    rates = {"in_per_s": 5.0, "in_bytes_per_s": 1000.0, "out_per_s": 25_000.0, "out_bytes_per_s": 5_000_000.0}
    assert data["interval_ms"] == 2000
    assert data["rates"] == rates
    assert data["destinations"] == [{"destination": "/a", "subscriptions": 5000, **rates}]


def test_no_time_has_no_rates():
    assert stats({"/a": Traffic(1, 1, 1, 1)}, interval=0.0)["data"]["rates"]["in_per_s"] == 0


def test_destinations_with_most_traffic_then_most_subscriptions_come_one_by_one_and_the_rest_as_a_sum():
    subscribers = {f"/players/{number}": 1 for number in range(1000)} | {"/games/1/status": 1000}
    traffic = {f"/players/{number}": Traffic(1, 10, 1, 10) for number in range(30)}
    traffic |= {"/games/2/answers": Traffic(100, 1000, 100, 1000), REST: Traffic(2, 20, 0, 0)}
    data = stats(traffic, subscribers=subscribers)["data"]
    names = [each["destination"] for each in data["destinations"]]
    assert len(names) == MAX_LISTED
    assert names[0] == "/games/2/answers"
    assert all(name.startswith("/players/") for name in names[1:])
    assert data["other_destinations"] == {
        "destinations": 1002 - MAX_LISTED,
        "subscriptions": 2000 - (MAX_LISTED - 1),
        "in_per_s": 30 - (MAX_LISTED - 1) + 2.0,
        "in_bytes_per_s": (30 - (MAX_LISTED - 1)) * 10 + 20.0,
        "out_per_s": 30.0 - (MAX_LISTED - 1),
        "out_bytes_per_s": (30.0 - (MAX_LISTED - 1)) * 10,
    }
    assert stats(subscribers=subscribers)["data"]["destinations"][0]["destination"] == "/games/1/status"


def test_longest_queues_come_one_by_one_and_the_rest_as_a_sum():
    came = [1_763_665_000.1234 - number for number in range(MAX_LISTED + 3)]
    queues = [QueueState(f"/queue/{number}", number, 1, 2, came[number]) for number in range(MAX_LISTED + 3)]
    data = stats(queues=queues)["data"]
    assert [each["waiting"] for each in data["queues"]] == [*range(MAX_LISTED + 2, 2, -1)]
    assert data["queues"][0] == {
        "destination": f"/queue/{MAX_LISTED + 2}",
        "waiting": MAX_LISTED + 2,
        "unacknowledged": 1,
        "consumers": 2,
        "oldest_ms": (MAX_LISTED + 2) * 1000,
    }
    assert data["other_queues"] == {"queues": 3, "waiting": 3, "unacknowledged": 3, "consumers": 6, "oldest_ms": 2000}


def test_an_age_that_nobody_knows_is_null():
    data = stats(queues=[QueueState("/queue/a", 1, 0, 0)])["data"]
    assert data["queues"][0]["oldest_ms"] is None
    assert data["other_queues"]["oldest_ms"] is None


def test_slowest_connections_come_one_by_one():
    slow = [Slow(number, f"player:{number}", number * 1000) for number in range(MAX_SLOW_LISTED + 5)]
    data = stats(slow=slow)["data"]
    assert data["connections"]["slow"] == MAX_SLOW_LISTED + 5
    assert data["slow"][0] == {"connection": 14, "subject": "player:14", "unsent_bytes": 14_000}
    assert len(data["slow"]) == MAX_SLOW_LISTED


@pytest.mark.parametrize("letter", ["a", "€", "🎉", '"'])
def test_it_stays_below_its_bound_whatever_there_is(letter):
    def name(number):
        return f"/{number:05}".ljust(MAX_DESTINATION_LENGTH, letter)

    many = 10**15
    body = encode_stats(
        many,
        1e12,
        1.0,
        {name(number): Traffic(many, many, many, many) for number in range(1000)},
        NOTHING._replace(
            subscribers={name(number): many for number in range(1000)},
            queues=[QueueState(name(number), many, many, many, 0.0) for number in range(1000)],
            slow=[Slow(many + number, name(number), many) for number in range(1000)],
            refusals=dict.fromkeys(Code, many),
            alarms=["memory", "descriptors", "store"],
        ),
    )
    assert len(body) < MAX_STATS_BYTES
