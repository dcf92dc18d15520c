"""Texts that stay on the wall: no byte of them reaches a phone, but that of a player who needs them."""

import json
from typing import Any

import pytest
from django.test import Client

from quiz import live
from quiz.play import destinations, following, joining, snapshot
from quiz.play.models import Game
from quiz.play.options import Mode, Options, PhoneText
from quiz.play.phonetext import for_phones

QUESTION = {
    "kind": "choice",
    "text": "Which?",
    "rich": [["p", "Which?"]],
    "picture": {"url": "/pictures/1.webp"},
    "choices": [{"id": "a", "text": "Mars", "rich": [["em", "Mars"]], "picture": {"url": "/pictures/2.webp"}}],
}
REVEAL = {"right": ["a"], "counts": {"a": 1}, "explanation": "Because.", "rich": [["p", "Because."]]}
SHARED = {"phase": "reveal", "question": QUESTION, "reveal": REVEAL}


def post(client: Client, url: str, body: Any = None) -> Any:
    return client.post(url, json.dumps(body or {}), content_type="application/json")


def muted(game: Game, shows: PhoneText = PhoneText.LETTERS, **more: Any) -> Game:
    game.options = Options(phone_text=shows, **more).data()
    game.save(update_fields=["options"])
    return game


def test_phones_that_show_all_get_all() -> None:
    assert for_phones(SHARED, PhoneText.FULL) is SHARED


def test_outside_of_a_question_there_is_nothing_to_keep_back() -> None:
    lobby = {"phase": "lobby", "question": None, "reveal": None}
    assert for_phones(lobby, PhoneText.LETTERS) == lobby


def test_the_options_stay_where_they_alone_are_shown() -> None:
    shown = for_phones(SHARED, PhoneText.OPTIONS)
    assert shown["question"] == {**QUESTION, "text": "", "rich": None, "picture": None}
    assert shown["reveal"] == {**REVEAL, "explanation": "", "rich": None}


def test_letters_leave_of_the_options_their_ids() -> None:
    assert for_phones(SHARED, PhoneText.LETTERS)["question"]["choices"] == [{"id": "a", "text": ""}]
    assert QUESTION["choices"][0]["text"] == "Mars", "the wall's own are as they were"


def test_a_kind_without_letters_keeps_its_options() -> None:
    typed = {**SHARED, "question": {**QUESTION, "kind": "typed"}}
    assert for_phones(typed, PhoneText.LETTERS)["question"]["choices"] == QUESTION["choices"]


def test_who_plays_alone_has_no_wall() -> None:
    assert Options(mode=Mode.SELF, phone_text=PhoneText.LETTERS).phones_show is PhoneText.FULL


@pytest.mark.parametrize(("shows", "hidden"), [("options", ["Which planet", "Because"]), ("letters", ["Jupiter"])])
def test_no_byte_for_players_has_a_text_that_is_on_the_wall(
    game: Game,
    player: Client,
    memory_backend: list[Any],
    django_capture_on_commit_callbacks: Any,
    shows: str,
    hidden: list[str],
) -> None:
    muted(game, PhoneText(shows))
    game.questions.update(text="Which planet?", rich=[["p", "Which planet?"]])
    seen = []
    with django_capture_on_commit_callbacks(execute=True):
        game.start()
    for _ in range(4):
        with django_capture_on_commit_callbacks(execute=True):
            game.next()
        pages = [f"/games/{game.pk}/state/", f"/games/{game.pk}/events/", f"/play/{game.pin}/"]
        seen += [player.get(url).content.decode() for url in pages]
    private = (destinations.wall(game.pk), destinations.host(game.pk))
    seen += [message.body.decode() for message in memory_backend if message.destination not in private]
    assert {text: [one for one in seen if text in one] for text in hidden} == {text: [] for text in hidden}
    assert any(text in message.body.decode() for message in memory_backend for text in hidden), "the wall has them"


def test_snapshot_and_events_make_the_new_snapshot_on_phones_and_on_the_wall(game: Game, ada: Any, bob: Any) -> None:
    bob.game = ada.game = muted(game)
    bob.reads_texts = True
    bob.save()
    readers = {
        destinations.status(game.pk): lambda: snapshot.for_player(ada),
        destinations.wall(game.pk): lambda: snapshot.for_host(game),
        bob.told: lambda: snapshot.for_player(bob),
    }
    states = {told: read() for told, read in readers.items()}
    for verb in ("start", "next", "next", "pause", "resume", "next", "next"):
        getattr(game, verb)()
        for told, read in readers.items():
            state = states[told]
            for event in live.events_after(told, state["seq"]):
                assert event.seq == state["seq"] + 1
                state.update(event.payload, seq=event.seq)
            ignored = {"me", "server_time"}
            newer = read()
            assert {**state, **{key: newer[key] for key in ignored}} == newer
    assert states[destinations.wall(game.pk)]["question"]["text"] != ""
    assert states[destinations.status(game.pk)]["question"]["text"] == ""


def test_a_player_has_all_texts_by_one_call_that_nobody_hears_of(
    game: Game, player: Client, memory_backend: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    muted(game)
    game.start()
    game.next()
    state, told = f"/games/{game.pk}/state/", f"/games/{game.pk}/wall"
    with django_capture_on_commit_callbacks(execute=True):
        memory_backend.clear()
        assert post(player, f"/games/{game.pk}/texts/").json() == {"status": told}
    assert memory_backend == []
    assert player.get(state).json()["question"]["text"] == game.question().text
    page = player.get(f"/play/{game.pin}/").content.decode()
    assert told in page
    assert '"texts": "given"' in page
    assert told in game.players.get().readable
    last = player.get(f"/games/{game.pk}/events/").json()["events"][-1]
    assert last["data"]["question"]["text"] == game.question().text
    assert post(player, f"/games/{game.pk}/texts/", {"wanted": False}).json() == {"status": f"/games/{game.pk}/status"}
    assert player.get(state).json()["question"]["text"] == ""


def test_others_may_not_read_the_wall(game: Game, ada: Any) -> None:
    assert destinations.wall(game.pk) not in ada.readable
    assert destinations.wall(game.pk) in destinations.read_by_host(game.pk)


def test_only_a_player_asks_for_texts_and_only_in_words_that_are_known(
    game: Game, host: Client, player: Client, stranger: Client
) -> None:
    url = f"/games/{game.pk}/texts/"
    assert [post(who, url).status_code for who in (host, stranger, player)] == [403, 403, 200]
    assert player.get(url).status_code == 405
    assert post(player, url, {"wanted": "yes"}).status_code == 400


def test_the_host_may_keep_all_texts_on_the_wall(game: Game, player: Client) -> None:
    muted(game, own_text=False)
    answer = post(player, f"/games/{game.pk}/texts/")
    assert (answer.status_code, answer.json()["error"]) == (409, "texts-on-wall")
    assert "data-texts" not in player.get(f"/play/{game.pin}/").content.decode()


def test_a_host_who_plays_too_reads_the_players_events_as_a_player(game: Game, host: Client) -> None:
    muted(game)
    assert host.post("/join/", {"pin": game.pin, "nickname": "Ada"}).status_code == 302
    game.start()
    game.next()
    events = f"/games/{game.pk}/events/"
    texts = [host.get(url).json()["events"][-1]["data"]["question"]["text"] for url in (events, f"{events}?as=player")]
    assert texts == [game.question().text, ""]


def test_who_has_all_texts_has_them_in_the_next_game_too(game: Game, ada: Any) -> None:
    ada.reads_texts = True
    ada.save()
    game.start()
    game.finish()
    game.replay()
    ada.refresh_from_db()
    assert following.follow(ada)[0].reads_texts


def test_who_joins_has_what_the_others_have(game: Game) -> None:
    assert joining.join(game.pin, "Eve")[0].reads_texts is False
