"""Survival and peer instruction as a game plays them; teams are in test_grouping.py."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from quiz.play import answering, joining, snapshot
from quiz.play.correction import Correction
from quiz.play.models import Answer, Game, Player
from quiz.play.options import Mode, Options
from quiz.play.states import GameError

T0 = 1_800_000_000_000

pytestmark = pytest.mark.django_db


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(GameError) as error:
        call()
    return error.value.code


def to_open(game: Game) -> None:
    while game.phase != "open":
        game.next()


class TestSurvival:
    @pytest.fixture
    def game(self, quiz: Any) -> Game:
        return Game.open_lobby(quiz, now=T0, options=Options(mode=Mode.SURVIVAL))

    @pytest.fixture
    def three(self, game: Game, join: Callable[[str], Any]) -> list[Player]:
        players = [join(name) for name in ("Ada", "Bob", "Cleo")]
        game.start()
        return players

    def play(self, game: Game, answer: Any, *answers: tuple[Any, bool]) -> None:
        to_open(game)
        for player, right in answers:
            answer(player, right=right)
        game.next()

    def standing(self, game: Game) -> list[tuple[str, int, int | None]]:
        return [(line["nickname"], line["place"], line["out_at"]) for line in snapshot.for_host(game)["standings"]]

    def test_who_is_wrong_or_silent_is_out_and_shares_what_follows(
        self, game: Game, three: list[Player], answer: Any
    ) -> None:
        ada, bob, cleo = three
        self.play(game, answer, (ada, True), (bob, False))
        assert self.standing(game) == [("Ada", 1, None), ("Bob", 2, 1), ("Cleo", 2, 1)]
        mine = snapshot.for_player(cleo)["me"]
        assert (mine["lives"], mine["out_at"], mine["place"], mine["gap"]) == (0, 1, 2, None)

    def test_who_is_out_answers_no_more(self, game: Game, three: list[Player], answer: Any) -> None:
        ada, bob, cleo = three
        self.play(game, answer, (ada, True), (bob, True), (cleo, False))
        to_open(game)
        assert refused(lambda: answer(cleo)) == "you-are-out"

    def test_a_question_waits_only_for_those_who_are_in(self, game: Game, three: list[Player], answer: Any) -> None:
        ada, bob, cleo = three
        self.play(game, answer, (ada, True), (bob, True), (cleo, False))
        to_open(game)
        state = snapshot.for_player(ada)
        assert (state["players"], state["left"], state["expected"]) == (3, 2, 2)
        answer(ada)
        assert not game.close_if_complete(T0, all_players=True)
        answer(bob)
        assert game.close_if_complete(T0, all_players=True)

    def test_the_game_is_over_when_one_is_left(self, game: Game, three: list[Player], answer: Any) -> None:
        ada, bob, cleo = three
        self.play(game, answer, (ada, True), (bob, False), (cleo, False))
        assert snapshot.for_player(ada)["last"]
        game.next()
        assert game.phase == "podium"

    def test_the_last_ones_who_go_together_share_the_place_whatever_their_points(
        self, game: Game, three: list[Player], answer: Any
    ) -> None:
        ada, bob, _ = three
        to_open(game)
        answer(ada)
        answer(bob, after_ms=9_000)
        game.next()
        self.play(game, answer, (ada, False), (bob, False))
        assert self.standing(game) == [("Ada", 1, 2), ("Bob", 1, 2), ("Cleo", 3, 1)]
        assert [player.place_now() for player in Player.objects.order_by("pk")] == [1, 1, 3]
        game.next()
        assert game.phase == "podium"

    def test_who_goes_in_the_same_question_is_ranked_by_points(
        self, game: Game, three: list[Player], answer: Any
    ) -> None:
        ada, bob, cleo = three
        to_open(game)
        answer(ada)
        answer(bob, after_ms=9_000)
        answer(cleo, after_ms=1_000)
        game.next()
        self.play(game, answer, (ada, True), (bob, False), (cleo, False))
        assert self.standing(game) == [("Ada", 1, None), ("Cleo", 2, 2), ("Bob", 3, 2)]
        assert [player.place_now() for player in Player.objects.order_by("pk")] == [1, 3, 2]

    def test_a_voided_question_gives_lives_back_and_what_was_watched_costs_none(
        self, game: Game, three: list[Player], answer: Any
    ) -> None:
        ada, bob, cleo = three
        self.play(game, answer, (ada, True), (bob, True), (cleo, False))
        first = game.question()
        self.play(game, answer, (ada, True), (bob, True))
        game.correct(first.pk, Correction(voided=True), "author")
        mine = snapshot.for_player(cleo)["me"]
        assert (mine["lives"], mine["out_at"]) == (1, None)
        to_open(game)
        assert answer(cleo).pk

    def test_marking_another_option_right_takes_lives_and_decides(
        self, game: Game, three: list[Player], answer: Any
    ) -> None:
        ada, bob, cleo = three
        self.play(game, answer, (ada, True), (bob, False), (cleo, True))
        question = game.question()
        wrong = Answer.objects.get(player=bob).choice
        game.correct(question.pk, Correction(right=wrong), "author")
        assert self.standing(game)[0] == ("Bob", 1, None)
        assert snapshot.for_player(ada)["last"]

    def test_who_comes_late_has_lost_the_lives_of_the_questions_before(
        self, game: Game, three: list[Player], answer: Any
    ) -> None:
        ada, bob, _ = three
        self.play(game, answer, (ada, True), (bob, True))
        eve = joining.join(game.pin, "Eve")[0]
        assert (eve.lost, eve.out_at) == (1, 1)
        assert snapshot.for_player(eve)["left"] == 2

    def test_who_plays_alone_plays_on(self, game: Game, join: Any, answer: Any) -> None:
        ada = join("Ada")
        game.start()
        self.play(game, answer, (ada, True))
        assert not snapshot.for_player(ada)["last"]

    def test_three_lives_last_for_two_wrong_answers(self, quiz: Any, answer: Any) -> None:
        game = Game.open_lobby(quiz, now=T0, options=Options(mode=Mode.SURVIVAL, lives=3))
        players = [joining.join(game.pin, name)[0] for name in ("Ada", "Bob")]
        game.start()
        for lives in (2, 1):
            self.play(game, answer, (players[0], True), (players[1], False))
            assert snapshot.for_player(players[1])["me"]["lives"] == lives
        self.play(game, answer, (players[0], True), (players[1], False))
        assert snapshot.for_player(players[1])["me"]["out_at"] == 3


class TestPeerInstruction:
    @pytest.fixture
    def game(self, quiz: Any) -> Game:
        return Game.open_lobby(quiz, now=T0, options=Options(mode=Mode.PEER))

    @pytest.fixture
    def voted(self, game: Game, ada: Player, bob: Player, answer: Any) -> Game:
        """The first vote is over: Ada was wrong, Bob right."""
        game.start()
        to_open(game)
        answer(ada, right=False)
        answer(bob)
        game.next()
        return game

    def test_after_the_first_vote_they_discuss_with_the_choices_in_sight(self, voted: Game, ada: Player) -> None:
        state = snapshot.for_player(ada)
        assert (state["phase"], state["discussing"], state["question"]["round"]) == ("reading", True, 1)
        assert len(state["question"]["choices"]) == 3
        assert state["phase_ends_at"] is None
        assert state["me"]["answer"]["round"] == 1

    def test_nothing_of_the_vote_or_the_solution_reaches_a_player_before_the_reveal(
        self, voted: Game, ada: Player, bob: Player
    ) -> None:
        voted.next()
        state = snapshot.for_player(bob)
        assert (state["phase"], state["question"]["round"], state["reveal"]) == ("open", 2, None)
        assert state["me"]["answer"] is None
        assert state["me"]["first"] == Answer.objects.get(player=bob).choice
        others = Answer.objects.get(player=ada).choice[0]
        told = json.dumps({**state, "question": None, "me": {**state["me"], "first": None}})
        assert others not in told
        assert "counts" not in told

    def test_the_host_hears_how_the_first_vote_went_until_the_second_begins(self, voted: Game) -> None:
        question = voted.question()
        vote = snapshot.for_host(voted)["me"]["vote"]
        assert vote == {"question": question.pk, "counts": question.counts(question.answers.all())}
        assert sum(vote["counts"].values()) == 2
        voted.pause()
        assert snapshot.for_host(voted)["me"]["vote"] == vote
        voted.resume()
        voted.next()
        assert snapshot.for_host(voted)["me"]["vote"] is None

    def test_only_the_second_vote_earns_and_both_are_shown(
        self, voted: Game, ada: Player, bob: Player, answer: Any
    ) -> None:
        voted.next()
        answer(ada)
        voted.next()
        state = snapshot.for_player(ada)
        first = state["reveal"]["first"]
        assert (first["to_right"], first["to_wrong"], sum(first["counts"].values())) == (1, 0, 2)
        assert sum(state["reveal"]["counts"].values()) == 1
        assert [player.points for player in Player.objects.order_by("pk")] == [1000, 0]

    def test_the_answer_can_be_shown_after_the_first_vote_which_then_counts(self, voted: Game, bob: Player) -> None:
        voted.show()
        state = snapshot.for_player(bob)
        assert (state["phase"], state["reveal"]["first"], state["me"]["points"]) == ("reveal", None, 1000)

    def test_there_is_nothing_to_show_before_a_vote(self, game: Game, ada: Player) -> None:
        game.start()
        game.next()
        assert refused(game.show) == "not-now"

    def test_nobody_answers_while_they_discuss(self, voted: Game, ada: Player, answer: Any) -> None:
        first = Answer.objects.get(player=ada)
        data = {"answer_id": str(uuid.uuid4()), "question": voted.question().pk, "choice": voted.question().right}
        with pytest.raises(answering.AlreadyAnswered):
            answering.take(ada, data, received_at=first.received_at)
        assert refused(lambda: answering.take(ada, {**data, "round": 2}, first.received_at)) == "question-not-open"

    def test_the_first_vote_sent_again_in_the_second_round_is_still_the_first(
        self, voted: Game, ada: Player, bob: Player
    ) -> None:
        voted.next()
        first = Answer.objects.get(player=ada)
        data = {"answer_id": str(first.answer_id), "question": first.question_id, "choice": first.choice}
        now = voted.question().opened_at
        assert answering.take(ada, data, now) == first
        assert answering.take(ada, {**data, "round": 1}, now) == first
        assert Answer.objects.count() == 2

    def test_a_vote_names_its_round_or_counts_for_the_running_one(self, voted: Game, ada: Player) -> None:
        voted.next()
        question = voted.question()
        data = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.right}
        stored = answering.take(ada, data, question.opened_at)
        assert (stored.round, stored.acknowledgement()["round"]) == (2, 2)
        for round in (0, 3, "2", True):
            with pytest.raises(answering.BadAnswer, match="bad-round"):
                answering.take(ada, {**data, "round": round}, question.opened_at)

    def test_the_second_vote_waits_until_all_have_voted_again(self, voted: Game, ada: Player, answer: Any) -> None:
        voted.next()
        now = voted.question().opened_at
        answer(ada)
        assert voted.counted(now).answered_now == 1
        assert not voted.close_if_complete(now + 100, all_players=True)

    def test_a_timed_discussion_goes_on_by_itself(self, quiz: Any, answer: Any) -> None:
        game = Game.open_lobby(quiz, now=T0, options=Options(mode=Mode.PEER, discuss_s=30))
        joining.join(game.pin, "Ada")
        game.start(now=T0)
        for _ in range(2):
            game.next(now=T0)
        game.next(now=T0)
        assert game.discussing
        assert not game.close_if_due(T0 + 29_999)
        assert game.close_if_due(T0 + 30_000)
        assert (game.phase, game.question().round) == ("open", 2)

    def test_a_skipped_discussion_leads_to_the_next_question(self, voted: Game) -> None:
        voted.skip()
        assert (voted.phase, voted.position, voted.discussing) == ("reading", 2, False)

    def test_finishing_in_a_discussion_counts_the_first_vote(self, voted: Game, bob: Player) -> None:
        voted.finish()
        bob.refresh_from_db()
        assert (voted.phase, bob.points) == ("podium", 1000)

    def test_regrading_judges_both_votes_anew(self, voted: Game, ada: Player, bob: Player, answer: Any) -> None:
        wrong = Answer.objects.get(player=ada).choice
        voted.next()
        answer(ada, right=False)
        answer(bob, right=False)
        voted.next()
        assert snapshot.for_player(ada)["reveal"]["first"]["to_wrong"] == 1
        voted.correct(None, Correction(right=wrong), "author")
        first = snapshot.for_player(ada)["reveal"]["first"]
        assert (first["to_right"], first["to_wrong"]) == (1, 0)
