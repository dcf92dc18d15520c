"""Who is let in and for how long, over real sockets and real processes: cuts, ends of tickets, authenticators."""

import signal
import time

import jwt

from tests.stack import PATIENCE, wait_until
from tests.system.broker import SECRETS, Broker, Client

STATUS = "/games/1/status"


def ticket(subject: str, seconds: int = 600) -> str:
    now = int(time.time())
    claims = {"aud": "orbit-quiz", "sub": subject, "iat": now, "exp": now + seconds, "read": [STATUS], "write": []}
    return jwt.encode(claims, SECRETS["STOMP_TICKET_KEY"], algorithm="HS256")


def test_a_connection_ends_with_its_ticket(tmp_path):
    with Broker(tmp_path) as broker:
        for seconds in (2, 10, 60):  # a slow machine may need longer to come in
            player = Client(broker.port, "", ticket("player:1", seconds))
            if player.first.command == "CONNECTED":
                break
        assert [code for code, _when in player.until_end()] == ["ticket-expired"]


def test_who_was_cut_is_out_at_once_and_does_not_come_back_after_a_crash_of_the_broker(tmp_path):
    store = str(tmp_path / "queues.sqlite3")
    before, others = ticket("player:1"), ticket("player:2")
    with Broker(tmp_path, STOMP_STORE=store) as broker:
        player, other, service = Client(broker.port, "", before), Client(broker.port, "", others), broker.service()
        service.publish("/broker/control", b'{"cut": "player:1"}')
        [(code, _when)] = player.until_end()
        assert code == "kicked"
        broker.process.kill()
        other.socket.close()
    with Broker(tmp_path, STOMP_STORE=store) as broker:
        assert Client(broker.port, "", before).first.headers["message"] == "access-refused"
        assert Client(broker.port, "", others).first.command == "CONNECTED"


AUTHENTICATORS = """
import time

class Slow:
    def authenticate(self, login, passcode):
        if login == "sleeper":
            time.sleep(3600)
        return (login, passcode) == ("ada", "horse")
"""


def test_an_authenticator_that_hangs_holds_up_nobody_and_no_end(tmp_path):
    (tmp_path / "authenticators_of_this_test.py").write_text(AUTHENTICATORS)
    text = "[coilmq]\nauth.factory = authenticators_of_this_test.Slow\n[rights]\nada = everything\n"
    with Broker(tmp_path, text, PYTHONPATH=str(tmp_path)) as broker:
        hanging = Client(broker.port, "sleeper", "x", wait=False)
        assert Client(broker.port, "ada", "horse").first.command == "CONNECTED"
        assert Client(broker.port, "ada", "wrong").first.headers["message"] == "access-refused"
        assert broker.service().first.command == "CONNECTED"
        assert hanging.hear().headers["message"] == "access-refused"
        wait_until(lambda: broker.says("a hook failed, and what it was asked is refused connection="))
        broker.signal(signal.SIGINT)
        assert broker.ended(PATIENCE) == 0


def test_a_stock_authenticator_of_coilmqs_is_read_anew_at_a_reload(tmp_path):
    file = tmp_path / "logins.ini"
    file.write_text("[auth]\nada = horse\n")
    text = (
        "[coilmq]\nauth.factory = coilmq.auth.simple.make_simple\n"
        f"auth.simple.file = {file}\n[rights]\nada = read {STATUS}\n"
    )
    with Broker(tmp_path, text) as broker:
        ada = Client(broker.port, "ada", "horse")
        ada.subscribe(STATUS)
        file.write_text("[auth]\nada = battery\n")
        broker.hup(text, "follows the configuration as it is now")
        assert Client(broker.port, "ada", "horse").first.headers["message"] == "access-refused"
        assert Client(broker.port, "ada", "battery").first.command == "CONNECTED"
        broker.service().publish(STATUS, b"still here")
        assert ada.hear().body == b"still here"
