"""Table C: what a client may do wrong or try, by its numbers, and the whole reaction to it.

That is one ERROR with a stable code and the receipt-id of the frame at fault, after everything that was earned before
it; then the end; one more in the figure of that code; and one line in the log. Everything goes through the real
protocol, most of it over connections in memory, some over sockets.
"""

import re
import socket
from pathlib import Path

import pytest
from twisted.logger import LogLevel, formatEvent

from stomp_broker.errors import SENTENCES, Code
from stomp_broker.frames import (
    CLIENT_COMMANDS,
    MAX_BROWSER_FRAME_BYTES,
    MAX_HEADER_LINE_BYTES,
    MAX_HEADERS,
    MAX_SERVICE_FRAME_BYTES,
    SERVER_COMMANDS,
    Frame,
    Version,
    encode,
)
from stomp_broker.heartbeat import MIN_INTERVAL_MS
from stomp_broker.protocol import REFUSAL_SECONDS
from stomp_broker.subscriptions import MAX_SUBSCRIPTIONS
from stomp_broker.transactions import MAX_TRANSACTIONS
from tests.stack import PATIENCE
from tests.stomp_broker.clients import SERVICE_PASSCODE, Quiz, frames_in, ticket
from tests.system import broker as processes

VERSIONS = ["1.0", "1.1", "1.2"]
ESCAPING = ["1.1", "1.2"]
ANSWERS = "/games/1/answers"
STATUS = "/games/1/status"


@pytest.fixture
def quiz():
    return Quiz()


@pytest.fixture
def refused(quiz, logged):
    """``refused(client, code, receipt, before)`` holds the broker to the whole reaction, and gives the ERROR."""

    def check(client, code, receipt=None, before=(), count=1):
        *earlier, error = client.received()
        assert [frame.command for frame in earlier] == [*before]
        assert (error.command, error.headers["message"]) == ("ERROR", code)
        assert error.headers.get("receipt-id") == receipt
        assert error.body.decode() == SENTENCES[Code(code)]
        assert client.is_closed
        assert quiz.factory.broker.tally.refusals == {code: count}
        [line] = [event for event in logged if event["log_level"] is LogLevel.warn and event.get("code") == code]
        assert formatEvent(line).startswith("ended connection=")
        assert not [event for event in logged if event["log_level"] > LogLevel.warn]
        return error

    return check


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with processes.Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running
        assert "Traceback" not in running.output


class Raw:
    """A real socket to the broker's process, on which any bytes can be sent."""

    def __init__(self, process):
        self.socket = socket.create_connection(("127.0.0.1", process.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def frames(self):
        """All that came until the broker has hung up."""
        return frames_in(b"".join(iter(lambda: self.socket.recv(65536), b"")))


def frame(command, version="1.2", body=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return encode(Frame(command, named, body), Version(version))


def log_in(version="1.2"):
    return frame("CONNECT", accept_version=version, host="quiz", login="web", passcode=SERVICE_PASSCODE)


# Before the login, and the login itself.


@pytest.mark.parametrize("command", sorted(CLIENT_COMMANDS - {"CONNECT", "STOMP"}))
def test_c1_a_frame_before_connect_is_refused(quiz, refused, command):
    stranger = quiz.open()
    stranger.send(command, {"destination": STATUS, "id": "0", "transaction": "t", "receipt": "7"})
    refused(stranger, "not-connected", "7")


def test_c1_over_a_socket_the_error_comes_and_then_the_end(process):
    with Raw(process) as raw:
        raw.socket.sendall(frame("SEND", destination=STATUS, receipt="7", body=b"x" * 10_000))
        [error] = raw.frames()
    assert (error.headers["message"], error.headers["receipt-id"]) == ("not-connected", "7")


@pytest.mark.parametrize("host", ["quiz", "another.example", ""])
def test_c2_a_bad_login_hears_the_same_whatever_was_wrong_with_it(quiz, refused, host):
    passcodes = [
        "wrong",
        "",
        SERVICE_PASSCODE[:-1],
        ticket(seconds=-1),
        ticket(key="another key, as long as ours, yes"),
    ]
    logins = [(login, passcode) for login in ("web", "nobody", "") for passcode in passcodes]
    strangers = [quiz.open() for _ in [*logins, None]]
    for stranger, (login, passcode) in zip(strangers, [*logins, ("nobody", SERVICE_PASSCODE)], strict=True):
        stranger.send("CONNECT", {"accept-version": "1.2", "host": host, "login": login, "passcode": passcode})
    quiz.clock.advance(REFUSAL_SECONDS)
    assert len({stranger.transport.value() for stranger in strangers}) == 1
    for stranger in strangers:
        refused(stranger, "access-refused", count=len(strangers))


def test_c2_there_is_one_host_whatever_it_is_called(quiz):
    stranger = quiz.open()
    stranger.send("CONNECT", {"accept-version": "1.2", "host": "no/such", "login": "web", "passcode": SERVICE_PASSCODE})
    assert stranger.take("CONNECTED")


@pytest.mark.parametrize("offered", ["2.0", "1.3,0.9", "", "1.2.0", "one"])
def test_c3_without_a_common_version_the_error_lists_ours(quiz, refused, offered):
    stranger = quiz.open()
    stranger.send("CONNECT", {"accept-version": offered, "host": "quiz", "login": "web", "passcode": SERVICE_PASSCODE})
    assert refused(stranger, "no-common-version").headers["version"] == "1.0,1.1,1.2"


@pytest.mark.parametrize("command", ["CONNECT", "STOMP"])
@pytest.mark.parametrize("version", VERSIONS)
def test_c4_a_second_connect_is_refused(quiz, refused, version, command):
    player = quiz.player(version=version)
    player.send(command, {"accept-version": version, "host": "quiz", "passcode": ticket(), "receipt": "7"})
    refused(player, "already-connected", "7")


# Bytes that are no frames.


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("command", ["SHOUT", "send", "Send", "SEND ", *sorted(SERVER_COMMANDS)])
def test_c5_what_is_no_command_of_clients_is_refused(quiz, refused, version, command):
    player = quiz.player(version=version)
    player.send_bytes(f"{command}\ndestination:{ANSWERS}\n\n\0".encode())
    refused(player, "bad-command")


def test_c5_a_request_of_http_is_refused(process):
    with Raw(process) as raw:
        raw.socket.sendall(b"GET / HTTP/1.1\r\nHost: quiz\r\n\r\n")
        assert [each.headers["message"] for each in raw.frames()] == ["bad-command"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("line", ["destination", ":/games/1/answers", ":"])
def test_c6_a_header_without_colon_or_name_is_refused(quiz, refused, version, line):
    player = quiz.player(version=version)
    player.send_bytes(f"SEND\nreceipt:7\n{line}\n\n\0".encode())
    refused(player, "bad-header", "7")


@pytest.mark.parametrize("version", ESCAPING)
@pytest.mark.parametrize("line", [r"x:a\tb", "x:a\\", "x\\:a", r"x\t:a", r"x:\0", r"x:\u0041", r"x:\\\q"])
def test_c7_an_escape_that_is_not_defined_is_refused(quiz, refused, version, line):
    player = quiz.player(version=version)
    player.send_bytes(f"SEND\nreceipt:7\ndestination:{ANSWERS}\n{line}\n\n\0".encode())
    refused(player, "bad-escape", "7")


def test_c7_stomp_1_0_has_no_escapes_and_a_backslash_is_one(quiz):
    player = quiz.player(version="1.0")
    player.send_bytes(f"SEND\nreceipt:7\ndestination:{ANSWERS}\nx:a\\tb\\\n\n\0".encode())
    assert player.take("RECEIPT").headers["receipt-id"] == "7"


@pytest.mark.parametrize("version", ESCAPING)
def test_c8_a_line_end_in_a_header_never_becomes_a_header_of_somebody_elses_frame(quiz, version):
    readers = {each: quiz.service(each) for each in VERSIONS}
    for reader in readers.values():
        reader.subscribe("/topic/a")
    quiz.service(version).send_bytes(b"SEND\ndestination:/topic/a\nx:a\\nsender\\cplayer\\c2\\n\\nforged\n\nhi\0")
    quiz.clock.advance(0)
    raw = {each: reader.transport.value() for each, reader in readers.items()}
    for each in ESCAPING:
        assert b"\nx:a\\nsender\\cplayer\\c2\\n\\nforged\n" in raw[each]
    assert b"forged" not in raw["1.0"]
    for reader in readers.values():
        message = reader.take("MESSAGE")
        assert (message.headers["sender"], message.body) == ("service:web", b"hi")


@pytest.mark.parametrize("version", VERSIONS)
def test_c9_the_first_of_repeated_headers_counts(quiz, version):
    referee, player = quiz.service(), quiz.player(version=version)
    referee.subscribe(ANSWERS)
    player.send_bytes(
        f"SEND\ndestination:{ANSWERS}\ndestination:{STATUS}\nx:1\nx:2\nreceipt:7\nreceipt:8\n\n\0".encode()
    )
    assert player.take("RECEIPT").headers["receipt-id"] == "7"
    message = referee.take("MESSAGE")
    assert (message.headers["destination"], message.headers["x"]) == (ANSWERS, "1")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("length", ["2", "0", "-1", "+3", "3.0", "0x3", "three", "", "3 3", "٣"])
def test_c10_a_content_length_that_is_none_or_too_small_is_refused(quiz, refused, version, length):
    player = quiz.player(version=version)
    player.send_bytes(f"SEND\nreceipt:7\ndestination:{ANSWERS}\ncontent-length:{length}\n\nabc\0".encode())
    refused(player, "bad-length", "7")


@pytest.mark.parametrize("length", [str(10**12), str(MAX_BROWSER_FRAME_BYTES), "9" * 4000])
def test_c11_a_content_length_of_a_trillion_is_refused_at_once(quiz, refused, length):
    player = quiz.player()
    player.send_bytes(f"SEND\nreceipt:7\ndestination:{ANSWERS}\ncontent-length:{length}\n\n".encode())
    refused(player, "frame-too-large", "7")
    player.send_bytes(b"x" * 10_000)
    assert not player.protocol.session._decoder._buffer


def test_c11_over_a_socket_it_is_refused_before_any_of_it_has_come(process):
    with Raw(process) as raw:
        raw.socket.sendall(log_in() + b"SEND\nreceipt:7\ndestination:/queue/a\ncontent-length:1000000000000\n\n")
        connected, error = raw.frames()
    assert connected.command == "CONNECTED"
    assert (error.headers["message"], error.headers["receipt-id"]) == ("frame-too-large", "7")


@pytest.mark.parametrize("version", VERSIONS)
def test_c12_a_header_line_that_is_too_long_is_refused_before_it_ends(quiz, refused, version):
    player = quiz.player(version=version)
    player.send_bytes(b"SEND\nreceipt:7\nx:" + b"a" * (MAX_HEADER_LINE_BYTES - 2))
    assert player.received() == []
    player.send_bytes(b"a")
    refused(player, "header-limit", "7")


@pytest.mark.parametrize("version", VERSIONS)
def test_c12_one_header_too_many_is_refused(quiz, refused, version):
    lines = [f"destination:{ANSWERS}", "receipt:7", *(f"x{number}:" for number in range(MAX_HEADERS - 2))]
    player = quiz.player(version=version)
    player.send_bytes(("SEND\n" + "\n".join(lines) + "\n\n\0").encode())
    assert player.take("RECEIPT")
    player.send_bytes(("SEND\n" + "\n".join([*lines, "one:more"]) + "\n\n\0").encode())
    refused(player, "header-limit", "7")


@pytest.mark.parametrize(("who", "limit"), [("player", MAX_BROWSER_FRAME_BYTES), ("service", MAX_SERVICE_FRAME_BYTES)])
@pytest.mark.parametrize("has_length", [True, False])
def test_c12_a_frame_that_is_too_large_is_refused(quiz, refused, who, limit, has_length):
    client = getattr(quiz, who)()
    head = f"SEND\nreceipt:7\ndestination:{ANSWERS}\n"
    for excess in (0, 1):
        body = limit - len(head) - 2 + excess
        line = f"content-length:{body - len(f'content-length:{body}') - 1}\n" if has_length else ""
        client.send_bytes((head + line + "\n").encode() + b"x" * (body - len(line)) + b"\0")
        if not excess:
            assert client.take("RECEIPT")
    refused(client, "frame-too-large", "7")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "line", [b"x:\xff", b"x\xc3:a", b"x:\xed\xa0\x80", b"x:\xc0\x80", b"x:a\0b", b"x\0:a", b"x:\0"], ids=repr
)
def test_c13_a_header_that_is_no_utf8_or_has_nul_is_refused(quiz, refused, version, line):
    player = quiz.player(version=version)
    player.send_bytes(b"SEND\nreceipt:7\ndestination:/games/1/answers\n" + line + b"\n\n\0")
    refused(player, "bad-encoding", "7")


# What frames ask for.


@pytest.mark.parametrize("who", ["player", "service"])
@pytest.mark.parametrize("version", VERSIONS)
def test_c14_a_send_without_destination_is_refused(quiz, refused, version, who):
    client = getattr(quiz, who)(version=version)
    client.send("SEND", {"receipt": "7"}, b"{}")
    refused(client, "missing-destination", "7")


@pytest.mark.parametrize("who", ["player", "service"])
@pytest.mark.parametrize("destination", ["", "/", "nowhere", "queue/a", "topic://a", "/a\x07", "/" + "a" * 255])
def test_c14_a_send_to_what_is_no_destination_is_refused(quiz, refused, destination, who):
    client = getattr(quiz, who)()
    client.send("SEND", {"destination": destination, "receipt": "7"}, b"{}")
    refused(client, "bad-destination", "7")


@pytest.mark.parametrize("version", ESCAPING)
def test_c15_a_subscription_without_id_is_refused(quiz, refused, version):
    player = quiz.player(version=version)
    player.send("SUBSCRIBE", {"destination": STATUS, "receipt": "7"})
    refused(player, "missing-id", "7")


@pytest.mark.parametrize("version", VERSIONS)
def test_c15_an_id_that_is_in_use_is_refused(quiz, refused, version):
    player = quiz.player(version=version)
    player.subscribe(STATUS, id="a")
    player.send("SUBSCRIBE", {"destination": "/games/1/chat", "id": "a", "receipt": "7"})
    refused(player, "duplicate-id", "7")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("ack", ["", "AUTO", "never", "client-group"])
def test_c15_an_ack_mode_that_there_is_not_is_refused(quiz, refused, version, ack):
    player = quiz.player(version=version)
    player.send("SUBSCRIBE", {"destination": STATUS, "id": "a", "ack": ack, "receipt": "7"})
    refused(player, "bad-ack", "7")


@pytest.mark.parametrize("command", ["SUBSCRIBE", "SEND"])
@pytest.mark.parametrize("pattern", ["#", "*", ">", "/#", "/topic/game.*", "/topic/#", "/games/*/status", "/games/1/>"])
def test_c16_wildcards_are_refused_like_any_name_that_is_not_given(quiz, refused, pattern, command):
    player = quiz.player()
    player.send(command, {"destination": pattern, "id": "a", "receipt": "7"})
    refused(player, "access-refused", "7")


@pytest.mark.parametrize("pattern", ["#", "/games/*/status"])
def test_c16_who_may_everything_is_told_that_there_are_no_wildcards(quiz, refused, pattern):
    service = quiz.service()
    service.send("SUBSCRIBE", {"destination": pattern, "id": "a", "receipt": "7"})
    refused(service, "bad-destination", "7")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("destination", ["/players/2", "/games/1/host", "/games/2/status", ANSWERS, "/broker/stats"])
def test_c17_what_is_somebody_elses_cannot_be_read_and_the_log_says_who_tried(
    quiz, refused, logged, version, destination
):
    player = quiz.player(version=version)
    player.send("SUBSCRIBE", {"destination": destination, "id": "a", "receipt": "7"})
    refused(player, "access-refused", "7")
    quiz.service().send("SEND", {"destination": destination}, b"secret")
    assert player.received() == []
    line = f"ended connection=1 subject=player:1 code=access-refused why=read destination={destination}"
    game = re.match("/games/(.*)/", destination)
    assert [formatEvent(event) for event in logged].count(line + (f" game={game[1]}" if game else "")) == 1


def test_c17_a_flood_of_bad_passcodes_does_not_hide_who_tried(quiz, logged):
    for _ in range(10):
        quiz.open().send("CONNECT", {"accept-version": "1.2", "host": "quiz", "passcode": "wrong"})
    quiz.clock.advance(REFUSAL_SECONDS)
    quiz.player().send("SUBSCRIBE", {"destination": "/games/1/host", "id": "a"})
    ended = [event for event in logged if formatEvent(event).startswith("ended ")]
    assert [event.get("subject") for event in ended] == [None, "player:1"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("destination", [STATUS, "/games/1/chat", "/players/1", "/games/2/answers", "/broker/control"])
def test_c18_only_services_send_to_who_listens(quiz, refused, version, destination):
    reader = quiz.player(2)
    reader.subscribe(STATUS)
    player = quiz.player(1, version=version)
    player.send("SEND", {"destination": destination, "receipt": "7"}, b'{"cut": "player:2"}')
    refused(player, "access-refused", "7")
    assert reader.received() == []
    assert not reader.is_closed


@pytest.mark.parametrize(
    ("version", "command"),
    [
        (version, command)
        for version in VERSIONS
        for command in ("UNSUBSCRIBE", "ACK", "NACK")
        if (version, command) != ("1.0", "NACK")
    ],
)
def test_c19_what_is_not_there_cannot_be_ended_or_acknowledged(quiz, refused, version, command):
    player = quiz.player(version=version)
    player.subscribe(STATUS, id="a", ack="client")
    named = {"id": "b"} if command == "UNSUBSCRIBE" or version == "1.2" else {"message-id": "b", "subscription": "a"}
    player.send(command, named | {"receipt": "7"})
    refused(player, "unknown-id", "7")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("command", ["BEGIN", "COMMIT", "ABORT"])
def test_c20_a_transaction_begins_once_and_ends_once(quiz, refused, version, command):
    player = quiz.player(version=version)
    player.send("BEGIN", {"transaction": "a"})
    if command != "BEGIN":
        player.send("COMMIT", {"transaction": "a"})
    player.send(command, {"transaction": "a", "receipt": "7"})
    refused(player, "bad-transaction", "7")


@pytest.mark.parametrize("who", ["player", "service"])
@pytest.mark.parametrize("version", VERSIONS)
def test_c20_ten_transactions_may_be_open_and_of_ten_thousand_no_more(quiz, refused, version, who):
    client = getattr(quiz, who)(version=version)
    client.send_bytes(b"".join(frame("BEGIN", version, transaction=str(n), receipt=str(n)) for n in range(10_000)))
    refused(client, "bad-transaction", str(MAX_TRANSACTIONS), ["RECEIPT"] * MAX_TRANSACTIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_c21_one_subscription_too_many_is_refused(quiz, refused, version):
    names = [f"/topic/{number}" for number in range(MAX_SUBSCRIPTIONS + 1)]
    client = quiz.connect(ticket(read=names), version)
    for number, name in enumerate(names[:-1]):
        client.subscribe(name, id=str(number))
    client.send("SUBSCRIBE", {"destination": names[-1], "id": "one more", "receipt": "7"})
    refused(client, "subscription-limit", "7")


def test_c21_a_service_may_have_more_and_not_any_number(quiz, refused, monkeypatch):
    monkeypatch.setattr("stomp_broker.broker.MAX_SERVICE_SUBSCRIPTIONS", MAX_SUBSCRIPTIONS + 1)
    client = quiz.service()
    for number in range(MAX_SUBSCRIPTIONS + 1):
        client.subscribe(f"/topic/{number}", id=str(number))
    client.send("SUBSCRIBE", {"destination": "/topic/more", "id": "one more", "receipt": "7"})
    refused(client, "subscription-limit", "7")


@pytest.mark.parametrize("version", ESCAPING)
@pytest.mark.parametrize(
    "header", ["-1,0", "0,-1", "a,b", "", "1000", "1000,", "1,1,1", " 0,0", "1e3,0", "9" * 11 + ",0"]
)
def test_c22_a_heart_beat_that_is_not_two_numbers_is_refused(quiz, refused, version, header):
    stranger = quiz.open(version)
    headers = {"accept-version": version, "host": "quiz", "passcode": ticket(), "heart-beat": header}
    stranger.send("CONNECT", headers)
    refused(stranger, "bad-heartbeat")


@pytest.mark.parametrize("version", ESCAPING)
def test_c22_nobody_gets_a_beat_every_millisecond(quiz, version):
    client = quiz.open(version)
    client.send("CONNECT", {"accept-version": version, "host": "quiz", "passcode": ticket(), "heart-beat": "1,1"})
    assert client.take("CONNECTED").headers["heart-beat"] == f"{MIN_INTERVAL_MS},{MIN_INTERVAL_MS}"
    beats = 0
    for _ in range(100):
        quiz.clock.advance(0.1)
        client.send_bytes(b"\n")
        beats += client.transport.value().count(b"\n")
        client.transport.clear()
    assert beats <= 2 * 10 + 1


@pytest.mark.parametrize("version", VERSIONS)
def test_c23_a_receipt_of_a_megabyte_is_refused_and_not_repeated(quiz, refused, version):
    player = quiz.player(version=version)
    said = f"SEND\ndestination:{ANSWERS}\nreceipt:{'7' * 1_000_000}\n\n\0".encode()
    for place in range(0, len(said), 50_000):
        player.send_bytes(said[place : place + 50_000])
    refused(player, "header-limit")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "selector", ["1=0", "T(java.lang.Runtime).getRuntime().exec('id')", "__import__('os')", "${7*7}"]
)
def test_c23_a_selector_is_never_evaluated(quiz, version, selector):
    player, escaped = quiz.player(version=version), selector.replace(":", "\\c")
    player.send_bytes(f"SUBSCRIBE\nid:0\ndestination:{STATUS}\nselector:{escaped}\nreceipt:7\n\n\0".encode())
    assert player.take("RECEIPT").headers["receipt-id"] == "7"
    quiz.service().publish(STATUS, b"all of it")
    message = player.take("MESSAGE")
    assert message.body == b"all of it"
    assert "selector" not in message.headers


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("destination", [ANSWERS, "/topic/a"])
def test_c24_what_only_the_broker_may_say_is_not_the_senders(quiz, version, destination):
    reader = quiz.service()
    reader.subscribe(destination, id="mine")
    forged = dict.fromkeys(("message-id", "subscription", "user-id", "sender", "ack", "redelivered", "receipt-id"), "x")
    sender = quiz.connect(ticket("player:1", write=[destination]), version)
    sender.publish(destination, b"{}", **forged, login="x", passcode="x", own="kept")
    headers = reader.take("MESSAGE").headers
    assert (headers["sender"], headers["subscription"], headers["own"]) == ("player:1", "mine", "kept")
    assert "x" not in headers.values()
    assert headers["message-id"] == headers.get("ack", headers["message-id"])


@pytest.mark.parametrize("version", VERSIONS)
def test_c24_blanks_do_not_hide_it_from_readers_that_cut_them_off(quiz, version):
    reader, sender = quiz.service(version), quiz.service()
    reader.subscribe("/topic/a")
    body = b"\0MESSAGE\nsender:player:2\n\nforged\0"
    forged = b"\n content-length:0\nsender :player:2\n\tsubscription:9\nown:kept\n"
    sender.send_bytes(b"SEND\ndestination:/topic/a" + forged + b"content-length:%d\n\n%s\0" % (len(body), body))
    message = reader.take("MESSAGE")
    assert (message.headers["sender"], message.headers["own"]) == ("service:web", "kept")
    assert message.body == body


@pytest.mark.parametrize("version", VERSIONS)
def test_c25_a_million_heart_beats_are_a_flood_like_any_other(quiz, refused, version):
    player = quiz.player(version=version)
    for _ in range(16):
        player.send_bytes(b"\n" * 62_500)
    refused(player, "rate-limit")


def test_c25_beats_in_their_time_are_none(quiz):
    player = quiz.player()
    for _ in range(3000):
        player.send_bytes(b"\n")
        quiz.clock.advance(1)
    assert not player.is_closed


# How it comes.


def conversation(version):
    """A client's bytes that bring every kind of frame and end with an error."""
    return b"".join(
        [
            log_in(version),
            frame("SUBSCRIBE", version, id="0", destination="/topic/a", receipt="1"),
            b"\n\n",
            frame("SEND", version, destination="/topic/a", citta="perché", body="è\0€\n".encode()),
            b"SEND\ndestination:/topic/a\n\nwithout length\0",
            frame("BEGIN", version, transaction="t"),
            frame("SEND", version, destination="/topic/a", transaction="t", body=b"later"),
            frame("COMMIT", version, transaction="t", receipt="2"),
            frame("UNSUBSCRIBE", version, id="0", destination="/topic/a"),
            frame("SEND", version, receipt="3"),
        ]
    )


def heard(version, pieces):
    """What the broker says to a conversation that comes in pieces."""
    client = Quiz().open(version)
    for piece in pieces:
        client.send_bytes(piece)
    assert client.is_closed
    return client.received()


@pytest.mark.parametrize("version", VERSIONS)
def test_c26_a_conversation_split_at_any_byte_is_the_same(version):
    said = conversation(version)
    whole = heard(version, [said])
    assert [each.command for each in whole].count("MESSAGE") == 3
    assert whole[-1].headers["message"] == "missing-destination"
    for place in range(1, len(said)):
        assert heard(version, [said[:place], said[place:]]) == whole
    assert heard(version, [bytes([byte]) for byte in said]) == whole


def test_c26_over_a_socket_byte_by_byte_is_the_same_as_at_once(process):
    answers = []
    said = conversation("1.2")
    for size in (len(said), 1):
        with Raw(process) as raw:
            for place in range(0, len(said), size):
                raw.socket.sendall(said[place : place + size])
            frames = raw.frames()
        answers.append([(each.command, each.body, each.headers.get("receipt-id")) for each in frames])
    assert answers[0] == answers[1]
    assert [each[0] for each in answers[0]] == ["CONNECTED", "RECEIPT", *["MESSAGE"] * 2, "MESSAGE", "RECEIPT", "ERROR"]


@pytest.mark.parametrize("version", VERSIONS)
def test_c27_receipts_that_were_earned_come_before_the_error(quiz, refused, version):
    player = quiz.player(version=version)
    asked = [frame("SEND", version, destination=ANSWERS, receipt=str(number)) for number in range(3)]
    player.send_bytes(b"".join(asked) + frame("SEND", version, destination=STATUS, receipt="3") + asked[0])
    refused(player, "access-refused", "3", ["RECEIPT"] * 3)


def test_c27_so_do_those_that_wait_for_the_disk(tmp_path):
    quiz = Quiz(store_file=tmp_path / "queues")
    player = quiz.player()
    asked = [frame("SEND", destination=ANSWERS, receipt=str(number)) for number in range(3)]
    player.send_bytes(b"".join(asked) + frame("SEND", destination=STATUS, receipt="3"))
    assert [each.headers["receipt-id"] for each in player.received()] == ["0", "1", "2", "3"]
    assert player.is_closed
    quiz.factory.broker.queues.close()


def test_c27_and_over_a_socket_on_which_the_client_still_writes(process):
    with Raw(process) as raw:
        asked = [frame("SEND", destination="/topic/a", receipt=str(number)) for number in range(100)]
        raw.socket.sendall(log_in() + b"".join(asked) + frame("NACK", id="none", receipt="last") + asked[0] * 1000)
        frames = raw.frames()
    assert [each.headers.get("receipt-id") for each in frames] == [None, *map(str, range(100)), "last"]
    assert frames[-1].headers["message"] == "unknown-id"


def test_every_number_of_the_table_is_here():
    numbers = {int(number) for number in re.findall(r"^def test_c(\d+)_", Path(__file__).read_text(), re.MULTILINE)}
    assert numbers == set(range(1, 28))
