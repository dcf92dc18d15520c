"""How a game stands, for all of its members."""

from collections.abc import Sequence

from quiz.play.messages.types import Data
from quiz.play.states import Phase


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
    beyond: int,
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

    ``host_lost``: the game is paused because no host's screen gave a sign of life any more. ``remaining_ms`` is what
    was left of the phase when the game was paused. ``next`` is the game that :func:`follows <following>`. ``last``:
    after this question comes the podium. ``beyond``: so many more stand on the podium, on the place of the last line of
    ``standings``. ``discussing``: the players talk between two votes. ``players``, ``expected``,
    ``answered`` and ``left`` are those of :func:`counts`.
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
        "beyond": beyond,
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


def following(*, game: int, pin: str) -> Data:
    """The game that follows an ended one, for the same players."""
    return {"game": game, "pin": pin}


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


def counts(
    *,
    players: int,
    expected: int,
    answered: int,
    question: int | None,
    left: int | None,
    members: Sequence[int],
) -> Data:
    """How many are in, how many of them are here or have answered, and how many have answered the running question.

    ``left`` are those who are still in, in survival, else None; ``members`` those of each team, by its number.
    """
    return {
        "players": players,
        "expected": expected,
        "answered": answered,
        "question": question,
        "left": left,
        "members": list(members),
    }


def pin(*, pin: str) -> Data:
    """The game's new PIN."""
    return {"pin": pin}
