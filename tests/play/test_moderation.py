"""What players write in their own words: what the room is told of it, and what a host hides."""

import json
import uuid
from typing import Any

import pytest

from quiz import live
from quiz.play import answering, destinations, results, snapshot
from quiz.play.models import Answer, Game, GameQuestion, Player
from quiz.play.moderation import hide
from quiz.play.sheet import sheet
from quiz.play.states import GameError

FRAME_BYTES = 65_536
"""The body of a STOMP frame that a browser may be sent."""

CLOUD = {"kind": "open", "choices": [], "right": [], "points": 0}
CLOUD["settings"] = {"form": "cloud", "entries": 3, "hidden": []}


@pytest.fixture
def asked(open_game: Game) -> GameQuestion:
    """The open first question, made a cloud of three words."""
    open_game.questions.filter(position=1).update(**CLOUD)
    return open_game.questions.get(position=1)


def write(player: Player, question: GameQuestion, *words: str) -> Any:
    return give(player, question, list(words))


def give(player: Player, question: GameQuestion, choice: str | list[str]) -> Any:
    data = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": choice}
    return answering.take(player, data, received_at=question.opened_at + 1_000)


@pytest.fixture
def revealed(open_game: Game, asked: GameQuestion, ada: Player, bob: Player) -> Game:
    write(ada, asked, "Stars", "rude words")
    write(bob, asked, "stars", "fuck this")
    open_game.next()
    return open_game


def told(game: Game) -> dict[str, int]:
    return snapshot.for_host(game)["reveal"]["counts"]


def test_words_earn_nothing_and_are_neither_right_nor_wrong(revealed: Game, ada: Player) -> None:
    ada.refresh_from_db()
    assert (ada.points, ada.streak, ada.answers.get().right, ada.answers.get().points) == (0, 0, None, 0)


def test_before_the_reveal_nobody_is_told_a_word(
    open_game: Game, asked: GameQuestion, ada: Player, bob: Player
) -> None:
    write(ada, asked, "Aldebaran")
    for seen in (snapshot.for_player(bob), snapshot.for_host(open_game)):
        assert "Aldebaran" not in json.dumps(seen)
    assert snapshot.for_host(open_game)["answered"] == 1


def test_unwanted_words_are_not_told_but_stand_in_the_hosts_results(revealed: Game) -> None:
    assert told(revealed) == {"Stars": 2, "rude words": 1}
    [line] = [line for line in results.questions(revealed)[0]["choices"] if line["text"] == "fuck this"]
    assert (line["count"], line["hidden"]) == (1, False)


def test_a_host_that_takes_any_word_is_told_all(revealed: Game) -> None:
    revealed.options = {**revealed.options, "words": "off"}
    revealed.save()
    assert "fuck this" in told(revealed)


FIRST_OF = {"mild": ("asshole", "bagascia"), "strict": ("anal", "babbeo")}
"""The first words of our lists, each language's."""


def disguised(word: str) -> list[str]:
    return [word, word.upper(), f"the {word}!", " ".join(word), word.replace("a", "@"), word + word[-1] * 3]


@pytest.mark.parametrize(
    ("strength", "unwanted"), [("off", []), ("mild", ["mild"]), ("strict", ["mild", "strict"])], ids=lambda value: value
)
def test_typed_answers_on_the_wall_are_held_against_the_lists_of_the_games_strength(
    open_game: Game, ada: Player, strength: str, unwanted: list[str]
) -> None:
    """The author's own words stay, whatever they are."""
    open_game.options = {**open_game.options, "words": strength}
    open_game.save()
    typed = {"kind": "typed", "choices": [], "right": ["bastard"], "settings": {"case": False, "near": False}}
    open_game.questions.filter(position=1).update(**typed)
    question = open_game.questions.get(position=1)
    for list_, words in FIRST_OF.items():
        for text in [text for word in words for text in disguised(word)]:
            Answer.objects.filter(question=question).delete()
            give(ada, question, text)
            counts = question.told(question.last_answers, open_game.chosen).counts
            assert counts == {"bastard": 0} | ({} if list_ in unwanted else {" ".join(text.split()): 1}), text
    Answer.objects.filter(question=question).delete()
    give(ada, question, "Bastard")
    open_game.next()
    assert told(open_game) == {"bastard": 1}


def test_a_hidden_word_is_gone_for_all_by_an_event_that_says_the_same_as_the_state(
    revealed: Game, asked: GameQuestion, bob: Player
) -> None:
    version = revealed.version
    hide(revealed, asked.pk, "RUDE words")
    [event] = live.events_after(destinations.status(revealed.pk), live.last_seq(destinations.status(revealed.pk)) - 1)
    assert (event.type, event.payload["version"]) == ("answers.moderated", version + 1)
    for seen in (snapshot.for_player(bob), snapshot.for_host(revealed), event.payload):
        assert seen["reveal"] == event.payload["reveal"]
        assert "rude" not in json.dumps(seen)
    assert "hidden" not in event.payload["question"]["view"]


def test_what_was_hidden_can_be_shown_again(revealed: Game, asked: GameQuestion) -> None:
    hide(revealed, asked.pk, "rude words")
    hide(revealed, asked.pk, "rude words", hidden=False)
    assert "rude words" in told(revealed)


@pytest.mark.parametrize("key", ["never written", ""])
def test_what_nobody_wrote_cannot_be_hidden(revealed: Game, asked: GameQuestion, key: str) -> None:
    with pytest.raises(GameError, match="no-such-entry"):
        hide(revealed, asked.pk, key)


def test_of_a_question_that_is_open_nothing_can_be_hidden(open_game: Game, asked: GameQuestion, ada: Player) -> None:
    write(ada, asked, "Stars")
    with pytest.raises(GameError, match="no-such-question"):
        hide(open_game, asked.pk, "Stars")


def test_of_options_nothing_can_be_hidden(open_game: Game, ada: Player, answer: Any) -> None:
    answer(ada)
    open_game.next()
    question = open_game.question()
    with pytest.raises(GameError, match="no-such-entry"):
        hide(open_game, question.pk, question.right[0])


def test_results_file_and_sheet_have_what_was_written(revealed: Game, ada: Player) -> None:
    assert [row[-1] for row in list(results.table(revealed))[1:]] == ["Stars, rude words", "stars, fuck this"]
    assert sheet(ada)["questions"][0]["choice"] == ["Stars", "rude words"]


def test_a_formula_is_none_in_the_file(open_game: Game, asked: GameQuestion, ada: Player) -> None:
    write(ada, asked, "=1+1")
    open_game.next()
    assert list(results.table(open_game))[1][-1] == "'=1+1"


def test_two_votes_in_words_are_held_beside_each_other(open_game: Game, asked: GameQuestion, ada: Player) -> None:
    open_game.options = {**open_game.options, "mode": "peer"}
    open_game.save()
    write(ada, asked, "before", "fuck this")
    open_game.next()
    assert snapshot.for_host(open_game)["me"]["vote"]["counts"] == {"before": 1}
    open_game.next()
    asked.refresh_from_db()
    write(ada, asked, "after")
    open_game.next()
    reveal = snapshot.for_host(open_game)["reveal"]
    assert (reveal["first"]["counts"], reveal["counts"]) == ({"before": 1}, {"after": 1})


def test_a_thousand_long_texts_fit_into_a_frame(open_game: Game, asked: GameQuestion, ada: Player) -> None:
    form = {"form": "text", "entries": 1, "hidden": []}
    open_game.questions.filter(pk=asked.pk).update(settings=form)
    players = [
        Player(
            game=open_game,
            nickname=f"n{n}",
            nickname_key=f"n{n}",
            skeleton=f"n{n}",
            resume_hash=f"n{n}",
            joined_at=0,
            here_until=0,
        )
        for n in range(1_000)
    ]
    Player.objects.bulk_create(players)
    texts = [[f"{n:04}" + "漢" * 116] for n in range(1_000)]
    from quiz.play.models import Answer

    Answer.objects.bulk_create(
        Answer(question=asked, player=player, answer_id=uuid.uuid4(), choice=text, received_at=0, elapsed_ms=0)
        for player, text in zip(open_game.players.filter(nickname__startswith="n"), texts, strict=True)
    )
    open_game.next()
    [event] = live.events_after(destinations.status(open_game.pk), live.last_seq(destinations.status(open_game.pk)) - 1)
    assert len(json.dumps(event.payload, ensure_ascii=False).encode()) < FRAME_BYTES / 2
    assert event.payload["reveal"]["view"]["more"] > 900


class TestOverHttp:
    def test_the_host_alone_hides(
        self, revealed: Game, asked: GameQuestion, host: Any, stranger: Any, client: Any
    ) -> None:
        body = {"question": asked.pk, "key": "rude words", "version": 1}
        for who in (stranger, client):
            assert who.post(f"/games/{revealed.pk}/hide/", body, content_type="application/json").status_code == 403
        answer = host.post(f"/games/{revealed.pk}/hide/", body, content_type="application/json")
        assert (answer.status_code, answer.json()) == (200, {})
        assert told(revealed) == {"Stars": 2}

    def test_the_hosts_page_knows_where_to_ask_for_it(self, revealed: Game, host: Any) -> None:
        assert f"/games/{revealed.pk}/hide/" in host.get(f"/games/{revealed.pk}/").content.decode()

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"key": "Stars"}, 409, "no-such-question"),
            ({"question": "1", "key": "Stars"}, 409, "no-such-question"),
            ({"question": 0, "key": "Stars"}, 409, "no-such-question"),
            ({"key": ["Stars"], "own": True}, 409, "no-such-entry"),
            ({"key": "Stars", "hidden": "yes", "own": True}, 400, "bad-json"),
        ],
    )
    def test_what_is_no_entry_is_refused(
        self, revealed: Game, asked: GameQuestion, host: Any, body: dict[str, Any], status: int, code: str
    ) -> None:
        body |= {"question": asked.pk} if body.pop("own", False) else {}
        answer = host.post(f"/games/{revealed.pk}/hide/", body, content_type="application/json")
        assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert told(revealed) == {"Stars": 2, "rude words": 1}

    def test_the_page_of_results_hides_and_shows_again(self, revealed: Game, asked: GameQuestion, host: Any) -> None:
        address = f"/games/{revealed.pk}/results/"
        page = host.post(address, {"question": asked.pk, "hide": "Stars"}, follow=True).content.decode()
        assert "The room does not see it any more." in page
        assert 'name="show" value="Stars"' in page
        page = host.post(address, {"question": asked.pk, "show": "Stars"}, follow=True).content.decode()
        assert 'name="hide" value="Stars"' in page
        page = host.post(address, {"question": "x", "hide": "Stars"}, follow=True).content.decode()
        assert "This game has no such question." in page

    def test_what_players_write_is_no_markup(
        self, open_game: Game, asked: GameQuestion, ada: Player, host: Any
    ) -> None:
        write(ada, asked, "<script>alert(1)</script>")
        open_game.next()
        page = host.get(f"/games/{open_game.pk}/results/").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
