"""The calls of self-paced games over HTTP, each tried by host, player and stranger."""

import json
from typing import Any

import pytest
from django.test import Client

from quiz.play.models import Game, Opening, Player
from quiz.play.options import Mode, Solutions
from tests.play.selfpaced.alone import CLOSES, LIMIT_MS, T0, answer_to, enter, give

HOSTS_CALLS = {"own/closing/": {"closes_at": CLOSES + 1_000}, "own/progress/": None, "finish/": {}}
PLAYERS_CALLS = {"own/next/": {"number": 1}, "own/link/": {}}


def call(client: Client, game: Game, path: str, body: Any = None) -> Any:
    address = f"/games/{game.pk}/{path}"
    if body is None:
        return client.get(address, headers={"accept": "application/json"})
    return client.post(address, json.dumps(body), content_type="application/json")


def state_of(client: Client, game: Game) -> Any:
    return call(client, game, "state/").json()


def answer(client: Client, game: Game, *, right: bool = True) -> Any:
    question = Opening.objects.last().question
    return call(client, game, "answer/", answer_to(question, right=right))


class TestWhoMayWhat:
    @pytest.mark.parametrize("path", HOSTS_CALLS)
    def test_hosts_calls_are_for_hosts(
        self, game: Game, host: Client, player: Client, stranger: Client, path: str
    ) -> None:
        for other in (player, stranger, Client()):
            assert call(other, game, path, HOSTS_CALLS[path]).status_code == 403
        assert call(host, game, path, HOSTS_CALLS[path]).status_code == 200

    @pytest.mark.parametrize("path", PLAYERS_CALLS)
    def test_players_calls_are_for_players(
        self, game: Game, host: Client, player: Client, stranger: Client, path: str
    ) -> None:
        for other in (host, stranger, Client()):
            assert call(other, game, path, PLAYERS_CALLS[path]).status_code == 403
        assert call(player, game, path, PLAYERS_CALLS[path]).status_code == 200

    def test_who_was_removed_opens_nothing(self, game: Game, player: Client) -> None:
        game.kick(game.players.get().pk)
        assert call(player, game, "own/next/", {"number": 1}).json()["error"] == "removed"

    @pytest.mark.parametrize("step", ["start", "next", "skip", "pause", "resume", "replay"])
    def test_what_leads_a_game_is_refused_and_changes_nothing(self, game: Game, host: Client, step: str) -> None:
        assert call(host, game, f"{step}/", {}).json()["error"] in ("not-now", "nobody-is-here")
        game.refresh_from_db()
        assert (game.phase, game.phase_ends_at) == ("open", CLOSES)

    def test_games_that_are_led_have_none_of_these_calls(self, quiz: Any, host: Client, clock: Any) -> None:
        led = Game.open_lobby(quiz)
        assert call(host, led, "own/progress/").status_code == 404
        assert call(host, led, "own/closing/", {"closes_at": CLOSES}).json()["error"] == "not-now"
        assert call(Client(), led, "own/back/").status_code == 404


class TestPlaying:
    def test_a_whole_game_of_one_over_http_alone(self, game: Game, player: Client, clock: Any) -> None:
        assert state_of(player, game)["me"]["own"]["step"] == "next"
        for number in (1, 2, 3):
            clock.now += 3_600_000
            opened = call(player, game, "own/next/", {"number": number}).json()["me"]
            assert (opened["own"]["step"], opened["own"]["question"]["number"]) == ("answer", number)
            assert opened["ends_at"] == clock.now + LIMIT_MS
            assert answer(player, game, right=number != 2).status_code == 200
            result = state_of(player, game)["me"]
            assert result["answer"]["right"] == (number != 2)
            assert result["own"]["reveal"]["explanation"] == "Because."
        assert (result["own"]["step"], result["points"], result["place"]) == ("done", 2000, 1)

    def test_a_reload_and_a_second_device_see_the_same_clock(self, game: Game, player: Client, clock: Any) -> None:
        call(player, game, "own/next/", {"number": 1})
        clock.now += 5_000
        again = call(player, game, "own/next/", {"number": 1}).json()["me"]
        assert (again["ends_at"], again["own"]["step"]) == (T0 + LIMIT_MS, "answer")
        assert state_of(player, game)["me"]["ends_at"] == T0 + LIMIT_MS

    def test_everybody_sees_a_game_that_is_open_and_no_question(self, game: Game, player: Client) -> None:
        call(player, game, "own/next/", {"number": 1})
        state = state_of(player, game)
        assert (state["phase"], state["phase_ends_at"], state["question"], state["reveal"]) == (
            "open",
            CLOSES,
            None,
            None,
        )

    @pytest.mark.parametrize("number", [0, 2, 4, -1, 10**30])
    def test_a_question_out_of_turn_is_refused_with_the_state(self, game: Game, player: Client, number: int) -> None:
        refused = call(player, game, "own/next/", {"number": number})
        assert (refused.status_code, refused.json()["error"]) == (409, "not-now")
        assert refused.json()["state"]["me"]["own"]["step"] == "next"
        assert not Opening.objects.exists()

    @pytest.mark.parametrize("body", [{}, {"number": "1"}, {"number": True}, {"number": None}, {"number": 1.0}, []])
    def test_a_body_that_names_no_number_is_refused(self, game: Game, player: Client, body: Any) -> None:
        assert call(player, game, "own/next/", body).status_code == 400

    def test_after_the_closing_date_nothing_opens(self, game: Game, player: Client, clock: Any) -> None:
        clock.now = CLOSES + 1
        refused = call(player, game, "own/next/", {"number": 1})
        assert (refused.status_code, refused.json()["error"]) == (409, "game-closed")
        assert refused.json()["state"]["me"]["own"]["step"] == "closed"

    def test_a_program_plays_with_its_ticket_and_comes_back_days_later(self, game: Game, clock: Any) -> None:
        joined = (
            Client()
            .post("/join/", json.dumps({"pin": game.pin, "nickname": "Ada"}), content_type="application/json")
            .json()
        )
        clock.now += 3 * 24 * 3_600_000
        resumed = Client().post("/resume/", json.dumps({"resume": joined["resume"]}), content_type="application/json")
        bearer = {"headers": {"authorization": f"Bearer {joined['ticket']}"}}
        opened = Client().post(f"/games/{game.pk}/own/next/", '{"number": 1}', "application/json", **bearer)
        assert (resumed.status_code, opened.status_code) == (200, 200)
        assert opened.json()["me"]["player"] == joined["player"]

    def test_the_page_is_the_players_own(self, game: Game, player: Client) -> None:
        assert b'data-screen="start"' in player.get(f"/play/{game.pin}/").content


class TestSecrets:
    """What a player can read must not tell what is right before it may."""

    def read(self, client: Client, game: Game) -> str:
        pages = [
            client.get(f"/play/{game.pin}/"),
            *(call(client, game, path) for path in ("state/", "sheet/", "events/")),
        ]
        return "\n".join(page.content.decode() for page in pages)

    def test_nobody_reads_a_question_that_was_not_opened(self, game: Game, player: Client) -> None:
        call(player, game, "own/next/", {"number": 1})
        read = self.read(player, game)
        assert game.questions.get(position=1).text in read
        for hidden in game.questions.filter(position__gt=1):
            assert hidden.text not in read
            assert not any(id in read for id in hidden.choice_ids)

    def test_nobody_reads_the_solution_before_answering(self, game: Game, player: Client, clock: Any) -> None:
        call(player, game, "own/next/", {"number": 1})
        assert "Because." not in self.read(player, game)
        assert state_of(player, game)["me"]["own"]["reveal"] is None
        clock.now += LIMIT_MS + 1
        assert state_of(player, game)["me"]["own"]["reveal"]["explanation"] == "Because."

    def test_secret_solutions_are_not_to_be_had_before_the_closing_date(
        self, handed_out: Any, clock: Any, host: Client
    ) -> None:
        game = handed_out(solutions=Solutions.CLOSED)
        client = Client()
        client.post("/join/", {"pin": game.pin, "nickname": "Ada"})
        for number in (1, 2, 3):
            call(client, game, "own/next/", {"number": number})
            answer(client, game, right=number == 1)
            me = state_of(client, game)["me"]
            assert (me["points"], me["gained"], me["place"], me["gap"], me["own"]["reveal"]) == (0, 0, None, None, None)
            assert (me["answer"]["right"], me["answer"]["points"]) == (None, None)
        assert "Because." not in self.read(client, game)
        assert call(client, game, "sheet/").json()["questions"] == []
        assert call(host, game, "own/progress/").json()["lines"][0]["points"] == 1000
        assert call(host, game, "finish/", {}).status_code == 200
        assert state_of(client, game)["me"]["points"] == 1000
        assert len(call(client, game, "sheet/").json()["questions"]) == 3

    def test_the_sheet_has_what_was_done_so_far(self, game: Game, player: Client, clock: Any) -> None:
        assert call(player, game, "sheet/").json()["questions"] == []
        call(player, game, "own/next/", {"number": 1})
        assert call(player, game, "sheet/").json()["questions"] == []
        answer(player, game)
        assert [line["points"] for line in call(player, game, "sheet/").json()["questions"]] == [1000]


class TestClosing:
    def test_a_host_moves_the_closing_date_and_players_hear_it(
        self, game: Game, host: Client, player: Client, clock: Any
    ) -> None:
        assert call(host, game, "own/closing/", {"closes_at": CLOSES + 60_000}).status_code == 200
        heard = call(player, game, "events/").json()["events"][-1]
        assert (heard["type"], heard["data"]["phase_ends_at"]) == ("closing.moved", CLOSES + 60_000)
        assert state_of(player, game)["phase_ends_at"] == CLOSES + 60_000
        assert game.close_if_due(CLOSES + 100) is False

    @pytest.mark.parametrize("at", [None, 0, T0, "x", CLOSES * 2])
    def test_a_date_that_is_none_changes_nothing(self, game: Game, host: Client, clock: Any, at: Any) -> None:
        body = {"closes_at": at} if at is not None else {"closes_at": True}
        assert call(host, game, "own/closing/", body).json()["error"] == "bad-closing"
        game.refresh_from_db()
        assert game.phase_ends_at == CLOSES

    def test_of_two_hosts_one_moves_it(self, game: Game, host: Client, clock: Any) -> None:
        game.refresh_from_db()
        body = {"closes_at": CLOSES + 60_000, "version": game.version}
        answers = [call(host, game, "own/closing/", body).status_code for _ in range(2)]
        assert answers == [200, 409]

    def test_what_has_closed_does_not_open_again(self, game: Game, host: Client, clock: Any) -> None:
        call(host, game, "finish/", {})
        assert call(host, game, "own/closing/", {"closes_at": CLOSES}).json()["error"] == "not-now"
        assert call(host, game, "own/progress/").json()["closes_at"] is None


class TestHandingOut:
    def test_an_author_hands_a_quiz_out_by_json(self, quiz: Any, host: Client, clock: Any) -> None:
        body = {"quiz": quiz.pk, "mode": "self", "closes_at": CLOSES, "timed": False}
        assert host.post("/games/", body, content_type="application/json").status_code == 201
        game = Game.objects.get()
        assert (game.phase, game.phase_ends_at, game.started_at) == ("open", CLOSES, T0)
        assert set(game.questions.values_list("time_limit_ms", flat=True)) == {0}

    def test_a_form_without_a_date_means_a_week(self, quiz: Any, host: Client, clock: Any) -> None:
        assert host.post("/games/", {"quiz": quiz.pk, "mode": "self", "closes_at": ""}).status_code == 302
        assert Game.objects.get().phase_ends_at == CLOSES

    def test_a_bad_date_is_said_and_no_game_made(self, quiz: Any, host: Client, clock: Any) -> None:
        past = {"quiz": quiz.pk, "mode": "self", "closes_at": str(T0 - 1)}
        assert host.post("/games/", past, content_type="application/json").json()["error"] == "bad-closing"
        assert b"A closing date lies" in host.post("/games/", past, follow=True).content
        assert not Game.objects.exists()

    def test_a_closing_date_goes_with_no_other_mode(self, quiz: Any, host: Client, clock: Any) -> None:
        body = {"quiz": quiz.pk, "closes_at": CLOSES}
        assert host.post("/games/", body, content_type="application/json").json()["field"] == "closes_at"
        assert host.post("/games/", body).status_code == 302  # A form sends the field whatever is chosen.
        assert Game.objects.get().chosen.mode is Mode.HOST

    def test_a_host_s_page_has_link_and_date(self, game: Game, host: Client, stranger: Client) -> None:
        assert b"data-own-host" in host.get(f"/games/{game.pk}/").content
        assert stranger.get(f"/games/{game.pk}/").status_code == 404


class TestComingBack:
    def key(self, client: Client, game: Game) -> str:
        return call(client, game, "own/link/", {}).json()["url"].partition("#")[2]

    def test_the_own_link_makes_another_browser_the_same_player(self, game: Game, player: Client) -> None:
        phone = Client()
        assert phone.get(f"/games/{game.pk}/own/back/").status_code == 200
        back = phone.post(f"/games/{game.pk}/own/back/", {"key": self.key(player, game)})
        assert back.url == f"/play/{game.pin}/"
        assert state_of(phone, game)["me"]["nickname"] == "Ada"

    def test_a_key_is_of_one_player_in_one_game_while_that_player_is_in(
        self, game: Game, player: Client, handed_out: Any
    ) -> None:
        bob, key = enter(game, "Bob"), self.key(player, game)
        other = handed_out()
        for wrong in (
            key.replace(key.split(":")[0], str(bob.pk), 1),
            key[:-1],
            "",
            ":",
            "٣:x",
            f"{'9' * 30}:x",
            "x" * 101,
        ):
            assert Client().post(f"/games/{game.pk}/own/back/", {"key": wrong}).status_code == 404
        assert Client().post(f"/games/{other.pk}/own/back/", {"key": key}).status_code == 404
        game.kick(Player.objects.get(nickname="Ada").pk)
        assert Client().post(f"/games/{game.pk}/own/back/", {"key": key}).status_code == 404


def test_results_and_table_can_be_had_before_the_closing_date(game: Game, host: Client) -> None:
    give(enter(game, "Ada"), 1, T0)
    assert b"Ada,1000,1" in host.get(f"/games/{game.pk}/results.csv").content
    assert call(host, game, "results/").json()["questions"][0]["answered"] == 1


class TestPeople:
    def test_a_host_does_with_people_what_hosts_of_led_games_do(
        self, game: Game, host: Client, player: Client, stranger: Client
    ) -> None:
        ada = game.players.get()
        bodies: dict[str, Any] = {
            "rename/": {"player": ada.pk, "nickname": "Countess"},
            "allow/": {"player": ada.pk, "allowance": 200},
            "guard/": {"approve": True},
            "kick/": {"player": ada.pk},
        }
        for path, body in bodies.items():
            assert [call(who, game, path, body).status_code for who in (player, stranger)] == [403, 403]
            assert call(host, game, path, body).status_code == 200
        ada.refresh_from_db()
        assert (ada.nickname, ada.allowance, ada.kicked_at is None) == ("Countess", 200, False)

    def test_who_waits_at_the_door_is_let_in(self, game: Game, host: Client, stranger: Client) -> None:
        call(host, game, "guard/", {"approve": True})
        stranger.post("/join/", {"pin": game.pin, "nickname": "Eve"})
        door = state_of(host, game)["me"]["door"]
        assert [knock["nickname"] for knock in door["waiting"]] == ["Eve"]
        assert call(host, game, "admit/", {"knocks": "all"}).status_code == 200
        assert "Eve" in [player.nickname for player in game.players.all()]

    def test_the_page_has_the_addresses_and_the_dialogs(self, game: Game, host: Client) -> None:
        page = host.get(f"/games/{game.pk}/").content.decode()
        assert [name for name in ("kick", "rename", "admit", "allow") if f"/games/{game.pk}/{name}/" not in page] == []
        assert 'id="dialog-players"' in page


class TestTheLinkAfterTheEnd:
    def test_it_leads_who_played_to_the_results(self, game: Game, host: Client, player: Client) -> None:
        call(host, game, "finish/", {})
        answer = player.get(f"/join/?pin={game.pin}")
        assert (answer.status_code, answer.url) == (302, f"/play/{game.pin}/")
        assert player.get(answer.url).status_code == 200

    def test_others_hear_that_there_is_no_game(self, game: Game, host: Client, stranger: Client) -> None:
        call(host, game, "finish/", {})
        assert stranger.get(f"/join/?pin={game.pin}").status_code == 404

    def test_who_was_removed_is_a_stranger_there(self, game: Game, host: Client, player: Client) -> None:
        game.kick(game.players.get().pk)
        call(host, game, "finish/", {})
        assert player.get(f"/join/?pin={game.pin}").status_code == 404
