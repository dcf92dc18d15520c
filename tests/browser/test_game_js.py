"""The state of a game as a page has it (game.js): snapshot + events = new snapshot; run in Chromium without a page."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from quiz import live
from quiz.live.clock import now_ms
from quiz.live.messages import Message
from quiz.play import (
    destinations,
    doors,
    grouping,
    joining,
    messages,
    moderation,
    people,
    presence,
    referee,
    snapshot,
)
from quiz.play.correction import Correction
from quiz.play.models import Player
from quiz.play.needs import ask_for_time, give_time
from quiz.play.options import Mode, Options
from quiz.play.selfpaced.assigning import assign
from tests.browser.samples import me, question, state, stored

CLOUD = {"form": "cloud", "entries": 3, "hidden": []}


@pytest.fixture(autouse=True)
def orm_beside_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright keeps an event loop in this thread; the rows here are nobody else's."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def event(type: str, data: Any, seq: int = 0) -> dict[str, Any]:
    return {"v": 1, "type": type, "seq": seq, "at": 0, "data": data}


@pytest.fixture
def apply(js: Callable[..., Any]) -> Callable[..., Any]:
    return lambda state, event: js("play/game.js", "(m, [state, event]) => m.apply(state, event)", [state, event])


@pytest.fixture
def needs(js: Callable[..., Any]) -> Callable[..., Any]:
    return lambda state, event: js("play/game.js", "(m, [state, event]) => m.needs(state, event)", [state, event])


# snapshot + events = new snapshot


@pytest.fixture
def walk(
    game: Any, join: Any, memory_backend: list[Message], django_capture_on_commit_callbacks: Any
) -> Callable[[Any, list[Any]], list[dict[str, Any]]]:
    """Do one thing after another to the game; for each what a page had, what came, and what it would read."""

    def walk(reader: Callable[[], Any], steps: list[Callable[[], Any]]) -> list[dict[str, Any]]:
        walked = []
        for step in steps:
            before = reader()
            memory_backend.clear()
            with django_capture_on_commit_callbacks(execute=True):
                step()
            walked.append({"before": before, "events": list(memory_backend), "after": reader()})
        return walked

    return walk


def test_a_players_snapshot_and_events_are_the_new_snapshot(
    game: Any, join: Any, walk: Any, memory_backend: list[Message], js: Callable[..., Any]
) -> None:
    ada, bob = join("Ada"), join("Bob")
    mine = (destinations.status(game.pk), destinations.players(game.pk), destinations.player(ada.pk))
    types = set()
    verbs = [lambda: game.lock(True), lambda: game.lock(False), game.start, game.next, game.pause, game.resume]
    verbs += [game.next, lambda: (answer(ada), count(game)), game.next, game.void, game.next, game.next]
    verbs += [game.next, game.next, lambda: game.kick(bob.pk), game.finish, game.next]
    for step in walk(lambda: snapshot.for_player(ada), verbs):
        events = [message.envelope for message in step["events"] if message.destination in mine]
        types |= {event["type"] for event in events}
        made = js("play/game.js", "(m, [state, events]) => events.reduce(m.apply, state)", [step["before"], events])
        assert without_clock(made) == without_clock(json.loads(json.dumps(step["after"])))
    told_elsewhere = {messages.RECEIVED, messages.KICKED}
    assert types | told_elsewhere >= set(messages.ENTERED.values()) | {
        messages.RESULT,
        messages.COUNTS,
        messages.VOIDED,
    }


@pytest.mark.parametrize("mode", [Mode.TEAMS, Mode.SURVIVAL, Mode.PEER])
def test_in_every_way_of_playing_snapshot_and_events_are_the_new_snapshot(
    game: Any, join: Any, walk: Any, js: Callable[..., Any], memory_backend: list[Message], mode: Mode
) -> None:
    game.options = Options(mode=mode, teams=2).data()
    game.save(update_fields=["options"])
    grouping.found(game)
    ada, bob = join("Ada"), join("Bob")
    steps: list[Callable[[], Any]] = [lambda: count(game)]
    if mode is Mode.TEAMS:
        steps += [lambda: (grouping.choose(ada, 2), count(game)), lambda: (grouping.move(game, bob.pk, 2), count(game))]
    steps += [game.start, game.next, game.next, lambda: (answer(ada), count(game)), game.next, game.pause, game.resume]
    steps += [game.next, lambda: game.phase == "open" and (answer(ada), count(game)), lambda: game.kick(bob.pk)]
    steps += [lambda: game.phase == "podium" or game.finish()]
    shared = (destinations.status(game.pk), destinations.players(game.pk))
    for step in walk(lambda: [snapshot.for_player(ada), snapshot.for_host(game)], steps):
        for before, after, own in zip(
            step["before"], step["after"], (destinations.player(ada.pk), destinations.host(game.pk)), strict=True
        ):
            events = [message.envelope for message in step["events"] if message.destination in (*shared, own)]
            made = js("play/game.js", "(m, [state, events]) => events.reduce(m.apply, state)", [before, events])
            assert without_clock(made) == without_clock(json.loads(json.dumps(after)))


def test_a_hosts_snapshot_and_events_are_the_new_snapshot(
    game: Any, join: Any, walk: Any, js: Callable[..., Any], memory_backend: list[Message]
) -> None:
    ada = join("Ada")
    hears = (destinations.status(game.pk), destinations.players(game.pk), destinations.host(game.pk))

    def leaves() -> None:
        Player.objects.filter(pk=ada.pk).update(here_until=0)
        presence.tell_changes(now_ms())
        count(game)

    def comes_back() -> None:
        Player.objects.filter(pk=ada.pk).update(here_until=now_ms() + presence.QUIET_MS)
        presence.tell_changes(now_ms())
        count(game)

    types = set()
    for step in walk(
        lambda: snapshot.for_host(game), [leaves, comes_back, game.renumber, game.start, game.finish, game.replay]
    ):
        events = [message.envelope for message in step["events"] if message.destination in hears]
        types |= {event["type"] for event in events}
        made = js("play/game.js", "(m, [state, events]) => events.reduce(m.apply, state)", [step["before"], events])
        assert without_clock(made) == without_clock(json.loads(json.dumps(step["after"])))
    assert {messages.PRESENCE, messages.RENUMBERED, messages.REPLAYED} <= types


APPLIED = {
    *messages.ENTERED.values(),
    *(type for name, type in vars(messages).items() if name.isupper() and isinstance(type, str)),
} - {
    messages.REFUSED,
    messages.CORRECTED,
    messages.ECHO,
    messages.PRACTISED,
}
"""Every type of event that changes what a page shows of its game."""

LED_ABOVE = {
    *messages.ENTERED.values(),
    *(messages.RESUMED, messages.LOCKED, messages.UNLOCKED, messages.VOIDED, messages.REPLAYED, messages.PRESENCE),
    messages.RENUMBERED,  # The host's alone: a player's page shows no PIN.
    *(messages.COUNTS, messages.RESULT, messages.RECEIVED, messages.MOVED),
    *(messages.GROUPED, messages.REGROUPED, messages.VOTES),
}
"""Those that the other walks have."""


def test_whatever_else_a_host_does_is_in_its_events_too(
    game: Any, quiz: Any, join: Any, walk: Any, js: Callable[..., Any], memory_backend: list[Message]
) -> None:
    game.questions.filter(position=1).update(kind="open", choices=[], right=[], points=0, settings=CLOUD)
    ada, bob = join("Ada"), join("Bob")
    count(game)

    def corrected(position: int, **change: Any) -> None:
        question = game.questions.get(position=position)
        game.correct(question.pk, Correction(**change), "author")

    def knocks() -> None:
        joining.join(game.pin, "Eve")
        doors.tell(now_ms() + 1, now_ms() + 2)

    cloud = game.questions.get(position=1)
    steps: list[Callable[[], Any]] = [
        lambda: people.rename(game, ada.pk, "Adele"),
        lambda: ask_for_time(ada, True),
        lambda: give_time(game, ada.pk, 200),
        lambda: people.guard(game, True),
        knocks,
        lambda: people.turn_away(game, None),
        lambda: people.sweep(game, [bob.pk]),
        lambda: people.restore(game),
        game.start,
        game.next,
        game.next,
        lambda: (answer(ada, ["Moon"]), count(game)),
        game.next,
        lambda: moderation.hide(game, cloud.pk, "Moon"),
        game.next,
        game.next,
        game.next,
        lambda: (answer(ada), count(game)),
        game.next,
        lambda: corrected(2, points=500),
        lambda: corrected(2, voided=True),
        lambda: corrected(2, voided=False),
        lambda: game.kick(ada.pk),
    ]
    types = walked(walk, js, game, ada, steps)
    alone = assign(quiz, Options(mode=Mode.SELF), now_ms() + 3_600_000)
    cleo, _ = joining.join(alone.pin, "Cleo")
    types |= walked(walk, js, alone, cleo, [lambda: alone.extend(now_ms() + 7_200_000)])
    assert types | LED_ABOVE >= APPLIED - {messages.ASSIGNED}  # with which such a game begins
    assert messages.ASSIGNED in {event.type for event in live.events_after(destinations.status(alone.pk), 0)}


def walked(walk: Any, js: Callable[..., Any], game: Any, player: Any, steps: list[Callable[[], Any]]) -> set[str]:
    """The types that a player's and a host's page heard on that walk; each made its snapshot the next one."""
    shared, types = (destinations.status(game.pk), destinations.players(game.pk)), set()
    pages = (destinations.player(player.pk), destinations.host(game.pk))
    for step in walk(lambda: [snapshot.for_player(player), snapshot.for_host(game)], steps):
        for before, after, own in zip(step["before"], step["after"], pages, strict=True):
            events = [message.envelope for message in step["events"] if message.destination in (*shared, own)]
            types |= {event["type"] for event in events}
            made = js("play/game.js", "(m, [state, events]) => events.reduce(m.apply, state)", [before, events])
            assert without_clock(made) == without_clock(json.loads(json.dumps(after)))
    return types


def test_a_player_who_opens_the_game_again_has_the_new_seat_in_both_pages(
    join: Any, walk: Any, js: Callable[..., Any], memory_backend: list[Message]
) -> None:
    ada = join("Ada")
    presence.arrived(ada, now_ms(), presence.QUIET_MS)
    [step] = walk(lambda: snapshot.for_player(ada), [lambda: presence.arrived(ada, now_ms(), presence.QUIET_MS)])
    [moved] = [message.envelope for message in step["events"]]
    made = js("play/game.js", "(m, [state, event]) => m.apply(state, event)", [step["before"], moved])
    assert made["me"]["seat"] == 2
    assert without_clock(made) == without_clock(json.loads(json.dumps(step["after"])))


def without_clock(state: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in state.items() if key != "server_time"}


def answer(player: Any, choice: list[str] | None = None) -> None:
    """Answer rightly, or that, and tell the page as the view's answer does."""
    from quiz.play import answering

    player.game.refresh_from_db()
    running = player.game.question()
    data = {"answer_id": str(uuid.uuid4()), "question": running.pk, "choice": choice or running.right}
    receipt = answering.take(player, data, received_at=running.opened_at + 10)
    live.send(destinations.player(player.pk), messages.RECEIVED, receipt.acknowledgement())


def count(game: Any) -> None:
    """What the referee does a few times a second."""
    referee.tell(game.counted(), now_ms())


def test_an_old_event_changes_nothing(apply: Any, needs: Any) -> None:
    now = state("open")
    old = event("game.paused", {"phase": "paused"}, seq=17)
    assert apply(now, old) == now
    assert needs(now, old) == "nothing"


def test_an_event_beyond_a_gap_changes_nothing_and_asks_for_events(apply: Any, needs: Any) -> None:
    now = state("open")
    early = event("question.closed", {"phase": "reveal"}, seq=19)
    assert apply(now, early) == now
    assert needs(now, early) == "events"


def test_an_unknown_kind_of_event_changes_nothing(apply: Any) -> None:
    now = state("open")
    assert apply(now, event("weather.changed", {"rain": True})) == now


def test_an_answer_is_forgotten_with_its_question(apply: Any) -> None:
    now = state("reveal", me(answer=stored()))
    following = event("question.reading", {"phase": "reading", "question": question(id=32)}, seq=18)
    assert apply(now, following)["me"]["answer"] is None


def test_a_receipt_becomes_the_answer_until_it_is_judged(apply: Any) -> None:
    receipt = {key: value for key, value in stored().items() if key not in ("right", "points")}
    answer = apply(state("open"), event("answer.received", receipt))["me"]["answer"]
    assert (answer["choice"], answer["right"], answer["points"]) == (["b"], None, None)


def test_a_receipt_for_another_question_is_not_shown_with_this_one(apply: Any) -> None:
    now = state("open")
    assert apply(now, event("answer.received", {**stored(), "question": 30})) == now


def test_a_count_of_another_question_does_not_touch_this_one(apply: Any) -> None:
    late = event("counts.changed", {"players": 13, "expected": 13, "answered": 12, "question": 30})
    changed = apply(state("open"), late)
    assert (changed["players"], changed["answered"]) == (13, 7)


ADOPT = "(m, [state, snapshot]) => m.adopt(state, snapshot)"


def test_a_snapshot_from_before_the_last_event_changes_nothing(js: Callable[..., Any]) -> None:
    now = state("reveal", seq=18)
    assert js("play/game.js", ADOPT, [now, state("open", seq=17)]) == now


def test_a_snapshot_from_before_the_answer_was_stored_does_not_take_it_back(js: Callable[..., Any]) -> None:
    adopted = js("play/game.js", ADOPT, [state("open", me(answer=stored())), state("open", answered=8)])
    assert adopted["answered"] == 8
    assert adopted["me"]["answer"]["choice"] == ["b"]


def test_a_snapshot_of_another_question_comes_without_the_answer_to_this_one(js: Callable[..., Any]) -> None:
    following = state("open", question=question(id=32))
    assert js("play/game.js", ADOPT, [state("open", me(answer=stored())), following]) == following


# A store whose snapshot is on its way while events come.
SLOW_SNAPSHOT = """async (m, [state, snapshot, events]) => {
  let answer;
  const api = { state: () => new Promise((resolve) => { answer = resolve; }) };
  const store = new m.Store(state, api, { onchange() {}, ongone() {} });
  const read = store.refresh();
  for (const event of events) await store.receive(event);
  answer(snapshot);
  await read;
  return store.state;
}"""


def test_a_slow_snapshot_takes_no_new_name_and_no_newcomer_back(js: Callable[..., Any]) -> None:
    ada, bob = ({"player": n, "nickname": name, "here": True} for n, name in ((5, "Ada"), (6, "Bob")))
    old = state("lobby", {"role": "host", "roster": [ada]}, players=1)
    events = [
        event("roster.changed", {"added": [{**ada, "nickname": "Countess"}], "removed": [], "players": 1}),
        event("roster.changed", {"added": [bob], "removed": [], "players": 2}),
    ]
    kept = js("play/store.js", SLOW_SNAPSHOT, [old, {**old, "locked": True}, events])
    assert [entry["nickname"] for entry in kept["me"]["roster"]] == ["Countess", "Bob"]
    assert (kept["players"], kept["locked"]) == (2, True)


def test_what_was_heard_before_the_event_that_a_snapshot_knows_is_not_heard_again(js: Callable[..., Any]) -> None:
    counts = event("counts.changed", {"players": 12, "expected": 12, "answered": 9, "question": 31})
    closed = event("question.closed", {"phase": "reveal", "answered": 11}, seq=18)
    for events in ([counts], [counts, closed]):
        read = state("reveal", seq=18)
        assert js("play/store.js", SLOW_SNAPSHOT, [state("open"), read, events]) == read


# A store whose server fails as often as said: when it said that it is late, how long it waited, how it ended.
LATE_SERVER = """async (m, [state, snapshot, failures]) => {
  const late = [];
  const waits = [];
  const gone = [];
  const { ApiError } = await import(new URL("api.js", location.origin + "/static/play/"));
  const errors = failures.map((status) => (status ? new ApiError(status, {}) : new TypeError("no network")));
  const api = { state: async () => { if (errors.length) throw errors.shift(); return snapshot; } };
  const store = new m.Store(state, api, {
    onchange() {},
    ongone: ({ status }) => gone.push(status),
    onlate: (isLate) => late.push(isLate),
    wait: async (ms) => { waits.push(ms); },
  });
  await store.refresh();
  return { late, waits, gone, state: store.state };
}"""


def test_a_server_that_is_late_is_asked_again_and_the_page_says_so(js: Callable[..., Any]) -> None:
    read = state("reveal", seq=18)
    outcome = js("play/store.js", LATE_SERVER, [state("open"), read, [503, 0, 429, 504]])
    assert outcome["state"] == read
    assert outcome["late"] == [True] * 4 + [False]
    assert [ms <= 1_000 * 2**n for n, ms in enumerate(outcome["waits"])] == [True] * 4
    assert outcome["waits"][3] > outcome["waits"][0]


def test_a_server_that_refuses_is_not_asked_again(js: Callable[..., Any]) -> None:
    outcome = js("play/store.js", LATE_SERVER, [state("open"), state("reveal", seq=18), [500, 403]])
    assert (outcome["gone"], outcome["state"]["phase"]) == ([403], "open")


# A store that sits out a wait without an end when the line comes back, and one that is stopped in it.
HURRIED = """async (m, [state, snapshot, isStopped]) => {
  let calls = 0;
  const api = { state: async () => { if (!calls++) throw new TypeError("no network"); return snapshot; } };
  let waiting;
  const isWaiting = new Promise((resolve) => { waiting = resolve; });
  const wait = () => { waiting(); return new Promise(() => {}); };
  const store = new m.Store(state, api, { onchange() {}, ongone() {}, wait });
  const read = store.refresh();
  await isWaiting;
  isStopped ? store.stop() : store.hurry();
  await read;
  return [calls, store.state.phase];
}"""


@pytest.mark.parametrize(("is_stopped", "outcome"), [(False, [2, "reveal"]), (True, [1, "open"])])
def test_a_wait_ends_with_its_reason(js: Callable[..., Any], is_stopped: bool, outcome: list[Any]) -> None:
    assert js("play/store.js", HURRIED, [state("open"), state("reveal", seq=18), is_stopped]) == outcome


def test_a_kicked_player_knows_it(apply: Any) -> None:
    assert apply(state("open"), event("player.kicked", {}))["me"]["kicked"] is True


def test_the_roster_follows_who_comes_and_goes(apply: Any, needs: Any) -> None:
    own = {
        "role": "host",
        "roster": [{"player": 5, "nickname": "Ada", "here": True}, {"player": 6, "nickname": "Bob", "here": True}],
    }
    now = state("lobby", own, players=2)
    change = {
        "added": [{"player": 7, "nickname": "Cy", "here": True}, {"player": 6, "nickname": "Bob", "here": True}],
        "removed": [5],
        "players": 2,
    }
    changed = apply(now, event("roster.changed", change))
    assert [entry["nickname"] for entry in changed["me"]["roster"]] == ["Bob", "Cy"]
    assert needs(now, event("roster.changed", change)) == "nothing"


def test_a_player_who_is_renamed_keeps_the_place_in_the_roster(apply: Any) -> None:
    roster = [{"player": 5, "nickname": "Ada", "here": True}, {"player": 6, "nickname": "Bob", "here": True}]
    now = state("lobby", {"role": "host", "roster": roster}, players=2)
    change = {"added": [{"player": 5, "nickname": "Countess", "here": True}], "removed": [], "players": 2}
    changed = apply(now, event("roster.changed", change))["me"]["roster"]
    assert [entry["nickname"] for entry in changed] == ["Countess", "Bob"]


def test_a_player_learns_the_own_new_name(apply: Any) -> None:
    assert apply(state("open"), event("player.named", {"nickname": "Countess"}))["me"]["nickname"] == "Countess"


def test_the_host_learns_who_waits_at_the_door(apply: Any) -> None:
    door = {"approve": True, "waiting": [{"knock": 3, "nickname": "Eve"}], "knocks": 1, "swept": 0}
    now = state("lobby", {"role": "host", "roster": [], "door": {}}, players=0)
    assert apply(now, event("door.changed", door))["me"]["door"] == door


def test_a_roster_that_does_not_add_up_asks_for_the_state(needs: Any) -> None:
    now = state("lobby", {"role": "host", "roster": []}, players=0)
    change = {"added": [{"player": 7, "nickname": "Cy", "here": True}], "removed": [], "players": 3}
    assert needs(now, event("roster.changed", change)) == "state"
