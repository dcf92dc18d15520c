"""A broker alone, and one inside the relay, under real limits and real signals."""

import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack import PATIENCE, wait_until
from tests.system.broker import SECRETS, Broker, Client
from tests.system.relay import Relay

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


def test_operators_are_told_every_second_what_happens(broker):
    operator, reader, service = broker.service(), broker.service(), broker.service()
    operator.subscribe("/broker/stats")
    reader.subscribe("/games/1/status")
    seen = {}
    while not seen.get("/games/1/status", {}).get("out_per_s"):
        service.publish("/games/1/status", b"12345")
        message = json.loads(operator.hear().body)
        seen = {each["destination"]: each for each in message["data"]["destinations"]}
    assert message["type"] == "broker.stats"
    assert seen["/games/1/status"]["subscriptions"] == 1
    assert message["data"]["connections"]["open"] == 3
    for client in (operator, reader, service):
        client.socket.close()


def test_health_and_figures_are_answered_on_this_machine(broker):
    assert broker.get("/healthz") == (200, "ok\n")
    assert broker.get("/readyz?verbose") == (200, "clients: ok\nalarms: ok\n")
    client = broker.service()
    assert broker.figure("connections") >= 1
    assert broker.figure("process_open_fds") > 1
    client.socket.close()


def test_r18_reload_follows_a_good_file_and_not_a_bad_one(broker):
    broker.hup("[broker]\nlog.level = debug\n", "follows the configuration as it is now")
    broker.service().socket.close()
    wait_until(lambda: broker.says("DEBUG stomp_broker: opened connection="))
    broker.hup("[broker]\nlog.level = loud\n", "nothing has changed, the configuration cannot be followed")
    assert broker.says("log.level: 'loud' is none of the levels")
    assert broker.figure("config_last_reload_successful") == 0
    assert broker.process.poll() is None
    broker.hup("", "follows the configuration as it is now")
    assert broker.figure("config_last_reload_successful") == 1


def test_r20_publishers_wait_at_the_limit_and_readers_make_room(tmp_path):
    with Broker(tmp_path) as broker:
        limit = int(broker.figure("process_resident_memory_bytes")) + 24 * MIB
        broker.hup(f"[broker]\nmemory.limit = {limit}\n", "follows the configuration as it is now")
        publisher = broker.service()
        sent = 0
        while not broker.figure('alarm{name="memory"}'):
            for _ in range(32):
                publisher.publish(f"/queue/{sent % 4}", bytes(MIB // 4))
                sent += 1
            time.sleep(1.1)  # A look at the memory is due.
        publisher.say("SEND", {"destination": "/queue/0", "receipt": "late"})
        wait_until(lambda: broker.figure("blocked_connections") == 1, broker.output)
        assert broker.get("/readyz") == (503, "not-ready: memory\n")
        assert broker.figure("process_resident_memory_bytes") < limit + 16 * MIB
        readers = [broker.service() for _ in range(4)]
        for number, reader in enumerate(readers):
            reader.say("SUBSCRIBE", {"id": "0", "destination": f"/queue/{number}"})
        for _ in range(sent // len(readers)):
            assert all(reader.hear().command == "MESSAGE" for reader in readers)
        assert publisher.hear().headers["receipt-id"] == "late"
        wait_until(lambda: broker.get("/readyz") == (200, "ok\n"), broker.output)
        assert broker.output.count("publishers wait, readers go on alarm=memory") == 1
        assert broker.output.count("publishers go on alarm=memory") == 1


def test_r21_nobody_is_accepted_while_descriptors_are_scarce_and_those_there_go_on(tmp_path):
    with Broker(tmp_path, descriptors=64) as broker:
        reader, publisher = broker.service(), broker.service()
        reader.subscribe("/games/1/status")
        others = [socket.create_connection(("127.0.0.1", broker.port), timeout=PATIENCE) for _ in range(64)]
        wait_until(lambda: broker.figure('alarm{name="descriptors"}') == 1, broker.output)
        assert broker.get("/readyz") == (503, "not-ready: descriptors\n")
        publisher.say("SEND", {"destination": "/games/1/status", "receipt": "1"}, b"late")
        wait_until(lambda: broker.figure("blocked_connections") == 1, broker.output)
        for other in others:
            other.close()
        assert publisher.hear().headers["receipt-id"] == "1"
        assert reader.hear().body == b"late"
        late = broker.service()
        assert late.first.command == "CONNECTED"
        assert broker.output.count("publishers wait, readers go on alarm=descriptors") == 1
        assert "Traceback" not in broker.output


def test_r17_everybody_is_told_over_some_seconds_services_last_and_the_process_ends_well(tmp_path):
    with Broker(tmp_path, "[broker]\ndrain.seconds = 2\n", STOMP_LOGIN="web") as broker:
        clients = [broker.service() for _ in range(16)]
        with ThreadPoolExecutor(len(clients)) as pool:
            heard = [pool.submit(client.until_end) for client in clients]
            begun = time.monotonic()
            broker.signal(signal.SIGTERM)
            ends = [future.result() for future in heard]
        assert broker.ended() == 0
        assert time.monotonic() - begun < 30
        assert [codes[0][0] for codes in ends] == ["shutting-down"] * len(clients)
        times = [codes[0][1] for codes in ends]
        assert max(times) - min(times) > 1
        with pytest.raises(OSError, match="refused"):
            broker.service()


@pytest.mark.parametrize("numbers", [(signal.SIGINT,), (signal.SIGTERM, signal.SIGTERM)])
def test_in_a_hurry_all_are_told_at_once(tmp_path, numbers):
    with Broker(tmp_path, "[broker]\ndrain.seconds = 20\n") as broker:
        clients = [broker.service() for _ in range(3)]
        for number in numbers:
            broker.signal(number)
            wait_until(lambda: broker.says("taking leave"), broker.output)
        assert [client.until_end()[-1][0] for client in clients] == ["shutting-down"] * 3
        assert broker.ended() == 0


CONFIG = """
[global]
drain.seconds = 1
[listen]
http://127.0.0.1:{http}
stomp://127.0.0.1:{stomp} FILE
admin://127.0.0.1:{admin}
[access]
* -> localhost:{stomp}
"""


class TestInsideTheRelay:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "broker.cfg"
        path.write_text("verbose=true\nauth=mqauth\n")
        return path

    @pytest.fixture
    def relay(self, tmp_path, file):
        with Relay(tmp_path, CONFIG.replace("FILE", str(file)), descriptors=100, **SECRETS) as relay:
            yield relay

    def service(self, relay):
        return Client(relay.ports["stomp"])

    def test_its_file_figures_alarms_reload_and_end_are_the_brokers_too(self, relay, file):
        # A file of MorbidQ's.
        assert relay.says("line 2: MorbidQ's authentication modules cannot be used")
        publisher = self.service(relay)
        assert relay.figure("stomp_broker_connections") == 1
        # Reload.
        file.write_text("[broker]\nmemory.limit = much\n")
        relay.hup("the configuration cannot be followed")
        assert relay.says("[listen] stomp: ")
        file.write_text("[broker]\nmemory.limit = 50%\n")
        relay.hup("follows the configuration as it is now")
        # Descriptors.
        others = [socket.create_connection(("127.0.0.1", relay.ports["stomp"])) for _ in range(100)]
        wait_until(lambda: relay.figure('stomp_broker_alarm{name="descriptors"}') == 1, relay.output)
        publisher.say("SEND", {"destination": "/games/1/status", "receipt": "1"}, b"late")
        wait_until(lambda: relay.figure("stomp_broker_blocked_connections") == 1, relay.output)
        for other in others:
            other.close()
        assert publisher.hear().headers["receipt-id"] == "1"
        # The end.
        relay.process.send_signal(signal.SIGTERM)
        assert publisher.until_end()[0][0] == "shutting-down"
        assert relay.ended() == 0
