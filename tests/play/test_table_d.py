"""Attacks on a quiz, D1 to D25, and what each gets. The numbers are those of the project's list of attacks."""

import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from random import SystemRandom
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from quiz import kinds, live
from quiz.live import tickets
from quiz.live.clock import now_ms
from quiz.live.models import Event
from quiz.play import answering, destinations, joining, people, referee, retention, snapshot
from quiz.play.guessing import Caller, TooOften
from quiz.play.judging import judge_again
from quiz.play.models import Answer, Game, PinTry, Player
from quiz.play.naming import NicknameTaken
from quiz.play.nicknames import MAX_GRAPHEMES, NicknameError
from quiz.play.options import Mode, Options, Solutions
from quiz.play.rates import JOINS_FROM_ONE_ADDRESS, JOINS_OF_ONE_GAME, WRONG_PINS
from quiz.play.selfpaced.assigning import assign
from quiz.play.states import GameError
from tests.play.calls import call

T0 = 1_800_000_000_000
OPENED = T0 + 6_000
DEADLINE = OPENED + 20_000
NUMBERS = range(1, 26)
DAY_MS = 24 * 3600 * 1000
OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}

TwoHeard = Callable[[str, Mode], list[list[str]]]


def body(question: Any, **more: Any) -> dict[str, Any]:
    return {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": question.right, **more}


def wrong_pin(game: Game) -> str:
    return f"{(int(game.pin) + 1) % 10**6:06}"


def test_every_number_of_the_table_has_a_test() -> None:
    tested = {int(number) for number in re.findall(r"^def test_d(\d+)_", Path(__file__).read_text(), re.MULTILINE)}
    assert tested == set(NUMBERS)


def test_d1_an_answer_for_somebody_else_is_the_callers_own(game: Game, bob: Any) -> None:
    eve = Client()
    eve.post("/join/", {"pin": game.pin, "nickname": "Eve"})
    for step in (game.start, game.next, game.next):
        step()
    assert call(eve, f"/games/{game.pk}/answer/", body(game.question(), player=bob.pk)).status_code == 200
    assert Answer.objects.get().player.nickname == "Eve"


@pytest.mark.parametrize("received_at", [OPENED - 1, DEADLINE + 1])
def test_d2_an_answer_before_or_after_its_time_is_refused(game: Game, ada: Any, received_at: int) -> None:
    game.start(now=T0)
    game.close_if_due(game.phase_ends_at)
    if received_at > OPENED:
        game.close_if_due(game.phase_ends_at)
    with pytest.raises(GameError, match="question-not-open"):
        answering.take(ada, body(game.question()), received_at)


def test_d2_an_answer_to_a_question_to_come_is_refused(open_game: Game, ada: Any) -> None:
    with pytest.raises(GameError, match="question-not-open"):
        answering.take(ada, body(open_game.questions.get(position=2)), OPENED + 5)


def test_d3_of_two_answers_the_first_stays_and_both_are_told_it(open_game: Game, ada: Any, answer: Any) -> None:
    first = answer(ada, right=False)
    with pytest.raises(answering.AlreadyAnswered) as second:
        answer(ada, right=True)
    assert second.value.answer == first
    assert Answer.objects.get() == first


def test_d4_an_answer_is_not_changed_after_the_reveal(open_game: Game, ada: Any, answer: Any) -> None:
    answer(ada, right=False)
    open_game.next()
    with pytest.raises(GameError, match="already-answered"):
        answering.take(ada, body(open_game.question()), OPENED + 5)


@pytest.mark.parametrize("choice", [["x"], "x", [], ["a"] * 10_000, None, {"a": 1}, [["a"]], 7, float("nan")])
def test_d5_what_is_no_choice_is_refused(open_game: Game, ada: Any, choice: Any) -> None:
    with pytest.raises(answering.BadAnswer, match="bad-choice"):
        answering.take(ada, body(open_game.question(), choice=choice), OPENED + 5)


def test_d5_json_of_any_depth_is_no_fault_of_ours(open_game: Game) -> None:
    eve = Client()
    eve.post("/join/", {"pin": open_game.pin, "nickname": "Eve"})
    deep = '{"choice":' + "[" * 10_000 + "]" * 10_000 + "}"
    answer = eve.post(f"/games/{open_game.pk}/answer/", deep, content_type="application/json")
    assert answer.status_code == 400


def test_d6_a_time_that_the_client_names_counts_for_nothing(open_game: Game, ada: Any) -> None:
    told = body(open_game.question(), at=OPENED, received_at=OPENED, elapsed_ms=0)
    assert answering.take(ada, told, OPENED + 9_000).elapsed_ms == 9_000


class Written(NamedTuple):
    """A question but for its text: its options, the indices of the right ones, and the data of its kind."""

    options: Sequence[str] = ()
    right: Collection[int] = ()
    data: Mapping[str, Any] = {}


ITEMS = ["Io", "Ceres", "Titan", "Sirius"]

TWINS = {
    "choice": (Written(ITEMS, {0}), Written(ITEMS, {3})),
    "choice of several": (Written(ITEMS, {0, 2}), Written(ITEMS, {1, 2, 3})),
    "truefalse": (Written(["True", "False"], {0}), Written(["True", "False"], {1})),
    "typed": (
        Written(data={"accepted": ["Kepler"], "near": True}),
        Written(data={"accepted": ["Cassini", "Giovanni Cassini"], "case": True}),
    ),
    "number": (Written(data={"value": 1610}), Written(data={"value": -7.5, "tolerance": 3, "range": 12})),
    "order": (Written(ITEMS), Written(ITEMS[::-1])),
    "match": (
        Written(ITEMS, data={"partners": ["Jupiter", "the Sun", "Saturn", "nothing"]}),
        Written(ITEMS, data={"partners": ["nothing", "Jupiter", "the Sun", "Saturn"]}),
    ),
    "stars": (Written(data={"stars": 1}), Written(data={"stars": 5})),
}
"""By kind: two questions that differ in what is right, and in nothing that a player may know."""

MODES = [Mode.HOST, Mode.TEAMS, Mode.SURVIVAL, Mode.PEER, Mode.SELF]


def test_d7_every_kind_in_which_something_is_right_has_twins() -> None:
    assert {name for name in kinds.names() if kinds.named(name).judged} <= {name.partition(" ")[0] for name in TWINS}


@pytest.mark.parametrize("kind", [name for name in TWINS if name.partition(" ")[0] in kinds.names()])
def test_d7_no_byte_before_the_reveal_knows_what_is_right(two_heard: TwoHeard, kind: str) -> None:
    one, other = two_heard(kind, Mode.HOST)
    assert one == other
    assert f'"kind": "{kind.partition(" ")[0]}"' in "".join(one)


@pytest.mark.parametrize("mode", MODES)
def test_d7_no_byte_before_the_reveal_knows_what_is_right_in_any_mode(two_heard: TwoHeard, mode: Mode) -> None:
    one, other = two_heard("choice of several", mode)
    assert one == other
    assert f'"mode": "{mode}"' in "".join(one)


@pytest.fixture
def two_heard(
    quiz: Any, host: Client, memory_backend: list[Any], monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> TwoHeard:
    """Two games that differ in what is right alone, and all that a player hears of each up to the first reveal.

    The rows of both have the same ids, for those of the first are gone when the second begins: then whatever is not
    random or a time can be compared to the byte. Nor are they shuffled otherwise.
    """
    monkeypatch.setattr(SystemRandom, "shuffle", lambda dice, items: items.sort(key=lambda item: item["text"]))

    def two_heard(kind: str, mode: Mode) -> list[list[str]]:
        heard = []
        for written in TWINS[kind]:
            memory_backend.clear()
            caches["process"].clear()
            with transaction.atomic():
                with django_capture_on_commit_callbacks(execute=True):
                    write(quiz.questions.first(), kind.partition(" ")[0], written)
                    game = opened_in(quiz, mode)
                    texts = everything_asked(game, host)
                texts += [m.body.decode() for m in memory_backend if not m.destination.endswith("/host")]
                heard.append([anonymous(text.replace(game.pin, "pin")) for text in texts])
                transaction.set_rollback(True)
        assert not any(word in text for text in heard[0] for word in ("Because.", "moons?"))
        return heard

    return two_heard


def write(question: Any, kind: str, written: Written) -> None:
    question.choices.all().delete()
    for n, text in enumerate(written.options, start=1):
        question.choices.create(position=n, text=text, right=n - 1 in written.right)
    question.kind, question.data = kind, dict(written.data)
    question.save()


def opened_in(quiz: Any, mode: Mode) -> Game:
    if mode is not Mode.SELF:
        return Game.open_lobby(quiz, options=Options(mode=mode))
    return assign(quiz, Options(mode=mode, solutions=Solutions.CLOSED), now_ms() + DAY_MS)


def everything_asked(game: Game, host: Client) -> list[str]:
    """All that a page and a program ask for, and what an answer gets, right in one of the two games."""
    page, program = Client(), Client()
    page.post("/join/", {"pin": game.pin, "nickname": "Ada"})
    texts = [call(program, "/join/", {"pin": game.pin, "nickname": "Bob"})]
    for step in ONWARD[game.chosen.mode]:
        if step == "answer":
            question = game.questions.get(position=1)
            sent = {"answer_id": f"{uuid.UUID(int=len(texts))}", "question": question.pk, "choice": given_to(question)}
            texts += [call(page, f"/games/{game.pk}/answer/", sent) for _ in range(2)]
            texts += [call(page, f"/games/{game.pk}/answer/", {**sent, "choice": "x"})]
        else:
            moved = call(page if step == "own/next" else host, f"/games/{game.pk}/{step}/", {"number": 1})
            assert moved.status_code == 200
            texts += [moved] if step == "own/next" else []
        texts += [page.get(f"/games/{game.pk}/{asked}/") for asked in ("state", "events", "sheet", "results")]
        texts += [page.get(f"/play/{game.pin}/")]
    return [text.content.decode() for text in texts]


LED = ("start", "next", "next", "answer", "pause", "resume")
ONWARD = {
    **dict.fromkeys(MODES, LED),
    Mode.PEER: (*LED, "next", "next", "answer"),
    Mode.SELF: ("own/next", "answer"),
}
"""What is done in a game of that mode, up to the first reveal."""


def given_to(question: Any) -> Any:
    """An answer that is right for one of the twins at most."""
    if question.kind in ("typed", "number", "stars"):
        return {"typed": "Kepler", "number": 1610, "stars": 1}[question.kind]
    if question.kind == "match":
        return [partner["id"] for partner in question.settings["partners"]]
    ids = [choice["id"] for choice in question.choices]
    return ids if question.kind == "order" else ids[:1]


def anonymous(text: str) -> str:
    """Without what is random or a time: ids of options, tickets, tokens, moments. Lengths stay."""
    text = re.sub(r"eyJ[\w.-]+", "ticket", text)
    text = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", text)
    text = re.sub(r'("resume": ?)"[\w-]+"', r"\1", text)
    text = re.sub(r'("(?:elapsed|remaining)_ms": ?)\d+', r"\1", text)
    text = re.sub(r'"[0-9a-f]{8}"', '"option"', text)
    return re.sub(r"\b\d{13}\b", "moment", text)


def test_d8_ids_of_options_are_new_in_each_game_and_their_order_is_the_authors(quiz: Any) -> None:
    games = [Game.open_lobby(quiz) for _ in range(2)]
    first, second = (game.questions.get(position=1) for game in games)
    assert set(first.choice_ids).isdisjoint(second.choice_ids)
    assert [one["text"] for one in first.choices] == [one["text"] for one in second.choices]


def test_d9_how_the_others_chose_is_not_told_before_the_close(
    open_game: Game,
    ada: Any,
    bob: Any,
    answer: Any,
    memory_backend: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer(bob)
        referee.tell(open_game.counted(OPENED), OPENED)
    assert snapshot.for_player(ada)["reveal"] is None
    assert "counts.changed" in [message.type for message in memory_backend]
    assert all('"counts":{"' not in message.body.decode() for message in memory_backend)


def test_d10_after_ten_wrong_pins_an_address_waits_and_ever_longer(game: Game) -> None:
    guess = {"pin": wrong_pin(game), "nickname": "Eve"}
    answers = [call(Client(), "/join/", guess, **OUTSIDE) for _ in range(WRONG_PINS.count + 3)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [404] * WRONG_PINS.count + [429] * 3
    waits = [int(answer["Retry-After"]) for answer in answers[WRONG_PINS.count :]]
    assert waits == sorted(waits)
    assert waits[2] >= 2 * waits[0] - 1
    assert call(Client(), "/join/", {**guess, "pin": game.pin}, **OUTSIDE).status_code == 429
    assert call(Client(), "/join/", {**guess, "pin": game.pin}, REMOTE_ADDR="192.0.2.8").status_code == 201
    assert PinTry.objects.count() <= WRONG_PINS.count + 6


def test_d10_wrong_closed_and_ended_get_the_same_answer_by_the_same_queries(
    game: Game, quiz: Any, join: Any, django_assert_num_queries: Any
) -> None:
    ended, crowned = Game.open_lobby(quiz), game
    ended.finish()
    join("Ada")
    crowned.start()
    crowned.finish()
    answers = []
    for pin in (wrong_pin(game), ended.pin, crowned.pin):
        with django_assert_num_queries(4):
            answers.append(call(Client(), "/join/", {"pin": pin, "nickname": "Eve"}, **OUTSIDE))
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_d11_the_pin_of_a_past_game_leads_nowhere_and_rests_for_a_day(game: Game, monkeypatch: Any) -> None:
    game.finish(now=T0)
    with pytest.raises(GameError, match="game-not-found"):
        joining.find(game.pin)
    pins = iter([int(game.pin), 123456, int(game.pin)])
    monkeypatch.setattr("quiz.play.models.gamequeries.secrets.randbelow", lambda _: next(pins))
    assert Game.objects.free_pin(T0 + DAY_MS - 1) == "123456"
    assert Game.objects.free_pin(T0 + DAY_MS + 1) == game.pin


def test_d12_a_flood_from_one_address_is_held_up_and_a_school_is_not(game: Game) -> None:
    assert JOINS_FROM_ONE_ADDRESS.count >= 300
    school = Caller(address="school")
    fill(game, JOINS_FROM_ONE_ADDRESS.count - 1, address_hash="school", joined_at=now_ms())
    joining.join(game.pin, "Ada", school)
    with pytest.raises(TooOften, match="door-busy") as busy:
        joining.join(game.pin, "Bob", school)
    assert 0 < busy.value.wait_ms <= JOINS_FROM_ONE_ADDRESS.window_ms
    assert joining.join(game.pin, "Cy", Caller(address="elsewhere"))
    assert joining.join(game.pin, "Dee", Caller(address="school", unlimited=True))


def test_d12_a_flood_from_everywhere_is_smoothed(game: Game) -> None:
    fill(game, JOINS_OF_ONE_GAME.count, joined_at=now_ms())
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": "Ada"}, **OUTSIDE)
    assert (answer.status_code, answer.json()["error"]) == (429, "door-busy")
    assert 0 < int(answer["Retry-After"]) <= 10


def test_d12_a_flood_is_swept_out_and_brought_back(game: Game, ada: Any) -> None:
    fill(game, 50)
    bots = [player.pk for player in game.players.exclude(pk=ada.pk)]
    people.sweep(game, bots)
    assert [player.nickname for player in game.players.in_game()] == ["Ada"]
    assert snapshot.for_host(game)["me"]["door"]["swept"] == 50
    people.restore(game)
    assert game.players.in_game().count() == 51
    with pytest.raises(GameError, match="nobody-to-restore"):
        people.restore(game)


def fill(game: Game, count: int, **fields: Any) -> None:
    fields = {"joined_at": T0, **fields}
    names = [{"nickname": f"Bot {n}", "nickname_key": f"bot {n}", "skeleton": f"bot {n}"} for n in range(count)]
    rows = (Player(game=game, resume_hash=str(uuid.uuid4()), **name, **fields) for name in names)
    Player.objects.bulk_create(rows, batch_size=50)


@pytest.mark.parametrize("other", ["ADA", "Аda", "ＡＤＡ", "𝐀da", "Ad\u0430", "ᴀda"])
def test_d13_a_name_that_looks_like_anothers_is_taken_and_another_is_offered(game: Game, ada: Any, other: str) -> None:
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": other})
    assert (answer.status_code, answer.json()["error"]) == (409, "nickname-taken")
    assert call(Client(), "/join/", {"pin": game.pin, "nickname": answer.json()["suggestion"]}).status_code == 201


@pytest.mark.parametrize(
    "name",
    ["\u200b\u200d", "\u202eadA", "z\u0301\u0301\u0301", "x" * 1_000, "\ud800", "\u3164", "Ada\ufe0f", "A\u200dda"],
)
def test_d14_what_hides_or_climbs_or_never_ends_is_no_name(game: Game, name: str) -> None:
    answer = call(Client(), "/join/", {"pin": game.pin, "nickname": name})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("nickname-")
    assert answer.json()["message"]


@pytest.mark.parametrize("name", ["👩‍👩‍👧‍👦", "می‌خواهم", "محمد", "x" * MAX_GRAPHEMES])
def test_d14_joiners_stay_where_they_are_needed(game: Game, name: str) -> None:
    assert joining.join(game.pin, name)[0].nickname == name


def test_d15_markup_in_a_name_is_text(game: Game) -> None:
    browser = Client()
    browser.post("/join/", {"pin": game.pin, "nickname": "<script>alert(1)"})
    page = browser.get(f"/play/{game.pin}/")
    assert "<script>alert" not in page.content.decode()
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["Host", "H0st", "ADMIN", "Аdmin", "The Host!", "moderatore", "author", "Auth0r"])
def test_d16_nobody_takes_the_name_of_the_one_in_front(game: Game, name: str) -> None:
    with pytest.raises(NicknameError, match="nickname-reserved"):
        joining.join(game.pin, name)


def test_d17_a_hosts_ticket_is_short_and_for_the_hosts_own_games(
    game: Game, host: Client, stranger: Client, quiz: Any
) -> None:
    ticket = call(host, f"/games/{game.pk}/ticket/").json()["ticket"]
    read = tickets.read(ticket)
    assert set(read.read) == set(destinations.read_by_host(game.pk))
    assert read.expires_at - now_ms() <= 3_600_000
    quiz.owner = User.objects.get(username="stranger")
    other = Game.open_lobby(quiz)
    answer = call(Client(), f"/games/{other.pk}/start/", HTTP_AUTHORIZATION=f"Bearer {ticket}")
    assert (answer.status_code, answer.json()["error"]) == (403, "not-your-game")


def test_d18_of_two_who_press_next_one_moves_the_game_and_the_other_sees_it(game: Game, host: Client, ada: Any) -> None:
    seen = {"version": game.version}
    assert call(host, f"/games/{game.pk}/start/", seen).status_code == 200
    second = call(host, f"/games/{game.pk}/next/", seen)
    assert (second.status_code, second.json()["error"]) == (409, "game-has-moved-on")
    assert second.json()["state"]["phase"] == "countdown"


@pytest.mark.parametrize("step", ["kick", "rename", "sweep", "restore"])
def test_d18_what_a_host_does_with_people_is_done_once(game: Game, host: Client, ada: Any, step: str) -> None:
    stale = {"version": game.version - 1, "player": ada.pk, "players": [ada.pk], "nickname": "Countess"}
    assert call(host, f"/games/{game.pk}/{step}/", stale).status_code == 409
    assert [player.nickname for player in game.players.in_game()] == ["Ada"]


def test_d19_who_was_removed_does_not_come_back_in_the_same_browser_or_under_a_like_name(game: Game) -> None:
    browser = Client()
    browser.post("/join/", {"pin": game.pin, "nickname": "Eve"})
    game.kick(game.players.get().pk)
    assert browser.post("/join/", {"pin": game.pin, "nickname": "Mallory"}).status_code == 403
    browser.cookies.pop("sessionid", None)
    assert browser.post("/join/", {"pin": game.pin, "nickname": "Mallory"}).status_code == 403
    with pytest.raises(NicknameTaken):
        joining.join(game.pin, "Ev\u0435")
    assert joining.join(game.pin, "Ada")


def test_d20_an_answer_recorded_in_one_game_counts_in_no_other(open_game: Game, ada: Any, quiz: Any) -> None:
    frame = body(open_game.question())
    answering.take(ada, frame, OPENED + 5)
    again = Game.open_lobby(quiz, now=T0)
    other, _ = joining.join(again.pin, "Ada")
    again.start(now=T0)
    while again.phase != "open":
        again.close_if_due(again.phase_ends_at)
    with pytest.raises(GameError, match="question-not-open"):
        answering.take(other, frame, again.phase_started_at + 5)
    with pytest.raises(answering.BadAnswer, match="bad-answer-id"):
        answering.take(other, body(again.question(), answer_id=frame["answer_id"]), again.phase_started_at + 5)


def test_d21_points_are_the_same_however_often_they_are_computed(
    open_game: Game, ada: Any, bob: Any, answer: Any
) -> None:
    answer(ada, after_ms=1_000)
    answer(bob, after_ms=-900)
    open_game.next()
    once = list(open_game.players.values_list("points", "gained"))
    judge_again(open_game)
    assert list(open_game.players.values_list("points", "gained")) == once
    assert max(points for points, _ in once) <= open_game.question().points


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BOMBS = [SVG, b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"PK\x03\x04" + b"\0" * 100, b"\xff\xd8\xff" + b"\0" * 100]


@pytest.mark.parametrize("content", BOMBS)
def test_d22_a_picture_or_an_archive_is_no_quiz(host: Client, content: bytes) -> None:
    answer = host.post("/quizzes/import/", {"file": SimpleUploadedFile("quiz.csv", content)})
    assert answer.status_code in (200, 400, 413, 415, 422)
    assert b"onload" not in answer.content


@pytest.mark.parametrize(
    ("words", "name", "taken"),
    [
        ("off", "Merda", True),
        ("off", "C4zz0", True),
        ("mild", "Merda", True),
        ("mild", "C4zz0", False),
        ("strict", "Merda", False),
        ("strict", "C4zz0", False),
        ("strict", "Scunthorpe", True),
    ],
)
def test_d23_unwanted_words_are_refused_as_strictly_as_the_host_wants(
    quiz: Any, words: str, name: str, taken: bool
) -> None:
    game = Game.open_lobby(quiz, options=Options.of({"words": words}))
    if taken:
        assert joining.join(game.pin, name)
    else:
        with pytest.raises(NicknameError, match="nickname-unwanted"):
            joining.join(game.pin, name)


def test_d23_somebody_is_renamed_or_removed_with_one_call_and_it_is_noted(game: Game, host: Client, ada: Any) -> None:
    assert call(host, f"/games/{game.pk}/rename/", {"player": ada.pk, "nickname": "Countess"}).status_code == 200
    assert call(host, f"/games/{game.pk}/kick/", {"player": ada.pk}).status_code == 200
    noted = [event.type for event in live.events_after(destinations.status(game.pk), 0)]
    assert noted == ["player.renamed", "player.removed"]


PAGES = ["", "qr.svg", "results/"]


@pytest.mark.parametrize("page", PAGES)
def test_d24_another_hosts_game_looks_as_if_it_were_not_there(game: Game, stranger: Client, page: str) -> None:
    assert stranger.get(f"/games/{game.pk}/{page}").status_code == 404


def test_d25_what_is_known_of_players_goes_when_its_time_has_come(open_game: Game, bob: Any, answer: Any) -> None:
    ada, _ = joining.join(open_game.pin, "Eve", Caller(address="home", device="phone", unlimited=True))
    answer(ada)
    open_game.finish(now=T0)
    open_game.finish(now=T0)
    retention.sweep(T0 + 7 * DAY_MS - 1)
    assert Event.objects.exists()
    retention.sweep(T0 + 7 * DAY_MS)
    assert not Event.objects.exists()
    ada.refresh_from_db()
    assert (ada.device_hash, ada.address_hash, ada.points > 0) == ("", "", True)
    retention.sweep(T0 + 180 * DAY_MS)
    assert not Game.objects.exists()
    assert not Player.objects.exists()
    assert not Answer.objects.exists()


def test_d25_an_operator_forgets_past_games_at_once(game: Game, ada: Any, capsys: Callable[..., Any]) -> None:
    game.finish(now=now_ms() - 2 * DAY_MS)
    call_command("forget", "--events", "1", "--games", "1")
    assert capsys.readouterr().out == "forgotten: 1 games, 1 events of 1 games, 0 pictures\n"
    assert not Player.objects.exists()
