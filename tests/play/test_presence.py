"""Who is here, and whom a question waits for."""

from typing import Any

import pytest
from django.test import Client

from quiz import live
from quiz.play import presence
from quiz.play.models import Game, Player
from quiz.play.options import Options
from quiz.play.presence import LEAVING_MS, PRESENT_MS, QUIET_MS, Signs

OPENED = 1_800_000_006_000


def here_until(player: Any, moment: int) -> None:
    Player.objects.filter(pk=player.pk).update(here_until=moment)


def heard_for_long() -> Signs:
    """Signs that have been heard until OPENED for as long as silence needs to mean something."""
    signs = Signs()
    for moment in range(OPENED - PRESENT_MS, OPENED + 1, 5_000):
        signs.hear(0, moment)
    return signs


# Signs of life.


def test_many_signs_are_one_statement(game: Game, join: Any, django_assert_num_queries: Any) -> None:
    players, signs = [join(f"Player {n}") for n in range(60)], Signs()
    for player in players * 3:
        signs.hear(player.pk, OPENED)
    with django_assert_num_queries(1):
        signs.fold(OPENED)
    assert set(game.players.values_list("here_until", flat=True)) == {OPENED + PRESENT_MS}
    with django_assert_num_queries(0):
        signs.fold(OPENED + 1)


def test_silence_means_absence_only_to_whom_has_listened_long_enough() -> None:
    signs = Signs()
    assert not signs.are_heard(OPENED)
    signs.hear(1, OPENED)
    assert not signs.are_heard(OPENED + PRESENT_MS - 1)
    signs.hear(1, OPENED + 20_000)
    assert signs.are_heard(OPENED + PRESENT_MS)


def test_whoever_hears_nobody_any_more_has_a_fault_and_knows_nothing() -> None:
    signs = heard_for_long()
    assert signs.are_heard(OPENED + PRESENT_MS)
    assert not signs.are_heard(OPENED + PRESENT_MS + 1)
    signs.hear(1, OPENED + PRESENT_MS + 1)
    assert not signs.are_heard(OPENED + PRESENT_MS + 1)


@pytest.mark.parametrize("lasts_ms", [PRESENT_MS, QUIET_MS])
def test_a_call_is_written_only_when_the_last_has_half_run_out(
    ada: Any, lasts_ms: int, django_assert_num_queries: Any
) -> None:
    ada.here_until = OPENED
    with django_assert_num_queries(1):
        presence.called(ada, OPENED, lasts_ms)
        presence.called(ada, OPENED + lasts_ms // 2, lasts_ms)
    ada.refresh_from_db()
    assert ada.here_until == OPENED + lasts_ms


def test_who_leaves_is_missed_at_once_but_may_reload(ada: Any) -> None:
    here_until(ada, OPENED + PRESENT_MS)
    presence.left(ada, OPENED)
    ada.refresh_from_db()
    assert ada.here_until == OPENED + LEAVING_MS


def test_a_page_says_over_http_that_it_goes(game: Game, player: Client, stranger: Client) -> None:
    player.get(f"/play/{game.pin}/")
    before = game.players.get().here_until
    assert player.post(f"/games/{game.pk}/away/").status_code == 200
    assert game.players.get().here_until < before
    assert stranger.post(f"/games/{game.pk}/away/").status_code == 403


def test_a_program_is_here_by_what_it_calls(game: Game, client: Client, player: Client) -> None:
    player.get(f"/play/{game.pin}/")
    data = {"pin": game.pin, "nickname": "Bob"}
    client.post("/join/", data, content_type="application/json")
    page, program = game.players.order_by("pk")
    assert program.here_until - page.here_until > QUIET_MS / 2


# The question.


@pytest.mark.parametrize("heard", [True, False])
def test_a_vanished_phone_blocks_nobody_if_we_hear_the_others(
    open_game: Game, ada: Any, bob: Any, answer: Any, heard: bool
) -> None:
    here_until(bob, OPENED - 1)
    assert not open_game.close_if_complete(OPENED + 100, all_players=not heard)
    answer(ada)
    assert open_game.close_if_complete(OPENED + 100, all_players=not heard) is heard


def test_nobody_here_at_all_closes_nothing(open_game: Game, ada: Any, bob: Any) -> None:
    for player in (ada, bob):
        here_until(player, OPENED - 1)
    assert not open_game.close_if_complete(OPENED + 100)


def test_who_has_answered_and_gone_is_counted_and_not_waited_for(
    open_game: Game, ada: Any, bob: Any, answer: Any
) -> None:
    answer(ada)
    here_until(ada, OPENED - 1)
    counted = open_game.counted(OPENED)
    assert (counted.players_now, counted.expected_now, counted.answered_now) == (2, 2, 1)
    here_until(bob, OPENED - 1)
    assert open_game.counted(OPENED).expected_now == 1


def test_the_answer_of_who_was_removed_is_not_counted_and_closes_nothing(
    open_game: Game, ada: Any, bob: Any, answer: Any
) -> None:
    answer(ada)
    open_game.kick(ada.pk)
    here_until(bob, OPENED + PRESENT_MS)
    counted = open_game.counted(OPENED + 1)
    assert (counted.players_now, counted.expected_now, counted.answered_now) == (1, 1, 0)
    assert not open_game.close_if_complete(OPENED + 1)


def test_who_comes_back_is_waited_for_again(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    here_until(bob, OPENED - 1)
    answer(ada)
    signs = heard_for_long()
    signs.hear(bob.pk, OPENED)
    signs.fold(OPENED)
    assert not open_game.close_if_complete(OPENED + 100)


# The host.


@pytest.mark.django_db(transaction=True)
def test_the_host_is_told_once_who_has_gone_and_who_is_back(game: Game, ada: Any, bob: Any) -> None:
    told = live.outbox
    presence.tell_changes(OPENED)
    assert told == []
    here_until(bob, OPENED)
    for _ in range(2):
        presence.tell_changes(OPENED + 1)
    assert [(m.destination, m.data) for m in told] == [(f"/games/{game.pk}/host", {"away": [bob.pk], "back": []})]
    here_until(bob, OPENED + PRESENT_MS)
    presence.tell_changes(OPENED + 2)
    assert told[-1].data == {"away": [], "back": [bob.pk]}


def test_a_game_whose_host_has_vanished_is_paused_once_and_keeps_its_time(open_game: Game) -> None:
    presence.host_is_here(open_game, OPENED)
    due = OPENED + open_game.chosen.pause_alone_s * 1000
    assert not open_game.pause_if_deserted(due - 1)
    Game.objects.filter(pk=open_game.pk).update(phase_ends_at=due + 5_000)
    assert open_game.pause_if_deserted(due)
    assert (open_game.phase, open_game.paused_from, open_game.remaining_ms) == ("paused", "open", 5_000)
    open_game.resume(now=due + 60_000)
    assert not open_game.pause_if_deserted(due + 60_000)


@pytest.mark.parametrize("seconds", [0, 90])
def test_a_game_goes_on_by_itself_when_its_host_wishes_so(open_game: Game, seconds: int) -> None:
    open_game.options = Options(pause_alone_s=seconds).data()
    open_game.save(update_fields=["options"])
    presence.host_is_here(open_game, OPENED)
    assert open_game.pause_if_deserted(OPENED + 600_000) is (seconds > 0)


def test_a_game_of_a_program_that_gives_no_signs_is_never_deserted(open_game: Game) -> None:
    assert not open_game.pause_if_deserted(OPENED + 3_600_000)


def test_a_lobby_is_not_paused(game: Game) -> None:
    presence.host_is_here(game, OPENED)
    assert not game.pause_if_deserted(OPENED + 3_600_000)


def test_a_hosts_screen_says_over_http_that_it_is_there(game: Game, host: Client) -> None:
    assert host.post(f"/games/{game.pk}/here/").status_code == 200
    game.refresh_from_db()
    assert game.host_due_at is not None


# Two devices.


@pytest.mark.django_db(transaction=True)
def test_the_newer_page_plays_and_the_older_is_told(game: Game, player: Client) -> None:
    pages = [player.get(f"/play/{game.pin}/").context["page"]["state"]["me"] for _ in range(2)]
    assert [page["seat"] for page in pages] == [1, 2]
    moved = [message for message in live.outbox if message.type == "player.moved"]
    assert [(m.destination, m.data) for m in moved] == [(f"/players/{pages[0]['player']}", {"seat": 2})]


def test_an_older_page_that_is_left_does_not_make_its_player_absent(game: Game, player: Client) -> None:
    for _ in range(2):
        player.get(f"/play/{game.pin}/")
    before = game.players.get().here_until
    player.post(f"/games/{game.pk}/away/", {"seat": "1"})
    assert game.players.get().here_until == before
    player.post(f"/games/{game.pk}/away/", {"seat": "2"})
    assert game.players.get().here_until < before


def test_a_second_page_shows_the_answer_of_the_first(open_game: Game, client: Client, answer: Any) -> None:
    client.post("/join/", {"pin": open_game.pin, "nickname": "Cleo"})
    client.get(f"/play/{open_game.pin}/")
    stored = answer(open_game.players.get(nickname="Cleo"), after_ms=10)
    page = client.get(f"/play/{open_game.pin}/").context["page"]["state"]
    assert page["me"]["answer"]["choice"] == stored.choice
