"""What concerns one player, and what is told to one alone."""

from quiz.kinds.kind import Json
from quiz.play.messages.types import Data


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

    ``answer`` is the player's to the question that is shown, ``first`` the choice in the first of two votes. ``lives``
    are those left in survival; ``out_at`` is the number of the question that took the last. ``seat`` counts the pages
    and programs in which this player has been: the newest is the one that plays. ``ends_at`` is when the open question
    closes for this player, with the player's own ``allowance``; None for never.
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


def result(*, me: Data, corrected: bool) -> Data:
    """A player's result; ``corrected`` when an earlier judgement was changed, and not a question revealed."""
    return {"me": me, "corrected": corrected}


def time(*, allowance: int, asks_for_time: bool) -> Data:
    """A player's ``allowance``, in percent of everybody's time, and whether the host was asked for more."""
    return {"allowance": allowance, "asks_for_time": asks_for_time}


def grouped(*, team: int) -> Data:
    """The team that a player is in now."""
    return {"team": team}


def name(*, nickname: str) -> Data:
    """The name that the host gave to a player."""
    return {"nickname": nickname}


def moved(*, seat: int) -> Data:
    """The player's newest page or program has this number; all older ones are over."""
    return {"seat": seat}
