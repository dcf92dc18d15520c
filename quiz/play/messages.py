"""Every message of a game and its data, one small function each. Pure: values in, JSON-ready dictionaries out.

Times are milliseconds since the epoch on the server's clock, durations end in ``_ms``. ``docs/messages.md`` shows one
of each and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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
TIME = "player.time"
RENUMBERED = "pin.changed"
RECEIVED = "answer.received"
REFUSED = "answer.refused"
CORRECTED = "question.corrected"
ECHO = "preflight.echo"

CORRECTIONS = (VOIDED, UNVOIDED, REGRADED)
"""Status events after which points may be others, of any question that was revealed before."""

SHOWS_QUESTION = (Phase.READING, Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
SHOWS_CHOICES = (Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
SHOWS_RIGHT = (Phase.REVEAL, Phase.STANDINGS)


def question(
    *,
    id: int,
    number: int,
    text: str,
    several: bool,
    points: int,
    time_limit_ms: int,
    voided: bool,
    choices: Sequence[Mapping[str, str]],
) -> Data:
    """A question as players see it; ``choices`` (``id``, ``text``) is empty until it opens."""
    return {
        "id": id,
        "number": number,
        "text": text,
        "several": several,
        "points": points,
        "time_limit_ms": time_limit_ms,
        "voided": voided,
        "choices": [{"id": choice["id"], "text": choice["text"]} for choice in choices],
    }


def reveal(*, right: Sequence[str], counts: Mapping[str, int], explanation: str) -> Data:
    """What was right, how often each option was chosen, and why."""
    return {"right": list(right), "counts": dict(counts), "explanation": explanation}


def standing(*, player: int, nickname: str, points: int, gained: int, place: int, before: int | None) -> Data:
    """One line of the standings; ``before`` is the place before the last reveal, None after the first."""
    return {
        "player": player,
        "nickname": nickname,
        "points": points,
        "gained": gained,
        "place": place,
        "before": before,
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


def host(*, roster: Sequence[Data], door: Data, hosts: Sequence[str]) -> Data:
    """The ``me`` of a host."""
    return {"role": "host", "roster": list(roster), "door": door, "hosts": list(hosts)}


def door(*, approve: bool, waiting: Sequence[Data], knocks: int, swept: int) -> Data:
    """Whether newcomers wait, the first of those ``knocks`` who do, and how many a sweep removed that can be undone."""
    return {"approve": approve, "waiting": list(waiting), "knocks": knocks, "swept": swept}


def knock(*, knock: int, nickname: str) -> Data:
    """Somebody who waits to be let in."""
    return {"knock": knock, "nickname": nickname}


def named(*, player: int, nickname: str, here: bool, allowance: int, asks_for_time: bool) -> Data:
    """A player in the roster; the last two are for hosts alone (``allowance.py``)."""
    return {
        "player": player,
        "nickname": nickname,
        "here": here,
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


def acknowledgement(*, answer_id: str, question: int, choice: Sequence[str], received_at: int, elapsed_ms: int) -> Data:
    """The receipt of an answer; says nothing of right or wrong."""
    return {
        "answer_id": answer_id,
        "question": question,
        "choice": list(choice),
        "received_at": received_at,
        "elapsed_ms": elapsed_ms,
    }


def judged(acknowledgement: Data, *, right: bool | None, points: int | None) -> Data:
    """A player's own answer; ``right`` and ``points`` are None before the reveal."""
    return {**acknowledgement, "right": right, "points": points}


def counts(*, players: int, expected: int, answered: int, question: int | None) -> Data:
    """How many are in, how many of them are here or have answered, and how many have answered the running question."""
    return {"players": players, "expected": expected, "answered": answered, "question": question}


def result(*, me: Data, corrected: bool) -> Data:
    """A player's result; ``corrected`` when an earlier judgement was changed, and not a question revealed."""
    return {"me": me, "corrected": corrected}


def judgement(*, right: Sequence[str], points: int, voided: bool) -> Data:
    """How a question is judged: ids of the right options, what it is worth, whether it counts at all."""
    return {"right": list(right), "points": points, "voided": voided}


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
