"""The whole broker, over connections in memory: who may do what, and who sees it.

Cases C… are those of the table of bad inputs.
"""

import pytest

from stomp_broker.broker import MAX_CONNECTIONS_OF_A_TICKET
from stomp_broker.errors import RemoteError
from stomp_broker.protocol import REFUSAL_SECONDS
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, Quiz, ticket

# What is not a player's of game 1, neither to read nor to write.
FOREIGN = ["/games/1/host", "/games/2/status", "/players/2", "/broker/control"]


@pytest.fixture
def quiz():
    return Quiz()


def assert_refused(client, code="access-refused"):
    """The client got this ERROR as the last frame, and was closed."""
    client.clock.advance(REFUSAL_SECONDS)
    frames = client.received()
    assert [frame.headers["message"] for frame in frames if frame.command == "ERROR"] == [code]
    assert frames[-1].command == "ERROR"
    assert client.is_closed


class TestBroadcast:
    @pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
    def test_what_a_service_publishes_comes_to_every_player_of_the_game(self, quiz, version):
        players = [quiz.player(number, version=version) for number in (1, 2, 3)]
        stranger = quiz.player(4, game=2)
        for player in players:
            player.subscribe("/games/1/status")
        stranger.subscribe("/games/2/status")
        quiz.service().publish("/games/1/status", b'{"seq":1}', **{"content-type": "application/json"})
        for player in players:
            message = player.take("MESSAGE")
            assert message.body == b'{"seq":1}'
            assert message.headers["destination"] == "/games/1/status"
            assert message.headers["subscription"] == "0"
            assert message.headers["sender"] == "service:web"
            assert message.headers["content-type"] == "application/json"
        assert stranger.received() == []

    def test_all_readers_are_handed_the_same_object(self, quiz):
        players = [quiz.player(number) for number in (1, 2, 3)]
        handed = []
        for player in players:
            player.subscribe("/games/1/status")
            player.protocol.transport.write = handed.append
        quiz.service().publish("/games/1/status", b"hi")
        assert len(handed) == 3
        assert len({id(frame) for frame in handed}) == 1

    def test_what_the_process_itself_publishes_comes_to_every_reader(self, quiz):
        player = quiz.player()
        player.subscribe("/games/1/status")
        quiz.factory.broker.publish("/games/1/status", b"hi", sender="test")
        message = player.take("MESSAGE")
        assert (message.body, message.headers["sender"]) == (b"hi", "test")

    @pytest.mark.parametrize("destination", ["", "a", "/a*", "/a\n", "/broker/control"])
    def test_it_publishes_nowhere_else_than_pages_may_send(self, quiz, destination):
        with pytest.raises(RemoteError):
            quiz.factory.broker.publish(destination, b'{"cut": "player:1"}', sender="test")

    def test_who_sends_where_it_listens_hears_itself_after_what_it_is_answered(self, quiz):
        service = quiz.open()
        service.send_bytes(
            b"CONNECT\naccept-version:1.2\nlogin:web\npasscode:sesame\n\n\0"
            b"SUBSCRIBE\nid:0\ndestination:/a\nreceipt:1\n\n\0SEND\ndestination:/a\nreceipt:2\n\nhi\0"
        )
        commands = [frame.command for frame in service.received()]
        assert commands == ["CONNECTED", "RECEIPT", "MESSAGE", "RECEIPT"]

    def test_message_ids_are_never_the_same(self, quiz):
        service = quiz.service()
        service.subscribe("/a", ack="client")
        service.publish("/b")
        for _ in range(3):
            service.send("SEND", {"destination": "/a"})
        assert len({frame.headers["message-id"] for frame in service.received()}) == 3

    def test_a_topic_keeps_nothing(self, quiz):
        quiz.service().publish("/games/1/status", b"early")
        player = quiz.player()
        player.subscribe("/games/1/status")
        assert player.received() == []

    def test_unsubscribed_and_closed_readers_get_nothing(self, quiz):
        left, lost = quiz.player(1), quiz.player(2)
        for player in (left, lost):
            player.subscribe("/games/1/status")
        left.send("UNSUBSCRIBE", {"id": "0"})
        lost.drop()
        quiz.service().publish("/games/1/status", b"hi")
        assert left.received() == []
        assert not quiz.factory.broker.hub._topics

    @pytest.mark.parametrize("ack", ["client", "client-individual"])
    def test_messages_of_a_topic_may_be_acknowledged_and_nothing_follows(self, quiz, ack):
        player = quiz.player()
        player.subscribe("/games/1/status", ack=ack)
        quiz.service().publish("/games/1/status", b"hi")
        player.send("ACK", {"id": player.take("MESSAGE").headers["ack"], "receipt": "7"})
        assert player.take("RECEIPT").headers["receipt-id"] == "7"


class TestForgedFrames:
    """What a player who writes frames by hand gets: an error, the door, and nobody sees anything."""

    @pytest.fixture
    def victims(self, quiz):
        players = [quiz.player(2), quiz.player(3, game=2)]
        players[0].subscribe("/games/1/status")
        players[0].subscribe("/players/2", id="1")
        players[1].subscribe("/games/2/status")
        host = quiz.connect(ticket("user:1", ["/games/1/status", "/games/1/host"]))
        host.subscribe("/games/1/status")
        host.subscribe("/games/1/host", id="1")
        referee = quiz.service()
        referee.subscribe("/games/1/answers", ack="client")
        referee.subscribe("/games/2/answers", id="1")
        return [*players, host, referee]

    @pytest.mark.parametrize("destination", [*FOREIGN, "/games/1/status", "/games/2/answers", "/queue/a"])
    @pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
    def test_c18_a_send_to_what_is_not_theirs(self, quiz, victims, destination, version):
        player = quiz.player(1, version=version)
        player.send("SEND", {"destination": destination, "receipt": "7"}, b'{"cut":"player:2"}')
        assert_refused(player)
        assert [victim.received() for victim in victims] == [[], [], [], []]
        assert not any(victim.is_closed for victim in victims)

    @pytest.mark.parametrize("destination", [*FOREIGN, "/games/1/answers", "/games/*/status", "/games/1/#"])
    def test_c16_c17_a_subscription_to_what_is_not_theirs(self, quiz, victims, destination):
        player = quiz.player(1)
        player.send("SUBSCRIBE", {"id": "0", "destination": destination, "receipt": "7"})
        assert_refused(player)
        quiz.service().publish("/games/1/host", b"secret")
        quiz.service().publish("/games/2/status", b"secret")
        assert player.received() == []

    def test_the_error_names_the_receipt_and_neither_destination_nor_reason(self, quiz):
        player = quiz.player()
        player.send("SEND", {"destination": "/games/2/status", "receipt": "7"}, b"forged")
        error = player.take("ERROR")
        assert error.headers["receipt-id"] == "7"
        assert b"games" not in error.body
        assert b"forged" not in error.body

    def test_a_player_cannot_fill_the_memory_through_a_queue_that_nobody_reads(self, quiz, monkeypatch):
        monkeypatch.setattr("stomp_broker.queues.MAX_WAITING_BYTES", 1_000)
        player = quiz.player(1)
        player.send("SEND", {"destination": "/games/1/answers", "receipt": "1"}, b"x" * 400)
        assert player.take("RECEIPT").headers["receipt-id"] == "1"
        player.send("SEND", {"destination": "/games/1/answers", "receipt": "2"}, b"x")
        assert_refused(player, "queue-full")

    def test_what_follows_a_refused_frame_is_not_looked_at(self, quiz, victims):
        player = quiz.player(1)
        player.send_bytes(b"SEND\ndestination:/games/1/status\n\n\0SEND\ndestination:/games/1/answers\n\n{}\0")
        assert_refused(player)
        assert victims[3].received() == []

    def test_inside_a_transaction_it_is_refused_at_once(self, quiz, victims):
        player = quiz.player(1)
        player.send("BEGIN", {"transaction": "t"})
        player.send("SEND", {"destination": "/games/1/answers", "transaction": "t"}, b"{}")
        player.send("SEND", {"destination": "/games/1/status", "transaction": "t"}, b"forged")
        assert_refused(player)
        assert [victim.received() for victim in victims] == [[], [], [], []]

    def test_c24_the_sender_is_who_was_let_in_whatever_the_frame_says(self, quiz, victims):
        player = quiz.player(1)
        forged = {"sender": "player:2", "user-id": "2", "message-id": "x", "subscription": "9", "redelivered": "true"}
        player.publish("/games/1/answers", b"{}", **forged, **{"received-at": "1"})
        message = victims[3].take("MESSAGE")
        assert message.headers["sender"] == "player:1"
        assert message.headers["received-at"] == str(NOW * 1000)
        assert message.headers["message-id"] != "x"
        assert message.headers["subscription"] == "0"
        assert not {"user-id", "redelivered"} & set(message.headers)

    def test_c19_nobody_acknowledges_what_they_were_not_given(self, quiz, victims):
        quiz.player(1).publish("/games/1/answers", b"{}")
        message_id = victims[3].take("MESSAGE").headers["ack"]
        player = quiz.player(5)
        player.send("ACK", {"id": message_id})
        assert_refused(player, "unknown-id")

    @pytest.mark.parametrize("command", ["ACK", "NACK"])
    @pytest.mark.parametrize("message_id", ["T1", "Q1", "", "x"])
    def test_c19_an_unknown_message_cannot_be_acknowledged(self, quiz, command, message_id):
        player = quiz.player()
        player.subscribe("/games/1/status")
        player.send(command, {"id": message_id})
        assert_refused(player, "unknown-id")


class TestLogins:
    def test_c2_all_refused_logins_hear_the_same(self, quiz):
        answers = set()
        for passcode in ("wrong", "", ticket(seconds=-1), ticket(key="another key, which is as long as ours")):
            client = quiz.open()
            client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": passcode})
            quiz.clock.advance(REFUSAL_SECONDS)
            answers.add(client.transport.value())
            assert_refused(client)
        assert len(answers) == 1

    def test_c2_they_hear_it_at_the_same_time_however_long_it_took_to_judge(self, quiz):
        quiz.service().publish("/broker/control", b'{"cut": "player:9"}')
        strangers = [quiz.open() for _ in range(6)]
        passcodes = ["", "wrong", "a.b.c", ticket(seconds=-1), ticket(key="x" * 40), ticket("player:9")]
        for stranger, passcode in zip(strangers, passcodes, strict=True):
            stranger.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": passcode})
        quiz.clock.advance(REFUSAL_SECONDS - 0.001)
        assert not any(stranger.transport.value() for stranger in strangers)
        quiz.clock.advance(0.001)
        assert len({stranger.transport.value() for stranger in strangers}) == 1
        for stranger in strangers:
            assert_refused(stranger)

    def test_what_comes_after_a_refused_login_is_not_looked_at(self, quiz):
        stranger = quiz.open()
        stranger.send_bytes(b"CONNECT\naccept-version:1.2\nhost:quiz\npasscode:wrong\n\n\0SEND\ndestination:/a\n\n\0")
        stranger.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE})
        assert_refused(stranger)

    def test_who_leaves_before_the_refusal_is_forgotten(self, quiz):
        stranger = quiz.open()
        stranger.send("CONNECT", {"accept-version": "1.2", "passcode": "wrong"})
        stranger.drop()
        quiz.clock.advance(REFUSAL_SECONDS)
        assert stranger.received() == []
        assert quiz.factory.broker.tally.open == 0

    def test_the_session_ends_with_its_ticket(self, quiz):
        player = quiz.connect(ticket("player:1", ["/games/1/status"], seconds=30))
        player.subscribe("/games/1/status")
        quiz.clock.advance(29.9)
        assert not player.is_closed
        quiz.clock.advance(0.1)
        assert_refused(player, "ticket-expired")
        quiz.service().publish("/games/1/status", b"late")
        assert player.received() == []

    def test_of_too_many_connections_with_one_players_tickets_the_oldest_makes_room(self, quiz):
        players = [quiz.player(1) for _ in range(MAX_CONNECTIONS_OF_A_TICKET)]
        other = quiz.player(2)
        assert not any(player.is_closed for player in players)
        players.append(quiz.player(1))
        assert_refused(players[0], "connection-limit")
        assert not any(player.is_closed for player in [*players[1:], other])
        quiz.player(1)
        assert_refused(players[1], "connection-limit")

    def test_connections_that_have_ended_do_not_count(self, quiz):
        for _ in range(MAX_CONNECTIONS_OF_A_TICKET):
            quiz.player(1).drop()
        stays = quiz.player(1)
        for _ in range(MAX_CONNECTIONS_OF_A_TICKET - 1):
            quiz.player(1)
        assert not stays.is_closed

    def test_a_service_has_as_many_as_it_likes(self, quiz):
        services = [quiz.service() for _ in range(5 * MAX_CONNECTIONS_OF_A_TICKET)]
        assert not any(service.is_closed for service in services)

    def test_a_ticket_of_a_service_is_one(self, quiz):
        quiz.connect(ticket("service:report")).publish("/games/1/status")

    def test_any_lets_everybody_do_everything(self):
        quiz = Quiz(auth="any")
        client = quiz.connect("undefined", version="1.0", login="undefined")
        client.subscribe("/games/1/host")
        client.send("SEND", {"destination": "/games/1/host"}, b"hi")
        assert client.take("MESSAGE").headers["sender"] == "any:undefined"


class TestControl:
    def test_every_connection_of_a_subject_is_cut_at_once_and_nobody_elses(self, quiz):
        first, second, other = quiz.player(1), quiz.player(1), quiz.player(12)
        first.subscribe("/games/1/status")
        service = quiz.service()
        service.publish("/broker/control", b'{"cut": "player:1"}')
        assert_refused(first, "kicked")
        assert_refused(second, "kicked")
        assert not other.is_closed
        service.publish("/games/1/status", b"hi")
        assert first.received() == []

    def test_to_cut_nobody_is_no_error(self, quiz):
        quiz.service().publish("/broker/control", b'{"cut": "player:404"}')

    def test_who_was_cut_before_and_came_back_is_cut_again(self, quiz):
        service = quiz.service()
        for _ in range(2):
            player = quiz.player(1)
            service.publish("/broker/control", b'{"cut": "player:1"}')
            assert_refused(player, "kicked")
            quiz.clock.advance(1)

    def test_a_ticket_from_before_the_cut_opens_nothing_and_one_from_after_does(self, quiz):
        before, others = ticket("player:1"), ticket("player:12")
        quiz.service().publish("/broker/control", b'{"cut": "player:1"}')
        cut = quiz.open()
        cut.send("CONNECT", {"accept-version": "1.2", "passcode": before})
        assert_refused(cut)
        quiz.connect(others)
        quiz.connect(ticket("player:1", claims={"iat": NOW + 1}))

    def test_a_cut_outlives_the_broker_where_queues_do(self, tmp_path):
        first = Quiz(store_file=tmp_path / "queues")
        before = ticket("player:1")
        first.service().publish("/broker/control", b'{"cut": "player:1"}')
        first.factory.broker.queues.close()
        second = Quiz(store_file=tmp_path / "queues")
        cut = second.open()
        cut.send("CONNECT", {"accept-version": "1.2", "passcode": before})
        assert_refused(cut)
        second.connect(ticket("player:1", claims={"iat": NOW + 1}))
        second.connect(ticket("player:12"))
        second.factory.broker.queues.close()

    def test_a_cut_is_on_the_disk_before_its_receipt_goes_out(self, tmp_path, monkeypatch):
        quiz = Quiz(store_file=tmp_path / "queues")
        service, written = quiz.service(), []
        monkeypatch.setattr(quiz.factory.broker.queues.store, "write", lambda changes: written.append(changes.cuts))
        service.send("SEND", {"destination": "/broker/control", "receipt": "7"}, b'{"cut": "player:1"}')
        assert (service.transport.value(), written) == (b"", [])
        assert service.take("RECEIPT")
        assert written == [{"player:1": NOW}]

    def test_the_oldest_cuts_are_forgotten_in_the_end(self, quiz, monkeypatch):
        monkeypatch.setattr("stomp_broker.broker.MAX_CUTS", 2)
        for number in (1, 2, 1, 3):
            quiz.service().publish("/broker/control", b'{"cut": "player:%d"}' % number)
        quiz.connect(ticket("player:2"))
        for number in (1, 3):
            cut = quiz.open()
            cut.send("CONNECT", {"accept-version": "1.2", "passcode": ticket(f"player:{number}")})
            assert_refused(cut)

    def test_a_service_may_cut_itself(self, quiz):
        service = quiz.service()
        service.send("SEND", {"destination": "/broker/control", "receipt": "7"}, b'{"cut": "service:web"}')
        assert_refused(service, "kicked")

    def test_an_order_inside_a_transaction_waits_for_the_commit(self, quiz):
        player, service = quiz.player(1), quiz.service()
        service.send("BEGIN", {"transaction": "t"})
        service.publish("/broker/control", b'{"cut": "player:1"}', transaction="t")
        assert not player.is_closed
        service.send("COMMIT", {"transaction": "t"})
        assert_refused(player, "kicked")

    def test_an_order_that_is_none_is_told_so(self, quiz):
        service = quiz.service()
        service.send("SEND", {"destination": "/broker/control"}, b"cut player:1")
        assert_refused(service, "bad-control")

    def test_nobody_may_listen(self, quiz):
        service = quiz.service()
        service.send("SUBSCRIBE", {"id": "0", "destination": "/broker/control"})
        assert_refused(service)

    def test_nothing_is_kept_of_those_who_left(self, quiz):
        for client in (quiz.player(1), quiz.player(1), quiz.service()):
            client.drop()
        assert not quiz.factory.broker._connected


class TestAnswers:
    """Answers are a queue: the referee gets each once, and again if it dies before it has acknowledged."""

    def test_answers_wait_for_the_referee(self, quiz):
        quiz.player(1).publish("/games/1/answers", b"a")
        quiz.player(2).publish("/games/1/answers", b"b")
        referee = quiz.service()
        referee.send("SUBSCRIBE", {"id": "0", "destination": "/games/1/answers", "ack": "client"})
        messages = referee.received()
        assert [(message.body, message.headers["sender"]) for message in messages] == [
            (b"a", "player:1"),
            (b"b", "player:2"),
        ]

    def test_each_says_when_it_reached_the_broker_however_long_it_waits(self, quiz):
        for _ in range(2):
            quiz.player(1).publish("/games/1/answers", b"a")
            quiz.clock.advance(1.5)
        referee = quiz.service()
        referee.send("SUBSCRIBE", {"id": "0", "destination": "/games/1/answers", "ack": "client"})
        stamps = [message.headers["received-at"] for message in referee.received()]
        assert stamps == [str(NOW * 1000), str(NOW * 1000 + 1_500)]

    @pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
    def test_what_a_dead_referee_did_not_acknowledge_comes_to_the_next_in_order(self, quiz, version):
        referee = quiz.service(version)
        referee.subscribe("/games/1/answers", ack="client-individual")
        for body in (b"a", b"b", b"c"):
            quiz.player(1).publish("/games/1/answers", body)
        second = referee.received()[1].headers
        named = {"id": second["ack"]} if version == "1.2" else {"message-id": second["message-id"], "subscription": "0"}
        referee.send("ACK", named | {"receipt": "7"})
        referee.take("RECEIPT")
        referee.drop()
        heir = quiz.service(version)
        heir.send("SUBSCRIBE", {"id": "0", "destination": "/games/1/answers", "ack": "client"})
        assert [(frame.body, frame.headers["redelivered"]) for frame in heir.received()] == [
            (b"a", "true"),
            (b"c", "true"),
        ]

    def test_an_acknowledgement_inside_a_transaction_counts_at_the_commit(self, quiz):
        referee = quiz.service()
        referee.subscribe("/games/1/answers", ack="client-individual")
        for body in (b"a", b"b"):
            quiz.player(1).publish("/games/1/answers", body)
        for message, end in zip(referee.received(), ("COMMIT", "ABORT"), strict=True):
            referee.send("BEGIN", {"transaction": "t"})
            referee.send("ACK", {"id": message.headers["ack"], "transaction": "t"})
            referee.send(end, {"transaction": "t"})
        referee.drop()
        heir = quiz.service()
        heir.send("SUBSCRIBE", {"id": "0", "destination": "/games/1/answers"})
        assert heir.bodies() == [b"b"]

    def test_a_transaction_that_dies_with_its_connection_was_never(self, quiz):
        referee, player = quiz.service(), quiz.player(1)
        referee.subscribe("/games/1/answers")
        player.send("BEGIN", {"transaction": "t"})
        player.send("SEND", {"destination": "/games/1/answers", "transaction": "t"}, b"a")
        player.drop()
        assert referee.received() == []

    def test_a_transaction_comes_whole_and_in_order(self, quiz):
        service = quiz.service()
        service.subscribe("/queue/a")
        service.send("BEGIN", {"transaction": "t"})
        for body in (b"1", b"2"):
            service.send("SEND", {"destination": "/queue/a", "transaction": "t"}, body)
        assert service.received() == []
        service.send("COMMIT", {"transaction": "t", "receipt": "7"})
        frames = service.received()
        assert [frame.body for frame in frames[:2]] == [b"1", b"2"]
        assert "transaction" not in frames[0].headers
        assert frames[2].headers["receipt-id"] == "7"

    def test_nack_brings_a_message_again(self, quiz):
        referee = quiz.service()
        referee.subscribe("/games/1/answers", ack="client-individual")
        quiz.player(1).publish("/games/1/answers", b"a")
        referee.send("NACK", {"id": referee.take("MESSAGE").headers["ack"]})
        assert referee.take("MESSAGE").headers["redelivered"] == "true"

    def test_unsubscribe_gives_back(self, quiz):
        referee = quiz.service()
        referee.subscribe("/games/1/answers", ack="client")
        quiz.player(1).publish("/games/1/answers", b"a")
        referee.send("UNSUBSCRIBE", {"id": "0"})
        referee.received()
        referee.send("SUBSCRIBE", {"id": "1", "destination": "/games/1/answers"})
        assert referee.bodies() == [b"a"]


class TestAFullQueue:
    def test_a_transaction_that_does_not_fit_leaves_nothing(self, quiz, monkeypatch):
        monkeypatch.setattr("stomp_broker.queues.MAX_WAITING_BYTES", 1_500)
        service = quiz.service()
        service.send("BEGIN", {"transaction": "t"})
        for number in range(3):
            service.send("SEND", {"destination": "/queue/a", "transaction": "t"}, b"%d" % number)
        service.send("COMMIT", {"transaction": "t", "receipt": "1"})
        assert_refused(service, "queue-full")
        reader = quiz.service()
        reader.subscribe("/queue/a")
        assert reader.bodies() == []
