"""Logins: who is let in, with which rights, until when; and that refusals are all alike."""

import base64
import json

import jwt
import pytest

from stomp_broker.destinations import EVERYTHING, Rights
from stomp_broker.errors import Code, Refused
from stomp_broker.frames import MAX_BROWSER_FRAME_BYTES, MAX_SERVICE_FRAME_BYTES
from stomp_broker.logins import Anyone, Login, Logins, ServiceLogin, Tickets
from tests.stomp_broker.clients import NOW, TICKET_KEY, ticket


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.fixture
def tickets():
    return Tickets(TICKET_KEY)


class TestTickets:
    def test_a_ticket_says_who_what_and_until_when(self, tickets):
        login = tickets.judge("", ticket("player:5", ["/games/1/status"], ["/games/1/answers"], seconds=60), NOW)
        rights = Rights(frozenset({"/games/1/status"}), frozenset({"/games/1/answers"}))
        assert login == Login("player:5", rights, NOW + 60, NOW)
        assert login.max_frame_bytes == MAX_BROWSER_FRAME_BYTES

    def test_a_service_may_do_everything_and_send_larger_frames(self, tickets):
        login = tickets.judge("", ticket("service:web"), NOW)
        assert login.rights == EVERYTHING
        assert login.max_frame_bytes == MAX_SERVICE_FRAME_BYTES

    @pytest.mark.parametrize("subject", ["user:1", "serviceman:1", "player:service:1"])
    def test_nobody_else_may_do_more_than_the_ticket_says(self, tickets, subject):
        assert tickets.judge("", ticket(subject), NOW).rights == Rights()

    def test_a_ticket_is_good_until_its_end(self, tickets):
        assert tickets.judge("", ticket(seconds=60), NOW + 59.9)
        assert tickets.judge("", ticket(seconds=60), NOW + 60) is None

    def test_a_clock_that_is_behind_does_not_refuse_a_new_ticket(self, tickets):
        assert tickets.judge("", ticket(), NOW - 30)

    @pytest.mark.parametrize(
        "passcode",
        [
            "",
            "rubbish",
            "a.b.c",
            "é" * 10,
            ticket(key="another key, which is as long as ours"),
            ticket(claims={"aud": "another"}),
            ticket(claims={"aud": ["orbit-quiz"]}),
            ticket(claims={"exp": str(NOW + 60)}),
            ticket(claims={"iat": str(NOW)}),
            ticket(claims={"exp": NOW + 60.5}),
            ticket(claims={"exp": float("inf")}),
            ticket(claims={"exp": float("nan")}),
            ticket(claims={"exp": True}),
            ticket(claims={"read": "/games/1/status"}),
            ticket(claims={"read": [1]}),
            ticket(claims={"write": {"/a": 1}}),
            ticket("player:1\nservice:web"),
            jwt.encode({"sub": "service:x", "aud": "orbit-quiz", "iat": NOW}, TICKET_KEY),
            jwt.encode({"exp": NOW + 60, "aud": "orbit-quiz", "iat": NOW}, TICKET_KEY),
            jwt.encode({"sub": "service:x", "exp": NOW + 60, "iat": NOW}, TICKET_KEY),
            jwt.encode({"sub": "service:x", "aud": "orbit-quiz", "iat": NOW, "exp": NOW + 60}, "", algorithm="none"),
            jwt.encode({"sub": "service:x", "aud": "orbit-quiz", "iat": NOW, "exp": NOW + 60}, TICKET_KEY * 2, "HS512"),
            encoded({"alg": "RS256"}) + "." + encoded({"sub": "service:x"}) + ".AAAA",
            base64.urlsafe_b64encode(b"[" * 6_000).decode() + ".e30.AAAA",
        ],
    )
    def test_anything_else_is_not_a_ticket(self, tickets, passcode):
        assert tickets.judge("service:web", passcode, NOW) is None


class TestServiceLogin:
    def test_login_and_passcode_must_both_be_right(self):
        service = ServiceLogin("web", "sésame")
        assert service.judge("web", "sésame", NOW) == Login("service:web", EVERYTHING)
        for login, passcode in [("web", "sesame"), ("", "sésame"), ("web", ""), ("Web", "sésame"), ("web", "sésame ")]:
            assert service.judge(login, passcode, NOW) is None


class TestLogins:
    def test_the_first_judge_who_knows_somebody_decides(self, tickets):
        logins = Logins([ServiceLogin("web", "sesame"), tickets, Anyone()])
        assert logins.check("web", "sesame", NOW).subject == "service:web"
        assert logins.check("web", ticket("player:1"), NOW).subject == "player:1"
        assert logins.check("eve", "x", NOW).subject == "any:eve"

    def test_c2_every_refusal_has_the_same_words(self, tickets):
        logins = Logins([ServiceLogin("web", "sesame"), tickets])
        refusals = []
        for login, passcode in [("web", "wrong"), ("eve", "sesame"), ("", ""), ("", ticket(seconds=-1)), ("", "a.b.c")]:
            with pytest.raises(Refused) as caught:
                logins.check(login, passcode, NOW)
            refusals.append((caught.value.code, caught.value.sentence))
            assert not passcode or passcode not in caught.value.why
        assert {*refusals} == {(Code.ACCESS_REFUSED, refusals[0][1])}

    def test_every_judge_is_asked_so_that_all_refusals_and_logins_cost_the_same(self):
        asked = []

        class Witness:
            def judge(self, login, passcode, now):
                asked.append(login)
                return Login("any:x", Rights())

        Logins([Witness(), Witness()]).check("ada", "", NOW)
        assert asked == ["ada", "ada"]

    def test_even_anyone_has_a_name_that_can_be_shown(self):
        assert Anyone().judge("eve", "", NOW) == Login("any:eve", EVERYTHING)
        assert Anyone().judge("eve\x1b[2J", "", NOW) is None

    def test_a_broker_without_judges_lets_nobody_in(self):
        with pytest.raises(Refused):
            Logins([]).check("", "", NOW)
