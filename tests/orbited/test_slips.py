import jwt
import pytest

from orbited.slips import Slips

KEY = "a ticket key of the tests, long enough for HS256"


def test_a_slip_says_what_was_measured_of_which_session_and_when() -> None:
    slip = Slips(KEY).sign(17, 412, 1_763_665_000)
    claims = jwt.decode(slip, options={"verify_signature": False})
    assert claims == {"aud": "orbit-quiz-line", "sid": 17, "ms": 412, "iat": 1_763_665_000}


def test_a_slip_is_not_signed_with_the_key_of_tickets() -> None:
    slip = Slips(KEY).sign(17, 412, 1_763_665_000)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(slip, KEY, algorithms=["HS256"], audience="orbit-quiz-line")


@pytest.mark.parametrize("environ", [{}, {"STOMP_TICKET_KEY": ""}])
def test_without_a_key_there_are_no_slips(environ: dict[str, str]) -> None:
    assert Slips.from_environment(environ) is None


def test_the_key_comes_from_the_environment() -> None:
    slips = Slips.from_environment({"STOMP_TICKET_KEY": KEY})
    assert slips is not None
    assert slips.sign(1, 2, 3) == Slips(KEY).sign(1, 2, 3)
