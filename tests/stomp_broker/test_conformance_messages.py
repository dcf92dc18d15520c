"""What STOMP says of sending, subscribing, acknowledging and transactions, over bytes in and bytes out.

docs/stomp-conformance.md leads here.
"""

import pytest

from stomp_broker.errors import Code, RemoteError
from tests.stomp_broker.clients import Quiz
from tests.stomp_broker.wire import LATER, VERSIONS, Wire, body, commands, header, is_error, lines

MODES = ["client", "client-individual"]


@pytest.fixture
def quiz():
    return Quiz()


def send(destination="/queue/a", headers="", text=""):
    return f"SEND\ndestination:{destination}\n{headers}\n{text}\0".encode()


def subscribe(destination="/queue/a", ack="auto", id="0"):
    return f"SUBSCRIBE\nid:{id}\ndestination:{destination}\nack:{ack}\n\n\0".encode()


def about(message, version, command="ACK", more=b""):
    """An ACK, or NACK, of a message as the version has it."""
    if version == "1.2":
        named = b"id:" + header(message, b"ack")
    else:
        named = b"message-id:" + header(message, b"message-id")
        if version == "1.1":
            named += b"\nsubscription:" + header(message, b"subscription")
    return command.encode() + b"\n" + named + b"\n" + more + b"\n\0"


def frames(data):
    return [frame + b"\0" for frame in data.split(b"\0")[:-1]]


def bodies(data):
    """The bodies of the messages, and which of them came again."""
    messages = [frame for frame in frames(data) if frame.startswith(b"MESSAGE")]
    return [body(each)[:-1].decode() + "!" * (header(each, b"redelivered") == b"true") for each in messages]


def consumer(quiz, version, ack, *texts):
    """Somebody who was given messages with these bodies; the frames that brought them."""
    client = Wire(quiz, version)
    heard = client.say(subscribe(ack=ack))
    for text in texts:
        heard += client.say(send(text=text))
    assert bodies(heard) == [*texts]
    return client, frames(heard)


def left(quiz, version="1.2"):
    """The bodies of the messages that come to the next consumer."""
    heir = Wire(quiz, version)
    return bodies(heir.say(subscribe()))


@pytest.mark.parametrize("version", VERSIONS)
class TestSend:
    def test_a_destination_is_required(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(b"SEND\n\nhi\0"), "missing-destination")
        assert client.is_closed

    def test_the_message_has_the_body(self, quiz, version):
        client = Wire(quiz, version)
        heard = client.say(subscribe("/topic/a") + send("/topic/a", text="hi"))
        assert body(heard) == b"hi\0"

    def test_a_destination_is_a_name_and_nothing_else(self, quiz, version):
        client = Wire(quiz, version)
        heard = client.say(
            subscribe("/a//b.c;d=é f") + send("/a//b.c;d=é f", text="1") + send("/a/b.c;d=é f", text="2")
        )
        assert bodies(heard) == ["1"]
        assert header(heard, b"destination") == "/a//b.c;d=é f".encode()

    def test_headers_of_the_user_pass_unchanged(self, quiz, version):
        client = Wire(quiz, version)
        client.say(subscribe("/topic/a"))
        own = ["x-one:1", "priority:9", "correlation-id:a b", "id:17", "version:3", "empty:"]
        heard = client.say(send("/topic/a", "\n".join(own) + "\n"))
        assert {line.decode() for line in lines(heard)} >= set(own)

    def test_headers_of_the_frame_do_not_pass(self, quiz, version):
        client = Wire(quiz, version)
        client.say(subscribe("/topic/a") + b"BEGIN\ntransaction:t\n\n\0")
        client.say(send("/topic/a", "receipt:r\ntransaction:t\nlogin:ada\npasscode:secret\n"))
        message = frames(client.say(b"COMMIT\ntransaction:t\n\n\0"))[0]
        for name in (b"receipt", b"transaction", b"login", b"passcode"):
            assert header(message, name) is None

    def test_only_the_broker_says_who_sent_what_to_whom(self, quiz, version):
        client = Wire(quiz, version)
        client.say(subscribe("/topic/a"))
        forged = "message-id:7\nsubscription:9\nack:8\nsender:x\nuser-id:y\nredelivered:true\n"
        heard = client.say(send("/topic/a", forged))
        assert header(heard, b"subscription") == b"0"
        assert header(heard, b"message-id") != b"7"
        assert [header(heard, name) for name in (b"ack", b"user-id", b"redelivered")] == [None] * 3
        assert header(heard, b"sender") != b"x"

    @pytest.mark.parametrize("destination", ["", "relative", "/topic/*", "/broker/stats"])
    def test_what_cannot_be_sent_is_an_error_and_the_end(self, quiz, version, destination):
        client = Wire(quiz, version)
        heard = client.say(send(destination, "receipt:7\n") + send("/queue/a", text="after"))
        assert commands(heard) == [b"ERROR"]
        assert header(heard, b"receipt-id") == b"7"
        assert client.is_closed
        assert left(quiz) == []


@pytest.mark.parametrize("version", VERSIONS)
class TestSubscribe:
    def test_a_destination_is_required(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(b"SUBSCRIBE\nid:0\n\n\0"), "missing-destination")
        assert client.is_closed

    def test_messages_of_the_destination_come_from_now_on_and_name_the_subscription(self, quiz, version):
        client, sender = Wire(quiz, version), Wire(quiz, version)
        client.say(subscribe("/topic/a", id="mine"))
        sender.say(send("/topic/a", text="1") + send("/topic/b", text="2"))
        heard = client.hear()
        assert bodies(heard) == ["1"]
        assert header(heard, b"subscription") == b"mine"

    @pytest.mark.parametrize("destination", ["", "relative", "/topic/>", "/broker/control"])
    def test_what_cannot_be_subscribed_to_is_an_error_and_the_end(self, quiz, version, destination):
        client = Wire(quiz, version)
        assert commands(client.say(subscribe(destination))) == [b"ERROR"]
        assert client.is_closed

    def test_the_same_id_twice_is_an_error(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(subscribe("/topic/a") + subscribe("/topic/b")), "duplicate-id")
        assert client.is_closed

    def test_ids_of_different_connections_have_nothing_to_do_with_each_other(self, quiz, version):
        one, other = Wire(quiz, version), Wire(quiz, version)
        assert one.say(subscribe("/topic/a")) == other.say(subscribe("/topic/b")) == b""

    def test_ack_is_auto_unless_it_is_said_and_an_unknown_one_is_an_error(self, quiz, version):
        client = Wire(quiz, version)
        client.say(b"SUBSCRIBE\nid:0\ndestination:/queue/a\n\n\0" + send(text="1"))
        client.drop()
        assert left(quiz) == []
        assert is_error(Wire(quiz, version).say(subscribe(ack="sometimes")), "bad-ack")

    def test_unsubscribed_brings_nothing_more(self, quiz, version):
        client = Wire(quiz, version)
        client.say(subscribe("/topic/a") + subscribe("/topic/b", id="1") + b"UNSUBSCRIBE\nid:0\n\n\0")
        assert bodies(client.say(send("/topic/a", text="1") + send("/topic/b", text="2"))) == ["2"]

    def test_to_end_what_is_not_there_is_an_error(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(subscribe("/topic/a") + b"UNSUBSCRIBE\nid:1\n\n\0"), "unknown-id")
        assert client.is_closed


class TestIds:
    @pytest.mark.parametrize("version", LATER)
    @pytest.mark.parametrize("command", ["SUBSCRIBE", "UNSUBSCRIBE"])
    def test_they_are_required_since_1_1(self, quiz, version, command):
        client = Wire(quiz, version)
        assert is_error(client.say(f"{command}\ndestination:/topic/a\n\n\0".encode()), "missing-id")
        assert client.is_closed

    def test_1_0_may_go_without_and_unsubscribe_by_destination(self, quiz):
        client = Wire(quiz, "1.0")
        heard = client.say(b"SUBSCRIBE\ndestination:/topic/a\n\n\0" + send("/topic/a", text="1"))
        assert bodies(heard) == ["1"]
        assert header(heard, b"subscription") is None
        assert client.say(b"UNSUBSCRIBE\ndestination:/topic/a\n\n\0" + send("/topic/a", text="2")) == b""

    def test_1_0_may_unsubscribe_by_destination_though_there_is_an_id(self, quiz):
        client = Wire(quiz, "1.0")
        client.say(subscribe("/topic/a"))
        assert client.say(b"UNSUBSCRIBE\ndestination:/topic/a\n\n\0" + send("/topic/a")) == b""

    def test_1_0_cannot_go_without_twice_for_the_same_destination(self, quiz):
        nameless = b"SUBSCRIBE\ndestination:/topic/a\n\n\0"
        client = Wire(quiz, "1.0")
        assert client.say(nameless + subscribe("/topic/a", id="1") + nameless.replace(b"/a", b"/b")) == b""
        assert is_error(client.say(nameless), "duplicate-id")

    def test_1_0_needs_one_of_the_two(self, quiz):
        assert is_error(Wire(quiz, "1.0").say(b"UNSUBSCRIBE\n\n\0"), "missing-id")


@pytest.mark.parametrize("version", VERSIONS)
class TestAcknowledgement:
    def test_auto_takes_what_was_sent_for_received(self, quiz, version):
        client, _ = consumer(quiz, version, "auto", "1", "2")
        client.drop()
        assert left(quiz) == []

    @pytest.mark.parametrize("ack", MODES)
    def test_what_was_not_acknowledged_comes_again_in_order_and_marked(self, quiz, version, ack):
        client, _ = consumer(quiz, version, ack, "1", "2", "3")
        client.drop()
        assert left(quiz, version) == ["1!", "2!", "3!"]

    def test_client_stands_for_all_before_too(self, quiz, version):
        client, messages = consumer(quiz, version, "client", "1", "2", "3")
        assert client.say(about(messages[1], version)) == b""
        client.drop()
        assert left(quiz) == ["3!"]

    def test_client_individual_stands_for_one(self, quiz, version):
        client, messages = consumer(quiz, version, "client-individual", "1", "2", "3")
        assert client.say(about(messages[1], version)) == b""
        client.drop()
        assert left(quiz) == ["1!", "3!"]

    def test_the_message_must_be_named(self, quiz, version):
        client, _ = consumer(quiz, version, "client", "1")
        assert is_error(client.say(b"ACK\nreceipt:7\nsubscription:0\n\n\0"), "missing-id")
        assert client.is_closed
        assert left(quiz) == ["1!"]

    def test_it_must_be_one_that_waits(self, quiz, version):
        client, messages = consumer(quiz, version, "client", "1")
        stranger = Wire(quiz, version)
        stranger.say(subscribe("/queue/b", ack="client"))
        assert is_error(stranger.say(about(messages[0], version)), "unknown-id")
        assert stranger.is_closed
        assert not client.is_closed


@pytest.mark.parametrize("version", LATER)
class TestNack:
    def test_with_client_individual_it_gives_one_back(self, quiz, version):
        client, messages = consumer(quiz, version, "client-individual", "1", "2")
        assert bodies(client.say(about(messages[1], version, "NACK"))) == ["2!"]

    def test_with_client_it_gives_back_all_before_that_wait(self, quiz, version):
        client, messages = consumer(quiz, version, "client", "1", "2", "3", "4")
        client.say(about(messages[0], version))
        assert bodies(client.say(about(messages[2], version, "NACK"))) == ["2!", "3!"]

    def test_another_may_have_what_was_given_back(self, quiz, version):
        client, messages = consumer(quiz, version, "client-individual", "1")
        client.say(about(messages[0], version, "NACK"))
        client.drop()
        assert left(quiz) == ["1!"]

    def test_the_message_must_be_named(self, quiz, version):
        client, _ = consumer(quiz, version, "client", "1")
        assert is_error(client.say(b"NACK\nsubscription:0\n\n\0"), "missing-id")


def test_1_0_has_no_nack(quiz):
    client, _ = consumer(quiz, "1.0", "client", "1")
    assert is_error(client.say(b"NACK\nmessage-id:Q1\n\n\0"), "bad-command")


class TestNamesOfMessages:
    def test_1_2_wants_the_id_that_was_in_the_header_ack(self, quiz):
        client, [message] = consumer(quiz, "1.2", "client", "1")
        named = b"message-id:" + header(message, b"message-id") + b"\nsubscription:0"
        assert is_error(client.say(b"ACK\n" + named + b"\n\n\0"), "missing-id")

    @pytest.mark.parametrize("destination", ["/queue/a", "/topic/a"])
    @pytest.mark.parametrize("missing", [b"message-id", b"subscription"])
    def test_1_1_wants_message_id_and_subscription(self, quiz, destination, missing):
        client = Wire(quiz, "1.1")
        message = client.say(subscribe(destination, ack="client") + send(destination))
        ack = about(message, "1.1").replace(missing, b"x-" + missing)
        assert is_error(client.say(ack), "missing-id")

    @pytest.mark.parametrize("destination", ["/queue/a", "/topic/a"])
    def test_1_1_wants_the_subscription_that_brought_the_message(self, quiz, destination):
        client = Wire(quiz, "1.1")
        message = client.say(subscribe(destination, ack="client") + send(destination))
        named = b"message-id:" + header(message, b"message-id")
        assert is_error(client.say(b"ACK\n" + named + b"\nsubscription:1\n\n\0"), "unknown-id")

    def test_1_0_wants_message_id_alone(self, quiz):
        client, [message] = consumer(quiz, "1.0", "client", "1")
        assert client.say(b"ACK\nmessage-id:" + header(message, b"message-id") + b"\n\n\0") == b""
        client.drop()
        assert left(quiz) == []


@pytest.mark.parametrize("version", VERSIONS)
class TestTransactions:
    @pytest.mark.parametrize("command", ["BEGIN", "COMMIT", "ABORT"])
    def test_they_must_be_named(self, quiz, version, command):
        client = Wire(quiz, version)
        assert is_error(client.say(command.encode() + b"\n\n\0"), "missing-id")
        assert client.is_closed

    @pytest.mark.parametrize("command", ["COMMIT", "ABORT", "SEND"])
    def test_the_name_must_be_of_one_that_was_begun(self, quiz, version, command):
        client = Wire(quiz, version)
        frame = f"{command}\ntransaction:t\ndestination:/topic/a\n\n\0".encode()
        assert is_error(client.say(frame), "bad-transaction")

    def test_two_at_a_time_have_two_names(self, quiz, version):
        client = Wire(quiz, version)
        assert client.say(b"BEGIN\ntransaction:t\n\n\0BEGIN\ntransaction:u\n\n\0") == b""
        assert is_error(client.say(b"BEGIN\ntransaction:t\n\n\0"), "bad-transaction")

    def test_those_of_different_connections_have_nothing_to_do_with_each_other(self, quiz, version):
        one, other = Wire(quiz, version), Wire(quiz, version)
        assert one.say(b"BEGIN\ntransaction:t\n\n\0") == other.say(b"BEGIN\ntransaction:t\n\n\0") == b""
        one.say(b"ABORT\ntransaction:t\n\n\0")
        assert other.say(b"COMMIT\ntransaction:t\n\n\0") == b""

    def test_what_is_sent_and_acknowledged_counts_at_the_commit(self, quiz, version):
        client, [message] = consumer(quiz, version, "client", "1")
        client.say(b"BEGIN\ntransaction:t\n\n\0" + about(message, version, more=b"transaction:t\n"))
        client.say(send("/queue/b", "transaction:t\n", "2") + send("/queue/b", "transaction:t\n", "3"))
        reader = Wire(quiz, version)
        assert reader.say(subscribe("/queue/b")) == b""
        client.say(b"COMMIT\ntransaction:t\n\n\0")
        assert bodies(reader.hear()) == ["2", "3"]
        client.drop()
        assert left(quiz) == []

    @pytest.mark.parametrize("end", ["ABORT\ntransaction:t\n\n\0", "DISCONNECT\n\n\0", ""])
    def test_aborted_or_left_open_it_never_was(self, quiz, version, end):
        client, [message] = consumer(quiz, version, "client", "1")
        client.say(b"BEGIN\ntransaction:t\n\n\0" + about(message, version, more=b"transaction:t\n"))
        client.say(send("/queue/b", "transaction:t\n", "2") + end.encode())
        if not client.is_closed:
            client.drop()
        assert left(quiz) == ["1!"]
        assert Wire(quiz, version).say(subscribe("/queue/b")) == b""

    def test_what_stands_outside_of_it_does_not_wait(self, quiz, version):
        client = Wire(quiz, version)
        heard = client.say(subscribe() + b"BEGIN\ntransaction:t\n\n\0" + send(text="1"))
        assert bodies(heard) == ["1"]


@pytest.mark.parametrize("version", LATER)
def test_a_nack_in_a_transaction_waits_for_the_commit(quiz, version):
    client, [message] = consumer(quiz, version, "client", "1")
    assert client.say(b"BEGIN\ntransaction:t\n\n\0" + about(message, version, "NACK", b"transaction:t\n")) == b""
    assert bodies(client.say(b"COMMIT\ntransaction:t\n\n\0")) == ["1!"]


@pytest.mark.parametrize("version", VERSIONS)
class TestDisconnect:
    def test_the_receipt_comes_and_then_the_end(self, quiz, version):
        client = Wire(quiz, version)
        assert client.say(b"DISCONNECT\nreceipt:77\n\n\0") == b"RECEIPT\nreceipt-id:77\n\n\0"
        assert client.is_closed

    def test_what_comes_after_it_is_not_looked_at(self, quiz, version):
        client = Wire(quiz, version)
        client.say(b"DISCONNECT\n\n\0" + send(text="1"))
        assert left(quiz) == []


@pytest.mark.parametrize("version", VERSIONS)
class TestMessage:
    def test_it_names_where_it_was_sent_and_itself(self, quiz, version):
        client = Wire(quiz, version)
        client.say(subscribe("/topic/a") + subscribe("/queue/a", id="1"))
        heard = frames(client.say((send("/topic/a") + send("/queue/a")) * 3))
        assert [header(each, b"destination") for each in heard].count(b"/topic/a") == 3
        assert len({header(each, b"message-id") for each in heard} - {None}) == 6
        assert {header(each, b"subscription") for each in heard} == {b"0", b"1"}

    @pytest.mark.parametrize("destination", ["/queue/a", "/topic/a"])
    def test_ack_is_there_in_1_2_where_an_acknowledgement_is_wanted(self, quiz, version, destination):
        for ack in ["auto", *MODES]:
            client = Wire(quiz, version)
            message = frames(client.say(subscribe(destination, ack) + send(destination)))[0]
            assert (header(message, b"ack") is not None) == (version == "1.2" and ack != "auto")
            client.say(b"DISCONNECT\n\n\0")
            left(quiz)


@pytest.mark.parametrize("version", VERSIONS)
class TestReceipt:
    def test_it_comes_when_the_frame_was_processed_and_says_which(self, quiz, version):
        client = Wire(quiz, version)
        heard = client.say(send(headers="receipt:1\n", text="1") + subscribe() + send("/topic/a", "receipt:2\n"))
        assert commands(heard) == [b"RECEIPT", b"MESSAGE", b"RECEIPT"]
        assert [header(each, b"receipt-id") for each in frames(heard)] == [b"1", None, b"2"]

    def test_frames_that_came_before_the_client_left_are_processed(self, quiz, version):
        client = Wire(quiz, version)
        client.send(b"".join(send(text=str(number)) for number in range(50)))
        client.drop()
        assert left(quiz) == [str(number) for number in range(50)]


@pytest.mark.parametrize("version", VERSIONS)
class TestError:
    def test_it_says_what_is_wrong_in_a_word_and_in_a_sentence(self, quiz, version):
        heard = Wire(quiz, version).say(b"SEND\n\n\0")
        assert header(heard, b"message") == b"missing-destination"
        assert body(heard).rstrip(b"\0").endswith(b".")

    def test_it_names_the_frame_by_its_receipt_and_its_command(self, quiz, version):
        heard = Wire(quiz, version).say(send(headers="receipt:1\n") + b"SUBSCRIBE\nid:0\nreceipt:2\n\n\0")
        [_, error] = frames(heard)
        assert header(error, b"receipt-id") == b"2"
        assert header(error, b"command") == b"SUBSCRIBE"

    def test_it_names_none_where_none_is_at_fault(self, quiz, version):
        client = Wire(quiz, version)
        client.say(send(headers="receipt:1\n"))
        client.cut(RemoteError(Code.KICKED))
        heard = client.hear()
        assert is_error(heard, "kicked")
        assert header(heard, b"receipt-id") is header(heard, b"command") is None

    def test_it_is_the_last_that_comes(self, quiz, version):
        client = Wire(quiz, version)
        client.say(subscribe("/topic/a"))
        assert commands(client.say(b"SEND\n\n\0" + send("/topic/a", "receipt:7\n"))) == [b"ERROR"]
        assert client.is_closed
        Wire(quiz, version).say(send("/topic/a"))
        assert client.hear() == b""
