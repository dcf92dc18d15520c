"""Teams of a game: who comes into which, and what its members' answers bring it."""

from collections.abc import Callable
from typing import Any

import pytest

from quiz.play import following, grouping, joining, results, sheet, snapshot
from quiz.play.models import Game, Player
from quiz.play.options import Mode, Options, Teaming
from quiz.play.presence import Signs
from quiz.play.referee import Referee
from quiz.play.states import GameError

T0 = 1_800_000_000_000
FIRST_OPENS = T0 + 6_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def game(quiz: Any) -> Game:
    return Game.open_lobby(quiz, now=T0, options=Options(mode=Mode.TEAMS, teams=2, team_names="Red"))


@pytest.fixture
def four(join: Callable[[str], Any]) -> list[Player]:
    """Ada and Cleo are in the first team, Bob and Dan in the second; they came before the first question."""
    players = [join(name) for name in ("Ada", "Bob", "Cleo", "Dan")]
    Player.objects.update(joined_at=T0)
    return players


def play(game: Game, *answers: tuple[Any, bool], answer: Callable[..., Any]) -> None:
    """One question: opened, answered at once by these, right or wrong, and closed."""
    while game.phase != "open":
        game.next(now=FIRST_OPENS)
    for player, right in answers:
        answer(player, right=right)
    game.next(now=FIRST_OPENS + 1_000)


def points(game: Game) -> dict[str, int]:
    return {team.name: team.points for team in game.teams.all()}


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(GameError) as error:
        call()
    return error.value.code


def test_teams_have_the_hosts_names_and_those_of_constellations(game: Game) -> None:
    assert [team.name for team in game.teams.all()] == ["Red", "Orion"]


def test_other_games_have_no_teams(quiz: Any, game: Game) -> None:
    other = Game.open_lobby(quiz, now=T0)
    assert not other.teams.exists()
    assert joining.join(other.pin, "Ada")[0].team is None


def test_whoever_comes_in_is_dealt_into_the_smallest_team(game: Game, four: list[Player]) -> None:
    assert [player.team for player in four] == [1, 2, 1, 2]


def test_a_player_chooses_another_team_in_the_lobby_while_it_has_room(game: Game, four: list[Player]) -> None:
    ada, _, cleo, _ = four
    grouping.choose(ada, 2)
    assert Player.objects.get(pk=ada.pk).team == 2
    assert refused(lambda: grouping.choose(cleo, 2)) == "team-full"
    assert refused(lambda: grouping.choose(cleo, 3)) == "no-such-team"


def test_choosing_the_own_team_again_changes_nothing(game: Game, four: list[Player]) -> None:
    grouping.choose(four[0], 1)
    game.refresh_from_db()
    assert game.regrouped == 0


def test_nobody_chooses_after_the_start_or_where_teams_are_dealt(quiz: Any, game: Game, four: list[Player]) -> None:
    game.start(now=T0)
    assert refused(lambda: grouping.choose(four[0], 2)) == "not-now"
    dealt = Game.open_lobby(quiz, now=T0, options=Options(mode=Mode.TEAMS, teaming=Teaming.DEALT))
    assert refused(lambda: grouping.choose(joining.join(dealt.pin, "Eve")[0], 2)) == "not-now"


def test_a_team_earns_the_mean_of_its_members(game: Game, four: list[Player], answer: Any) -> None:
    ada, bob, cleo, _ = four
    game.start(now=T0)
    play(game, (ada, True), (bob, True), (cleo, True), answer=answer)
    assert points(game) == {"Red": 1000, "Orion": 500}
    lines = snapshot.for_player(ada)["teams"]
    assert [(line["team"], line["place"], line["gained"], line["before"]) for line in lines] == [
        (1, 1, 1000, None),
        (2, 2, 500, None),
    ]


def test_equal_teams_share_the_place_and_the_place_before_is_told(game: Game, four: list[Player], answer: Any) -> None:
    ada, bob, cleo, dan = four
    game.start(now=T0)
    play(game, (ada, True), (cleo, True), answer=answer)
    play(game, (bob, True), (dan, True), answer=answer)
    lines = snapshot.for_player(ada)["teams"]
    assert [(line["team"], line["place"], line["before"]) for line in lines] == [(1, 1, 1), (2, 1, 2)]


def test_who_comes_late_counts_from_the_next_question_on(game: Game, join: Any, answer: Any) -> None:
    ada, bob = join("Ada"), join("Bob")
    Player.objects.update(joined_at=T0)
    game.start(now=T0)
    play(game, (ada, True), (bob, True), answer=answer)
    join("Eve")
    Player.objects.filter(nickname="Eve").update(team=1, joined_at=FIRST_OPENS + 500)
    grouping.recount(game)
    assert points(game) == {"Red": 1000, "Orion": 1000}


def test_a_removed_member_counts_no_more_and_one_brought_back_does(game: Game, four: list[Player], answer: Any) -> None:
    ada, bob, cleo, dan = four
    game.start(now=T0)
    play(game, (ada, True), (bob, True), (dan, True), answer=answer)
    assert points(game) == {"Red": 500, "Orion": 1000}
    game.kick(cleo.pk)
    assert points(game) == {"Red": 1000, "Orion": 1000}


def test_an_empty_team_has_no_place(game: Game, join: Any, answer: Any) -> None:
    ada = join("Ada")
    game.start(now=T0)
    play(game, (ada, True), answer=answer)
    assert [(line["team"], line["members"], line["place"]) for line in snapshot.for_player(ada)["teams"]] == [
        (1, 1, 1),
        (2, 0, None),
    ]


def test_a_voided_question_earns_the_teams_nothing(game: Game, four: list[Player], answer: Any) -> None:
    game.start(now=T0)
    play(game, (four[0], True), answer=answer)
    game.void()
    assert points(game) == {"Red": 0, "Orion": 0}
    assert all(line["gained"] == 0 for line in snapshot.for_player(four[0])["teams"])


def test_whom_the_host_moves_takes_the_answers_along(game: Game, four: list[Player], answer: Any) -> None:
    ada = four[0]
    game.start(now=T0)
    play(game, (ada, True), answer=answer)
    grouping.move(game, ada.pk, 2)
    assert points(game) == {"Red": 0, "Orion": 333}
    assert snapshot.for_player(ada)["me"]["team"] == 2


@pytest.mark.parametrize(("player", "team", "code"), [(0, 2, "no-such-player"), (None, 3, "no-such-team")])
def test_moving_nobody_or_nowhere_is_refused(game: Game, join: Any, player: int | None, team: int, code: str) -> None:
    ada = join("Ada")
    assert refused(lambda: grouping.move(game, ada.pk if player is None else player, team)) == code


def test_play_again_keeps_the_teams(game: Game, four: list[Player], answer: Any) -> None:
    grouping.choose(four[0], 2)
    game.start(now=T0)
    game.finish()
    again = game.replay()
    four[0].refresh_from_db()
    assert [team.name for team in again.teams.all()] == ["Red", "Orion"]
    assert following.follow(four[0])[0].team == 2


def test_the_host_is_told_once_of_all_who_chose(
    game: Game, four: list[Player], memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    referee = Referee(lambda: T0 + 1_000, Signs())
    referee.look()
    memory_backend.clear()
    with django_capture_on_commit_callbacks(execute=True):
        grouping.choose(four[0], 2)
        grouping.choose(four[1], 1)
    referee.clock = lambda: T0 + 2_000
    with django_capture_on_commit_callbacks(execute=True):
        referee.look()
    assert [m.data for m in memory_backend if m.type == "player.grouped"] == [{"team": 2}, {"team": 1}]
    [roster] = [m.data for m in memory_backend if m.type == "roster.changed"]
    assert [(line["nickname"], line["team"]) for line in roster["added"]] == [("Ada", 2), ("Bob", 1)]
    [counts] = [m.data for m in memory_backend if m.type == "counts.changed"]
    assert counts["members"] == [2, 2]


def test_results_and_sheet_name_the_team(game: Game, four: list[Player], answer: Any) -> None:
    game.start(now=T0)
    play(game, (four[0], True), answer=answer)
    header, first, *_ = results.table(game)
    assert (header[5], first[1], first[5]) == ("team", "Ada", "Red")
    assert sheet.sheet(Player.objects.get(pk=four[1].pk))["team"] == "Orion"


def test_the_hosts_results_show_the_teams(game: Game, four: list[Player], answer: Any, host: Any) -> None:
    game.start(now=T0)
    play(game, (four[0], True), answer=answer)
    assert b"results-teams" in host.get(f"/games/{game.pk}/results/").content
    page = host.get(f"/games/{game.pk}/results/", headers={"accept": "application/json"}).json()
    assert [team["name"] for team in page["teams"]] == ["Red", "Orion"]


def test_each_call_asks_who_calls(game: Game, host: Any, player: Any, stranger: Any) -> None:
    here = Player.objects.get()
    body = {"player": here.pk, "team": 2}
    calls = [("team", (403, 200, 403)), ("regroup", (200, 403, 403)), ("show", (409, 403, 403))]
    for name, expected in calls:
        url = f"/games/{game.pk}/{name}/"
        answers = [who.post(url, body, content_type="application/json") for who in (host, player, stranger)]
        assert tuple(answer.status_code for answer in answers) == expected
        assert host.get(url).status_code == 405
