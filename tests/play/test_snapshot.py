"""Snapshot + events = new snapshot: what a page makes of events is what it would read."""

from typing import Any

from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from quiz import live
from quiz.play import destinations, people, snapshot
from quiz.play.models import Game

PERSONAL = ("me", "server_time")


def read(player: Any) -> dict[str, Any]:
    state = snapshot.for_player(player)
    return {key: value for key, value in state.items() if key not in PERSONAL}


def test_every_event_makes_of_the_old_snapshot_the_new_one(game: Game, ada: Any, bob: Any, answer: Any) -> None:
    state, steps = read(ada), []

    def step(verb: str, *args: Any) -> None:
        getattr(game, verb)(*args)
        for event in live.events_after(destinations.status(game.pk), state["seq"]):
            assert event.seq == state["seq"] + 1
            state.update(event.payload, seq=event.seq)
            steps.append(event.type)
        assert state == read(ada)

    for verb, *args in [("lock", True), ("lock", False), ("start",), ("next",), ("pause",), ("resume",), ("next",)]:
        step(verb, *args)
    answer(ada, after_ms=10)
    state["answered"] = 1  # told as a count, not as an event
    for verb, *args in [
        ("next",),
        ("void",),
        ("next",),
        ("next",),
        ("next",),
        ("kick", bob.pk),
        ("finish",),
        ("next",),
    ]:
        step(verb, *args)
    assert set(steps) == {
        "lobby.locked", "lobby.unlocked", "game.started", "question.reading", "game.paused", "game.resumed",
        "question.opened", "question.closed", "question.voided", "standings.shown", "player.removed", "podium.shown",
        "game.ended",
    }  # fmt: skip


def test_options_come_with_the_opening_and_the_solution_with_the_reveal(game: Game, ada: Any) -> None:
    game.start()
    game.next()
    reading = snapshot.for_player(ada)
    assert (reading["question"]["choices"], reading["reveal"]) == ([], None)
    game.next()
    opened = snapshot.for_player(ada)
    assert [choice["text"] for choice in opened["question"]["choices"]] == ["Mars", "Jupiter", "Venus"]
    assert opened["reveal"] is None
    game.next()
    revealed = snapshot.for_player(ada)
    assert revealed["reveal"]["right"] == game.question().right
    assert revealed["reveal"]["explanation"] == "Because."


def test_a_paused_question_stays_as_it_was(game: Game, ada: Any) -> None:
    game.start()
    game.next()
    game.pause()
    paused = snapshot.for_player(ada)
    assert (paused["phase"], paused["paused_from"], paused["question"]["choices"]) == ("paused", "reading", [])


def test_the_distribution_counts_each_option(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    answer(bob, right=False)
    open_game.next()
    mars, jupiter, venus = open_game.question().choice_ids
    assert snapshot.for_player(ada)["reveal"]["counts"] == {mars: 1, jupiter: 1, venus: 0}


def test_a_player_sees_the_own_answer_before_and_its_worth_after_the_reveal(
    open_game: Game, ada: Any, answer: Any
) -> None:
    answer(ada)
    mine = snapshot.for_player(ada)["me"]
    assert (mine["answer"]["right"], mine["answer"]["points"], mine["place"]) == (None, None, None)
    open_game.next()
    mine = snapshot.for_player(ada)["me"]
    assert (mine["answer"]["right"], mine["answer"]["points"], mine["place"]) == (True, 1000, 1)
    open_game.next()
    open_game.next()
    assert snapshot.for_player(ada)["me"]["answer"] is None


def test_the_snapshots_me_equals_the_result_that_was_sent(
    open_game: Game, ada: Any, bob: Any, answer: Any, django_capture_on_commit_callbacks: Any, memory_backend: list[Any]
) -> None:
    answer(ada)
    with django_capture_on_commit_callbacks(execute=True):
        open_game.next()
    results = {m.destination: m.data["me"] for m in memory_backend if m.type == "player.result"}
    for player in (ada, bob):
        assert snapshot.for_player(player)["me"] == results[destinations.player(player.pk)]


def test_everybody_gets_ten_lines_of_standings_and_the_own_place(game: Game, join: Any) -> None:
    players = [join(f"Player {n}") for n in range(12)]
    game.start()
    for _ in range(3):
        game.next()
    state = snapshot.for_player(players[-1])
    assert len(state["standings"]) == 10
    assert state["me"]["place"] == 1
    assert state["beyond"] == 2, "a podium that twelve share shows ten as if there were no more"


def test_who_comes_after_a_reveal_stands_nowhere_until_the_next_one(open_game: Game, ada: Any, join: Any) -> None:
    open_game.next()
    told = read(ada)["standings"]
    cleo = join("Cleo")
    caches["process"].clear()  # as in another process
    assert read(ada)["standings"] == told
    for _ in range(4):
        open_game.next()
    assert cleo.pk in {line["player"] for line in read(ada)["standings"]}


def test_places_of_before_are_told_from_the_second_reveal_on(open_game: Game, ada: Any, bob: Any, answer: Any) -> None:
    answer(ada)
    open_game.next()
    assert [line["before"] for line in snapshot.for_host(open_game)["standings"]] == [None, None]
    for _ in range(3):
        open_game.next()
    answer(bob, after_ms=1)
    open_game.next()
    lines = snapshot.for_host(open_game)["standings"]
    assert [(line["nickname"], line["place"], line["before"]) for line in lines] == [("Ada", 1, 1), ("Bob", 1, 2)]


def test_who_comes_second_makes_nobody_rank_all_players_again(game: Game, ada: Any, bob: Any) -> None:
    for verb in ("start", "next", "next", "next"):
        getattr(game, verb)()
    asked = []
    for player in (ada, bob):
        with CaptureQueriesContext(connection) as queries:
            snapshot.for_player(player)
        asked.append([query["sql"] for query in queries if "RANK()" in query["sql"]])
    assert [len(ranked) for ranked in asked] == [1, 0]


def test_what_was_rolled_back_is_not_what_the_next_page_sees(game: Game, ada: Any) -> None:
    for verb in ("start", "next", "next", "next"):
        getattr(game, verb)()
    with transaction.atomic():
        people.rename(game, ada.pk, "Other")
        transaction.set_rollback(True)
    game.refresh_from_db()
    game.next()
    assert [line["nickname"] for line in read(ada)["standings"]] == ["Ada"]


def test_the_host_sees_the_roster(game: Game, ada: Any) -> None:
    me = snapshot.for_host(game)["me"]
    [line] = me["roster"]
    assert (line["player"], line["nickname"], line["here"], line["team"]) == (ada.pk, "Ada", True, None)
    assert me["hosts"] == ["author"]
