"""Every message of a game and its data, one small function each. Pure: values in, JSON-ready dictionaries out.

Times are milliseconds since the epoch on the server's clock, durations end in ``_ms``. ``docs/messages.md`` shows one
of each and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from quiz.kinds.kind import Json
from quiz.play.states import Phase

Data = dict[str, Any]

ENTERED: dict[Phase, str] = {
    Phase.COUNTDOWN: "game.started",
    Phase.READING: "question.reading",
    Phase.OPEN: "question.opened",
    Phase.REVEAL: "question.closed",
    Phase.STANDINGS: "standings.shown",
    Phase.PODIUM: "podium.shown",
    Phase.ENDED: "game.ended",
    Phase.PAUSED: "game.paused",
}
"""The type of the status event that tells of a phase's beginning."""

RESUMED = "game.resumed"
REPLAYED = "game.replayed"
ASSIGNED = "game.assigned"
EXTENDED = "closing.moved"
LOCKED = "lobby.locked"
UNLOCKED = "lobby.unlocked"
VOIDED = "question.voided"
UNVOIDED = "question.restored"
REGRADED = "question.regraded"
MODERATED = "answers.moderated"
REMOVED = "player.removed"
RESTORED = "player.restored"
RENAMED = "player.renamed"
COUNTS = "counts.changed"
ROSTER = "roster.changed"
PRESENCE = "presence.changed"
DOOR = "door.changed"
RESULT = "player.result"
KICKED = "player.kicked"
MOVED = "player.moved"
NAMED = "player.named"
GROUPED = "player.grouped"
REGROUPED = "player.regrouped"
VOTES = "votes.counted"
TIME = "player.time"
RENUMBERED = "pin.changed"
RECEIVED = "answer.received"
REFUSED = "answer.refused"
CORRECTED = "question.corrected"
ECHO = "preflight.echo"
PRACTISED = "practice.received"

CORRECTIONS = (VOIDED, UNVOIDED, REGRADED)
"""Status events after which points may be others, of any question that was revealed before."""

RESETTLING = (*CORRECTIONS, REMOVED, RESTORED, REGROUPED)
"""Status events after which teams may have other points, and survival may be decided otherwise."""

SHOWS_QUESTION = (Phase.READING, Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
SHOWS_CHOICES = (Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
SHOWS_RIGHT = (Phase.REVEAL, Phase.STANDINGS)
SHOWN_OF_CHOICE = ("id", "text", "rich", "picture")


def question(
    *,
    id: int,
    number: int,
    text: str,
    kind: str,
    judged: bool,
    several: bool,
    points: int,
    time_limit_ms: int,
    voided: bool,
    round: int,
    choices: Sequence[Mapping[str, Any]],
    view: Data,
    rich: list[Any] | None,
    picture: Data | None,
) -> Data:
    """A question as players see it; ``choices`` (``id``, ``text``) and ``view`` are empty until it opens.

    ``rich`` is the tree of a formatted text, of which ``text`` has the words, and ``picture`` has ``url``, ``width``,
    ``height`` (pixels) and ``alt``; a choice has these where it needs them. A choice whose ``text`` is the ``alt`` of
    its picture is only that picture.
    ``view`` is what its ``kind`` shows beside the choices. Where it is not ``judged``, nothing is right and no points
    are to be earned.
    """
    return {
        "id": id,
        "number": number,
        "text": text,
        "kind": kind,
        "judged": judged,
        "several": several,
        "points": points,
        "time_limit_ms": time_limit_ms,
        "voided": voided,
        "round": round,
        "choices": [{key: choice[key] for key in SHOWN_OF_CHOICE if key in choice} for choice in choices],
        "view": view,
        "rich": rich,
        "picture": picture,
    }


def reveal(
    *,
    right: Json,
    counts: Mapping[str, int],
    view: Data,
    explanation: str,
    rich: list[Any] | None,
    first: Data | None,
) -> Data:
    """What was right, how often each answer was given, and why; ``first`` is the first of two votes.

    ``view`` is what the question's kind says beside the counts.

    ``rich`` is the tree of a formatted explanation.
    """
    return {
        "right": right,
        "counts": dict(counts),
        "view": view,
        "explanation": explanation,
        "rich": rich,
        "first": first,
    }


def first_vote(*, counts: Mapping[str, int], to_right: int, to_wrong: int) -> Data:
    """The first of two votes, for the reveal, and how many changed their mind in which direction."""
    return {"counts": dict(counts), "to_right": to_right, "to_wrong": to_wrong}


def team(
    *, team: int, name: str, members: int, points: int, gained: int, place: int | None, before: int | None
) -> Data:
    """One team; ``place`` is None before the first reveal, and for a team with nobody in it."""
    return {
        "team": team,
        "name": name,
        "members": members,
        "points": points,
        "gained": gained,
        "place": place,
        "before": before,
    }


def standing(
    *,
    player: int,
    nickname: str,
    points: int,
    gained: int,
    place: int,
    before: int | None,
    team: int | None,
    out_at: int | None,
) -> Data:
    """One line of the standings; ``before`` is the place before the last reveal, None after the first.

    ``team`` and ``out_at``, the number of the question that took the last life, are None where the game has no such.
    """
    return {
        "player": player,
        "nickname": nickname,
        "points": points,
        "gained": gained,
        "place": place,
        "before": before,
        "team": team,
        "out_at": out_at,
    }


def shared(
    *,
    version: int,
    phase: Phase,
    paused_from: Phase | None,
    host_lost: bool,
    locked: bool,
    phase_started_at: int,
    phase_ends_at: int | None,
    remaining_ms: int | None,
    question: Data | None,
    reveal: Data | None,
    standings: Sequence[Data],
    players: int,
    expected: int,
    answered: int,
    next: Data | None,
    mode: str,
    last: bool,
    discussing: bool,
    left: int | None,
    teams: Sequence[Data],
) -> Data:
    """What every member of a game sees: the data of each status event, and the core of the snapshot.

    ``host_lost``: the game is paused because no host's screen gave a sign of life any more.
    """
    return {
        "version": version,
        "phase": phase.value,
        "paused_from": paused_from.value if paused_from else None,
        "host_lost": host_lost,
        "locked": locked,
        "phase_started_at": phase_started_at,
        "phase_ends_at": phase_ends_at,
        "remaining_ms": remaining_ms,
        "question": question,
        "reveal": reveal,
        "standings": list(standings),
        "players": players,
        "expected": expected,
        "answered": answered,
        "next": next,
        "mode": mode,
        "last": last,
        "discussing": discussing,
        "left": left,
        "teams": list(teams),
    }


def following(*, game: int, pin: str) -> Data:
    """The game that follows an ended one, for the same players."""
    return {"game": game, "pin": pin}


def snapshot(
    *, game: int, pin: str, title: str, total: int, seq: int, server_time: int, shared: Data, me: Data
) -> Data:
    """The whole state for one who asks; ``seq`` is the last status event that it contains."""
    return {
        "game": game,
        "pin": pin,
        "title": title,
        "total": total,
        "seq": seq,
        "server_time": server_time,
        **shared,
        "me": me,
    }


def host(*, roster: Sequence[Data], door: Data, hosts: Sequence[str], vote: Data | None) -> Data:
    """The ``me`` of a host; ``vote`` is how the first vote went, while the players discuss."""
    return {"role": "host", "roster": list(roster), "door": door, "hosts": list(hosts), "vote": vote}


def vote(*, question: int, counts: Mapping[str, int]) -> Data:
    """How often each option was chosen in the first of two votes."""
    return {"question": question, "counts": dict(counts)}


def grouped(*, team: int) -> Data:
    """The team that a player is in now."""
    return {"team": team}


def door(*, approve: bool, waiting: Sequence[Data], knocks: int, swept: int) -> Data:
    """Whether newcomers wait, the first of those ``knocks`` who do, and how many a sweep removed that can be undone."""
    return {"approve": approve, "waiting": list(waiting), "knocks": knocks, "swept": swept}


def knock(*, knock: int, nickname: str) -> Data:
    """Somebody who waits to be let in."""
    return {"knock": knock, "nickname": nickname}


def named(*, player: int, nickname: str, here: bool, team: int | None, allowance: int, asks_for_time: bool) -> Data:
    """A player in the roster; the last two are for hosts alone (``allowance.py``)."""
    return {
        "player": player,
        "nickname": nickname,
        "here": here,
        "team": team,
        "allowance": allowance,
        "asks_for_time": asks_for_time,
    }


def me(
    *,
    player: int,
    nickname: str,
    points: int,
    gained: int,
    place: int | None,
    gap: int | None,
    kicked: bool,
    seat: int,
    answer: Data | None,
    team: int | None,
    lives: int | None,
    out_at: int | None,
    first: Json,
    allowance: int,
    asks_for_time: bool,
    ends_at: int | None,
) -> Data:
    """What concerns one player; ``gap`` is how many points are missing to the next better place.

    ``seat`` counts the pages and programs in which this player has been: the newest is the one that plays. ``ends_at``
    is when the open question closes for this player, with the player's own ``allowance``; None for never.
    """
    return {
        "role": "player",
        "player": player,
        "nickname": nickname,
        "points": points,
        "gained": gained,
        "place": place,
        "gap": gap,
        "kicked": kicked,
        "seat": seat,
        "answer": answer,
        "team": team,
        "lives": lives,
        "out_at": out_at,
        "first": first,
        "allowance": allowance,
        "asks_for_time": asks_for_time,
        "ends_at": ends_at,
    }


def time(*, allowance: int, asks_for_time: bool) -> Data:
    """A player's allowance, and whether the host was asked for more."""
    return {"allowance": allowance, "asks_for_time": asks_for_time}


def own(
    *,
    step: str,
    opened: int,
    done: int,
    known: bool,
    timed: bool,
    question: Data | None,
    answered: int,
    reveal: Data | None,
) -> Data:
    """How far a player of a self-paced game is; added to ``me`` there.

    ``step`` is what can be done now: ``next``, ``answer``, ``done`` or ``closed``. ``question`` is the one opened last,
    numbered in the player's own order. When it is over and ``known``, which means that points and what was right are no
    secret, come ``reveal`` and how many have ``answered`` it. ``timed``: questions have time limits.
    """
    return {
        "step": step,
        "opened": opened,
        "done": done,
        "known": known,
        "timed": timed,
        "question": question,
        "answered": answered,
        "reveal": reveal,
    }


def progress(*, player: int, nickname: str, here: bool, opened: int, done: int, points: int, place: int) -> Data:
    """How far one player of a self-paced game is, for its hosts."""
    return {
        "player": player,
        "nickname": nickname,
        "here": here,
        "opened": opened,
        "done": done,
        "points": points,
        "place": place,
    }


def acknowledgement(
    *, answer_id: str, question: int, round: int, choice: Json, received_at: int, elapsed_ms: int
) -> Data:
    """The receipt of an answer; says nothing of right or wrong. ``round`` is 2 in the second of two votes."""
    return {
        "answer_id": answer_id,
        "question": question,
        "round": round,
        "choice": choice,
        "received_at": received_at,
        "elapsed_ms": elapsed_ms,
    }


def judged(acknowledgement: Data, *, right: bool | None, points: int | None) -> Data:
    """A player's own answer; ``right`` and ``points`` are None before the reveal."""
    return {**acknowledgement, "right": right, "points": points}


def counts(
    *,
    players: int,
    expected: int,
    answered: int,
    question: int | None,
    left: int | None,
    members: Sequence[int],
) -> Data:
    """How many are in, how many of them are here or have answered, and how many have answered the running question."""
    return {"players": players, "expected": expected, "answered": answered, "question": question} | {
        "left": left,
        "members": list(members),
    }


def result(*, me: Data, corrected: bool) -> Data:
    """A player's result; ``corrected`` when an earlier judgement was changed, and not a question revealed."""
    return {"me": me, "corrected": corrected}


def judgement(*, right: Json, points: int, voided: bool) -> Data:
    """How a question is judged: what is right, as its kind says it, what it is worth, whether it counts at all."""
    return {"right": right, "points": points, "voided": voided}


def correction(*, by: str, question: int, number: int, before: Data, after: Data) -> Data:
    """A line of the audit: which host judged which question how, before and after."""
    return {"by": by, "question": question, "number": number, "before": before, "after": after}


def roster(*, added: Sequence[Data], removed: Sequence[int], players: int) -> Data:
    """Who came and went since the last one; ``players`` tells a host who missed one to read the state."""
    return {"added": list(added), "removed": list(removed), "players": players}


def presence(*, away: Sequence[int], back: Sequence[int]) -> Data:
    """Players whose pages have fallen silent, and those heard again."""
    return {"away": list(away), "back": list(back)}


def pin(*, pin: str) -> Data:
    """The game's new PIN."""
    return {"pin": pin}


def name(*, nickname: str) -> Data:
    """The name that the host gave to a player."""
    return {"nickname": nickname}


def moved(*, seat: int) -> Data:
    """The player's newest page or program has this number; all older ones are over."""
    return {"seat": seat}


def refusal(*, answer_id: str, error: str) -> Data:
    """An answer over STOMP that was not stored, and why."""
    return {"answer_id": answer_id, "error": error}


def echo(*, nonce: str) -> Data:
    """What a host's page asked to have sent to it before a game."""
    return {"nonce": nonce}


def practice(*, practice: str) -> Data:
    """An answer to the lobby's practice question has come: what its page called it."""
    return {"practice": practice}
