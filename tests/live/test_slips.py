from typing import Any

import jwt
import pytest

from orbited.slips import Slips
from quiz.live.slips import AHEAD_MS, FRESH_MS, MAX_ROUND_TRIP_MS, MAX_SLIP_CHARS, round_trip_ms

NOW = 1_800_000_000_000


@pytest.fixture
def slips(settings: Any) -> Slips:
    return Slips(settings.STOMP_TICKET_KEY)


def test_what_the_relay_signs_is_believed(slips: Slips) -> None:
    assert round_trip_ms(slips.sign(17, 412, NOW // 1000), NOW) == 412


@pytest.mark.parametrize(
    ("age_ms", "believed"),
    [(FRESH_MS, True), (FRESH_MS + 1000, False), (-AHEAD_MS, True), (-AHEAD_MS - 1000, False)],
)
def test_a_slip_is_believed_for_minutes(slips: Slips, age_ms: int, believed: bool) -> None:
    assert round_trip_ms(slips.sign(17, 412, (NOW - age_ms) // 1000), NOW) == (412 if believed else 0)


@pytest.mark.parametrize("ms", [-1, MAX_ROUND_TRIP_MS + 1])
def test_no_line_is_like_that(slips: Slips, ms: int) -> None:
    assert round_trip_ms(slips.sign(17, ms, NOW // 1000), NOW) == 0


@pytest.mark.parametrize("slip", [None, 7, True, [], {}, "", "x", "a.b.c", "é" * 20, "x" * (MAX_SLIP_CHARS + 1)])
def test_what_is_no_slip_is_worth_nothing(slip: object) -> None:
    assert round_trip_ms(slip, NOW) == 0


def test_a_slip_that_somebody_else_has_signed_is_worth_nothing(settings: Any) -> None:
    assert round_trip_ms(Slips("another key, also of more than 32 bytes").sign(17, 412, NOW // 1000), NOW) == 0
    claims = {"aud": "orbit-quiz-line", "sid": 17, "ms": 412, "iat": NOW // 1000}
    assert round_trip_ms(jwt.encode(claims, settings.STOMP_TICKET_KEY, algorithm="HS256"), NOW) == 0
    assert round_trip_ms(jwt.encode(claims, "", algorithm="none"), NOW) == 0


@pytest.mark.parametrize(
    "change", [{"aud": "orbit-quiz"}, {"ms": "412"}, {"ms": True}, {"ms": None}, {"iat": "x"}, {"iat": None}]
)
def test_a_slip_with_other_claims_is_worth_nothing(slips: Slips, change: dict[str, Any]) -> None:
    claims = {"aud": "orbit-quiz-line", "sid": 17, "ms": 412, "iat": NOW // 1000, **change}
    assert round_trip_ms(jwt.encode(claims, slips._key, algorithm="HS256"), NOW) == 0
