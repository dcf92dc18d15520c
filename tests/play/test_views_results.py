"""Score sheets, results and corrections over HTTP, by host, player and stranger."""

import re
from typing import Any

import pytest

from quiz.play import cohosts, joining
from quiz.play.models import Game
from quiz.play.views import results
from tests.conftest import T0

PAGES = ("results/", "results.csv")


@pytest.fixture
def revealed(game: Game, player: Any) -> Game:
    """Ada, who is ``player``, was right, in whatever time the machine took; the question is revealed."""
    Game.objects.filter(pk=game.pk).update(options={**game.options, "scoring": "flat"})
    game.refresh_from_db()
    game.start()
    for _ in range(2):
        game.next()
    question = game.question()
    data = {"answer_id": "0b5f3f6e-6a0a-4f3c-9a53-2f1f1c2f9a10", "question": question.pk, "choice": question.right[0]}
    assert player.post(f"/games/{game.pk}/answer/", data, content_type="application/json").status_code == 200
    game.refresh_from_db()
    game.next()
    return game


def as_json(client: Any, path: str) -> Any:
    return client.get(path, headers={"accept": "application/json"})


class TestSheet:
    def test_a_player_reads_the_own(self, revealed: Game, player: Any) -> None:
        answer = as_json(player, f"/games/{revealed.pk}/sheet/")
        assert answer.status_code == 200
        assert (answer.json()["nickname"], answer.json()["points"]) == ("Ada", 1000)
        page = player.get(f"/games/{revealed.pk}/sheet/")
        assert "Score sheet of Ada" in page.content.decode()

    def test_a_player_reads_nobody_elses(self, revealed: Game, player: Any, join: Any) -> None:
        other = join("Bob")
        assert as_json(player, f"/games/{revealed.pk}/sheet/?player={other.pk}").status_code == 403
        assert player.get(f"/games/{revealed.pk}/sheet/?player={other.pk}").status_code == 403

    def test_a_host_reads_any(self, revealed: Game, host: Any) -> None:
        ada = revealed.players.get()
        assert as_json(host, f"/games/{revealed.pk}/sheet/?player={ada.pk}").json()["points"] == 1000
        assert b"Score sheet of Ada" in host.get(f"/games/{revealed.pk}/sheet/?player={ada.pk}").content

    @pytest.mark.parametrize("wanted", ["0", "x", "9" * 30, ""])
    def test_a_player_that_there_is_not_is_said_so(self, revealed: Game, host: Any, wanted: str) -> None:
        assert as_json(host, f"/games/{revealed.pk}/sheet/?player={wanted}").status_code == 404
        assert host.get(f"/games/{revealed.pk}/sheet/?player={wanted}").status_code == 404

    def test_a_player_of_another_game_is_not_in_this_one(self, revealed: Game, host: Any, quiz: Any) -> None:
        other = Game.open_lobby(quiz)
        ada = revealed.players.get()
        assert as_json(host, f"/games/{other.pk}/sheet/?player={ada.pk}").status_code == 404

    def test_a_stranger_reads_none(self, revealed: Game, stranger: Any, client: Any) -> None:
        ada = revealed.players.get()
        for someone in (stranger, client):
            for path in (f"/games/{revealed.pk}/sheet/", f"/games/{revealed.pk}/sheet/?player={ada.pk}"):
                assert as_json(someone, path).status_code == 403
                assert someone.get(path).status_code == 403

    def test_a_ticket_opens_it_for_programs(self, revealed: Game, client: Any) -> None:
        ada = revealed.players.get()
        headers = {"authorization": f"Bearer {ada.ticket()}", "accept": "application/json"}
        assert client.get(f"/games/{revealed.pk}/sheet/", headers=headers).json()["player"] == ada.pk


class TestResults:
    def test_the_host_sees_players_questions_and_a_way_to_correct(self, revealed: Game, host: Any) -> None:
        page = host.get(f"/games/{revealed.pk}/results/").content.decode()
        assert "Ada" in page
        assert "Judge it otherwise" in page
        assert as_json(host, f"/games/{revealed.pk}/results/").json()["players"][0]["points"] == 1000

    @pytest.mark.parametrize("page", PAGES)
    def test_nobody_else_does(self, revealed: Game, player: Any, stranger: Any, page: str) -> None:
        assert stranger.get(f"/games/{revealed.pk}/{page}").status_code == 404
        assert as_json(stranger, f"/games/{revealed.pk}/{page}").json()["error"] == "no-such-game"
        assert player.get(f"/games/{revealed.pk}/{page}").status_code == 302  # to the login

    def test_a_form_of_the_page_regrades(self, revealed: Game, host: Any) -> None:
        question = revealed.question()
        wrong = next(id for id in question.choice_ids if id not in question.right)
        form = {"question": question.pk, "right": [wrong], "points": "500"}
        answer = host.post(f"/games/{revealed.pk}/results/", form, follow=True)
        assert b"Judged anew" in answer.content
        assert b"author" in answer.content
        assert revealed.players.get().points == 0

    def test_a_form_of_the_page_voids_and_restores(self, revealed: Game, host: Any) -> None:
        question = revealed.question()
        for voided, points in (("true", 0), ("false", 1000)):
            host.post(f"/games/{revealed.pk}/results/", {"question": question.pk, "voided": voided})
            assert revealed.players.get().points == points

    @pytest.mark.parametrize(
        "change",
        [{"question": "x"}, {"question": "0"}, {"right": []}, {"right": ["x"]}, {"points": "-1"}, {"points": "³"}],
    )
    def test_a_bad_form_is_answered_with_a_sentence_and_changes_nothing(
        self, revealed: Game, host: Any, change: dict[str, Any]
    ) -> None:
        question = revealed.question()
        form = {"question": question.pk, "right": question.right, "points": "500", **change}
        answer = host.post(f"/games/{revealed.pk}/results/", form, follow=True)
        assert b"notice--bad" in answer.content
        assert revealed.players.get().points == 1000

    def test_a_stranger_cannot_correct(self, revealed: Game, stranger: Any, player: Any) -> None:
        form = {"question": revealed.question().pk, "voided": "true"}
        assert stranger.post(f"/games/{revealed.pk}/results/", form).status_code == 404
        assert player.post(f"/games/{revealed.pk}/results/", form).status_code == 302
        assert revealed.players.get().points == 1000


class TestPast:
    def test_a_game_that_is_over_is_found_with_its_players(self, revealed: Game, host: Any) -> None:
        link = f'<a href="/games/{revealed.pk}/results/">Sky</a>'
        assert link not in host.get("/games/past/").content.decode()
        revealed.finish()
        revealed.finish()
        page = host.get("/games/past/").content.decode()
        assert link in page
        assert '<td class="table__number">1</td>' in page
        assert b'href="/games/past/"' in host.get("/quizzes/").content

    def test_a_cohost_finds_it_and_a_stranger_does_not(self, revealed: Game, host: Any, stranger: Any) -> None:
        revealed.finish()
        revealed.finish()
        assert b"/results/" not in stranger.get("/games/past/").content
        cohosts.add(revealed, "stranger")
        assert b"/results/" in stranger.get("/games/past/").content

    def test_a_player_is_asked_who_hosts(self, player: Any) -> None:
        assert player.get("/games/past/").status_code == 302

    def test_a_lobby_that_nobody_entered_is_no_game(self, game: Game, host: Any) -> None:
        game.finish()
        assert b"/results/" not in host.get("/games/past/").content

    def test_the_newest_is_first_and_a_page_has_so_many(self, quiz: Any, host: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(results, "GAMES_A_PAGE", 2)
        games = [Game.open_lobby(quiz, now=T0) for _ in range(3)]
        for game in games:
            joining.join(game.pin, "Ada")
            game.finish(now=T0 - game.pk)
        pages = [host.get(f"/games/past/?page={page}").content.decode() for page in (1, 2)]
        found = [[int(pk) for pk in re.findall(r"/games/(\d+)/results/", page)] for page in pages]
        assert found == [[games[0].pk, games[1].pk], [games[2].pk]]


class TestCorrecting:
    def post(self, client: Any, game: Game, step: str, **body: Any) -> Any:
        return client.post(f"/games/{game.pk}/{step}/", body, content_type="application/json")

    def test_a_host_regrades_by_json(self, revealed: Game, host: Any) -> None:
        question = revealed.question()
        assert self.post(host, revealed, "regrade", question=question.pk, points=250).status_code == 200
        assert revealed.players.get().points == 250

    def test_voiding_names_a_question_or_means_the_newest(self, revealed: Game, host: Any) -> None:
        question = revealed.question()
        assert self.post(host, revealed, "void").status_code == 200
        assert self.post(host, revealed, "void", question=question.pk, voided=False).status_code == 200
        assert revealed.players.get().points == 1000

    @pytest.mark.parametrize(
        ("body", "status", "error"),
        [
            ({"points": 2001}, 400, "bad-points"),
            ({}, 400, "bad-right"),
            ({"right": ["x"]}, 400, "bad-right"),
            ({"points": 1000}, 409, "already-so"),
            ({"points": 1, "question": 1.5}, 409, "no-such-question"),
            ({"points": 1, "question": 2**63}, 409, "no-such-question"),
            ({"points": 1, "version": 1}, 409, "game-has-moved-on"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, revealed: Game, host: Any, body: dict[str, Any], status: int, error: str
    ) -> None:
        answer = self.post(host, revealed, "regrade", **body)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert revealed.players.get().points == 1000

    def test_players_and_strangers_may_not(self, revealed: Game, player: Any, stranger: Any, client: Any) -> None:
        for someone in (player, stranger, client):
            for step in ("regrade", "void"):
                assert self.post(someone, revealed, step, points=1).status_code == 403
        assert revealed.players.get().points == 1000
