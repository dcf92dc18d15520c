"""What STOMP says of frames, over bytes in and bytes out. docs/stomp-conformance.md leads here."""

import pytest

from stomp_broker.frames import MAX_HEADER_LINE_BYTES, MAX_HEADERS, MAX_SERVICE_FRAME_BYTES
from tests.stomp_broker.clients import Quiz
from tests.stomp_broker.wire import LATER, LOGIN, VERSIONS, Wire, body, commands, header, is_error, lines

FRAMES = {
    "SEND": b"destination:/topic/a\n",
    "SUBSCRIBE": b"id:1\ndestination:/topic/b\n",
    "UNSUBSCRIBE": b"id:0\n",
    "BEGIN": b"transaction:t2\n",
    "COMMIT": b"transaction:t\n",
    "ABORT": b"transaction:t\n",
    "DISCONNECT": b"",
}


@pytest.fixture
def quiz():
    return Quiz()


@pytest.fixture
def echo(quiz):
    """Send a frame in one version; what a reader of another hears of it."""

    def send_and_hear(version, frame, reader=None):
        listener = Wire(quiz, reader or version)
        listener.say(b"SUBSCRIBE\nid:0\ndestination:/topic/a\n\n\0")
        Wire(quiz, version).say(frame)
        return listener.hear()

    return send_and_hear


def send(headers=b"", text=b""):
    return b"SEND\ndestination:/topic/a\n" + headers + b"\n" + text + b"\0"


@pytest.mark.parametrize("version", VERSIONS)
class TestForm:
    def test_a_frame_is_a_command_headers_a_blank_line_a_body_and_nul(self, echo, version):
        heard = echo(version, b"SEND\ndestination:/topic/a\nnote:x\n\nhi\0")
        assert lines(heard)[0] == b"MESSAGE"
        assert header(heard, b"note") == b"x"
        assert body(heard) == b"hi\0"

    def test_headers_may_be_none_at_all(self, quiz, version):
        client = Wire(quiz, version)
        assert client.say(b"DISCONNECT\n\n\0") == b""
        assert client.is_closed

    def test_line_ends_may_stand_between_frames(self, echo, version):
        heard = echo(version, b"\n\n" + send() + b"\n\n\n" + send() + b"\n")
        assert commands(heard) == [b"MESSAGE", b"MESSAGE"]

    @pytest.mark.parametrize("entry", [b"note\n", b":x\n"])
    def test_a_header_needs_a_name_and_a_colon(self, quiz, version, entry):
        client = Wire(quiz, version)
        assert is_error(client.say(send(entry)), "bad-header")
        assert client.is_closed

    @pytest.mark.parametrize("frame", [b"send\ndestination:/topic/a\n\n\0", b"Send\ndestination:/topic/a\n\n\0"])
    def test_commands_are_case_sensitive(self, quiz, version, frame):
        assert is_error(Wire(quiz, version).say(frame), "bad-command")

    def test_names_of_headers_are_case_sensitive(self, quiz, version):
        assert is_error(Wire(quiz, version).say(b"SEND\nDestination:/topic/a\n\n\0"), "missing-destination")

    def test_a_command_that_the_text_does_not_have_is_an_error(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(b"SHOUT\n\n\0"), "bad-command")
        assert client.is_closed


class TestLineEnds:
    def test_1_2_takes_cr_lf_for_a_line_end(self, echo):
        heard = echo("1.2", b"SEND\r\ndestination:/topic/a\r\nnote:x\r\n\r\nhi\r\n\0\r\n")
        assert header(heard, b"note") == b"x"
        assert body(heard) == b"hi\r\n\0"

    def test_1_1_takes_lf_alone(self, quiz, echo):
        assert header(echo("1.1", send(b"note:x\r\n"), reader="1.2"), b"note") == b"x\\r"
        assert is_error(Wire(quiz, "1.1").say(b"SEND\r\ndestination:/topic/a\n\n\0"), "bad-command")

    @pytest.mark.parametrize("version", VERSIONS)
    def test_what_is_sent_has_no_cr_for_a_line_end(self, echo, version):
        assert b"\r" not in echo(version, send(text=b"hi"))


class TestEscapes:
    @pytest.mark.parametrize("version", LATER)
    def test_escapes_are_read(self, echo, version):
        heard = echo(version, send(b"note:a\\cb\\\\c\\\\n\nna\\cme:x\n"), reader="1.0")
        assert header(heard, b"note") == b"a:b\\c\\n"
        assert header(echo(version, send(b"note:a\\nb\n")), b"note") == b"a\\nb"

    def test_1_2_reads_and_writes_that_of_cr(self, echo):
        assert header(echo("1.2", send(b"note:a\\rb\n"), reader="1.1"), b"note") == b"a\rb"
        assert header(echo("1.1", send(b"note:a\rb\n"), reader="1.2"), b"note") == b"a\\rb"

    @pytest.mark.parametrize("version", LATER)
    def test_escapes_are_written_in_names_and_values(self, echo, version):
        assert header(echo("1.0", send(b"note:a:b\\c\n"), reader=version), b"note") == b"a\\cb\\\\c"
        assert b"na\\cme:x" in lines(echo(version, send(b"na\\cme:x\n")))

    @pytest.mark.parametrize(
        ("version", "escape"), [("1.1", b"\\r"), ("1.1", b"\\t"), ("1.2", b"\\t"), ("1.2", b"\\"), ("1.2", b"\\N")]
    )
    def test_an_undefined_escape_ends_the_session(self, quiz, version, escape):
        listener = Wire(quiz, version)
        listener.say(b"SUBSCRIBE\nid:0\ndestination:/topic/a\n\n\0")
        client = Wire(quiz, version)
        assert is_error(client.say(send(b"note:x" + escape + b"\n") + send()), "bad-escape")
        assert client.is_closed
        assert listener.hear() == b""

    def test_1_0_has_none(self, echo):
        assert header(echo("1.0", send(b"note:a\\cb\\t\n")), b"note") == b"a\\cb\\t"

    @pytest.mark.parametrize("command", [b"CONNECT", b"STOMP"])
    @pytest.mark.parametrize("version", LATER)
    def test_connect_and_connected_have_none(self, command, version):
        client = Wire(Quiz(service_passcode="a\\cb:\\t"))
        version_header = b"accept-version:" + version.encode()
        heard = client.say(command + b"\n" + version_header + b"\nlogin:web\npasscode:a\\cb:\\t\n\n\0")
        assert lines(heard)[0] == b"CONNECTED"
        assert b"\\" not in heard


class TestBlanks:
    @pytest.mark.parametrize("version", LATER)
    def test_they_are_neither_cut_off_nor_added(self, echo, version):
        heard = echo(version, send(b" na me : x y \n"))
        assert b" na me : x y " in lines(heard)
        assert header(heard, b"destination") == b"/topic/a"

    @pytest.mark.parametrize("version", LATER)
    def test_a_destination_with_one_is_another(self, quiz, version):
        assert is_error(Wire(quiz, version).say(b"SEND\ndestination: /topic/a\n\n\0"), "bad-destination")

    def test_1_0_cuts_them_off(self, quiz, echo):
        heard = echo("1.0", b"SEND\ndestination: /topic/a\nnote : x y \ncontent-length: 2\n\nhi\0")
        assert header(heard, b"note") == b"x y"
        connect = b"CONNECT\nlogin: web\npasscode: sesame \ncontent-length: 0\n\n\0"
        assert Wire(quiz).say(connect).startswith(b"CONNECTED\n")

    def test_1_0_cuts_off_nothing_else(self, echo):
        entry = "note:\u3000x\u00a0".encode()
        assert entry in lines(echo("1.0", send(entry + b"\n")))


class TestBodies:
    @pytest.mark.parametrize("version", LATER)
    @pytest.mark.parametrize("command", ["ACK", "NACK", *(command for command in FRAMES if command != "SEND")])
    def test_no_other_command_than_send_may_have_one(self, quiz, version, command):
        client = Wire(quiz, version)
        frame = f"{command}\nreceipt:7\n\nbody\0".encode()
        heard = client.say(frame)
        assert is_error(heard, "body-not-allowed")
        assert header(heard, b"receipt-id") == b"7"
        assert client.is_closed

    def test_connect_may_not(self, quiz):
        frame = b"CONNECT\naccept-version:1.2\nhost:quiz\n" + LOGIN + b"\nbody\0"
        assert is_error(Wire(quiz).say(frame), "body-not-allowed")

    def test_that_of_a_subscribe_of_1_0_is_ignored(self, quiz):
        client = Wire(quiz, "1.0")
        heard = client.say(b"SUBSCRIBE\ndestination:/topic/a\nreceipt:7\n\nbody\0" + send(text=b"hi"))
        assert commands(heard) == [b"RECEIPT", b"MESSAGE"]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_connected_and_receipt_have_none(self, quiz, version):
        client = Wire(quiz)
        version_header = b"" if version == "1.0" else b"accept-version:" + version.encode() + b"\n"
        assert body(client.say(b"CONNECT\n" + version_header + LOGIN + b"\n\0")) == b"\0"
        assert body(client.say(send(b"receipt:7\n"))) == b"\0"


@pytest.mark.parametrize("version", VERSIONS)
class TestContentLength:
    def test_so_many_bytes_are_read_whatever_they_are(self, echo, version):
        heard = echo(version, send(b"content-length:7\n", b"a\0b\n\n\0c"))
        assert body(heard) == b"a\0b\n\n\0c\0"
        assert header(heard, b"content-length") == b"7"

    def test_nul_must_stand_behind_them(self, quiz, version):
        client = Wire(quiz, version)
        assert is_error(client.say(send(b"content-length:2\n", b"abc")), "bad-length")
        assert client.is_closed

    def test_without_it_the_first_nul_ends_the_frame(self, echo, version):
        heard = echo(version, send(text=b"one") + send(text=b"two"))
        assert [body(each + b"\0") for each in heard.split(b"\0")[:-1]] == [b"one\0", b"two\0"]

    def test_every_message_has_it_whether_or_not_its_sender_gave_it(self, echo, version):
        assert header(echo(version, send(text="è".encode())), b"content-length") == b"2"

    def test_every_error_has_it(self, quiz, version):
        heard = Wire(quiz, version).say(b"SHOUT\n\n\0")
        assert int(header(heard, b"content-length")) == len(body(heard)) - 1


@pytest.mark.parametrize("version", VERSIONS)
class TestContentType:
    @pytest.mark.parametrize("mime", [b"text/plain", b"application/xml;charset=utf-8", b"text/html;charset=utf-16"])
    def test_that_of_the_sender_passes(self, echo, version, mime):
        assert header(echo(version, send(b"content-type:" + mime + b"\n", b"hi")), b"content-type") == mime

    def test_where_there_was_none_a_message_stays_a_binary_blob(self, echo, version):
        heard = echo(version, send(text=b"\xff\xfe"))
        assert header(heard, b"content-type") is None
        assert body(heard) == b"\xff\xfe\0"

    def test_an_error_has_it(self, quiz, version):
        assert header(Wire(quiz, version).say(b"SHOUT\n\n\0"), b"content-type") == b"text/plain"


class TestUtf8:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_headers_are_utf_8(self, echo, version):
        entry = "città:perché 🎉".encode()
        assert entry in lines(echo(version, send(entry + b"\n")))

    @pytest.mark.parametrize("version", VERSIONS)
    def test_bytes_that_are_not_are_refused(self, quiz, version):
        assert is_error(Wire(quiz, version).say(send(b"note:\xff\n")), "bad-encoding")


@pytest.mark.parametrize("version", VERSIONS)
def test_of_repeated_headers_the_first_counts(echo, version):
    heard = echo(version, send(b"note:1\ndestination:/topic/b\nnote:2\ncontent-length:2\ncontent-length:9\n", b"hi"))
    assert [line for line in lines(heard) if line.startswith(b"note:")] == [b"note:1"]
    assert header(heard, b"destination") == b"/topic/a"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (send(b"x:y\n" * MAX_HEADERS), "header-limit"),
        (send(b"x:" + b"y" * MAX_HEADER_LINE_BYTES + b"\n"), "header-limit"),
        (send(b"content-length:%d\n" % MAX_SERVICE_FRAME_BYTES), "frame-too-large"),
    ],
)
def test_over_a_limit_there_is_an_error_and_then_the_end(quiz, version, frame, code):
    client = Wire(quiz, version)
    assert is_error(client.say(frame), code)
    assert client.is_closed


@pytest.mark.parametrize("version", VERSIONS)
class TestReceipts:
    @pytest.mark.parametrize("command", FRAMES)
    def test_every_command_gets_one_that_asks(self, quiz, version, command):
        client = Wire(quiz, version)
        client.say(b"SUBSCRIBE\nid:0\ndestination:/topic/b\n\n\0BEGIN\ntransaction:t\n\n\0")
        heard = client.say(command.encode() + b"\n" + FRAMES[command] + b"receipt:r 1\n\n\0")
        assert heard == b"RECEIPT\nreceipt-id:r 1\n\n\0"

    def test_connect_gets_none(self, quiz, version):
        version_header = b"" if version == "1.0" else b"accept-version:" + version.encode() + b"\n"
        heard = Wire(quiz).say(b"CONNECT\nreceipt:7\n" + version_header + LOGIN + b"\n\0")
        assert commands(heard) == [b"CONNECTED"]

    def test_who_does_not_ask_gets_none(self, quiz, version):
        assert Wire(quiz, version).say(send()) == b""


@pytest.mark.parametrize(
    ("version", "command"), [("1.0", "ACK"), ("1.1", "ACK"), ("1.1", "NACK"), ("1.2", "ACK"), ("1.2", "NACK")]
)
def test_an_acknowledgement_gets_a_receipt_that_asks(quiz, version, command):
    client = Wire(quiz, version)
    client.say(b"SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client\n\n\0")
    message = client.say(b"SEND\ndestination:/queue/a\n\n\0")
    named = b"message-id:%s\nsubscription:0\nid:%s\n" % ((header(message, b"message-id"),) * 2)
    heard = client.say(command.encode() + b"\n" + named + b"receipt:7\n\n\0")
    assert heard.endswith(b"RECEIPT\nreceipt-id:7\n\n\0")
