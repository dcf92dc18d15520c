"""The life of a game: which move leads from which phase to which, as one table.

What may live here: phases, moves and the tables that join them. What may not: times, points, rows, messages. A move
that is not in the table is refused with :class:`GameError`; there is no other place that decides what is legal.
"""

from enum import StrEnum


class Phase(StrEnum):
    """Where a game is. ``PAUSED`` remembers beside it the phase that it will go on with."""

    LOBBY = "lobby"
    COUNTDOWN = "countdown"
    READING = "reading"
    OPEN = "open"
    REVEAL = "reveal"
    STANDINGS = "standings"
    PODIUM = "podium"
    ENDED = "ended"
    PAUSED = "paused"


class Move(StrEnum):
    """What a host or the referee can do to a game."""

    START = "start"
    ASSIGN = "assign"
    EXTEND = "extend"
    READ = "read"
    OPEN = "open"
    CLOSE = "close"
    SKIP = "skip"
    RANK = "rank"
    CROWN = "crown"
    END = "end"
    ABANDON = "abandon"
    PAUSE = "pause"
    RESUME = "resume"
    REPLAY = "replay"
    LOCK = "lock"
    KICK = "kick"
    VOID = "void"
    REGRADE = "regrade"
    HIDE = "hide"
    DISCUSS = "discuss"
    SHOW = "show"
    GROUP = "group"


class GameError(Exception):
    """A move that the rules do not allow now: the caller's fault, and the game is as it was.

    ``code`` is stable and goes into the answer's ``error``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stale(GameError):
    """Somebody else changed the game since the caller looked."""

    def __init__(self) -> None:
        super().__init__("game-has-moved-on")


IN_PLAY = (Phase.COUNTDOWN, Phase.READING, Phase.OPEN, Phase.REVEAL, Phase.STANDINGS)
"""Phases between the start and the podium: those that may have a deadline, and may be paused."""

SKIPPABLE = (Phase.READING, Phase.OPEN)
"""Phases of a question that was not revealed yet."""

JUDGED = (Phase.PAUSED, Phase.PODIUM, Phase.ENDED, *IN_PLAY)
"""Phases in which what was revealed can be judged otherwise: errors are often found when all is over."""

ONLY_ALONE = (Move.ASSIGN, Move.EXTEND)
"""Moves of games that everybody plays alone: such a game is open from the beginning to its closing date."""

ALONE = (*ONLY_ALONE, Move.CROWN, Move.END, Move.ABANDON, Move.LOCK, Move.KICK, Move.VOID, Move.REGRADE, Move.HIDE)
"""All moves of such a game; the others are of games that are led."""

TRANSITIONS: dict[tuple[Phase, Move], Phase] = {
    (Phase.LOBBY, Move.START): Phase.COUNTDOWN,
    (Phase.LOBBY, Move.ASSIGN): Phase.OPEN,
    (Phase.OPEN, Move.EXTEND): Phase.OPEN,
    (Phase.COUNTDOWN, Move.READ): Phase.READING,
    (Phase.READING, Move.OPEN): Phase.OPEN,
    (Phase.OPEN, Move.CLOSE): Phase.REVEAL,
    (Phase.OPEN, Move.DISCUSS): Phase.READING,
    (Phase.READING, Move.SHOW): Phase.REVEAL,
    (Phase.REVEAL, Move.RANK): Phase.STANDINGS,
    (Phase.REVEAL, Move.READ): Phase.READING,
    (Phase.STANDINGS, Move.READ): Phase.READING,
    (Phase.PODIUM, Move.END): Phase.ENDED,
    (Phase.PODIUM, Move.REPLAY): Phase.ENDED,
    (Phase.LOBBY, Move.END): Phase.ENDED,
    (Phase.PAUSED, Move.CROWN): Phase.PODIUM,
    **{(phase, Move.CROWN): Phase.PODIUM for phase in IN_PLAY},
    **{(phase, Move.SKIP): Phase.READING for phase in SKIPPABLE},
    **{(phase, Move.PAUSE): Phase.PAUSED for phase in IN_PLAY},
    **{(phase, Move.ABANDON): Phase.ENDED for phase in (Phase.LOBBY, Phase.PAUSED, Phase.PODIUM, *IN_PLAY)},
    **{(phase, Move.LOCK): phase for phase in (Phase.LOBBY, Phase.PAUSED, *IN_PLAY)},
    **{(phase, Move.KICK): phase for phase in (Phase.LOBBY, Phase.PAUSED, Phase.PODIUM, *IN_PLAY)},
    **{(phase, Move.GROUP): phase for phase in (Phase.LOBBY, Phase.PAUSED, *IN_PLAY)},
    **{(phase, move): phase for phase in JUDGED for move in (Move.VOID, Move.REGRADE, Move.HIDE)},
}
"""Every legal move but ``RESUME``, whose end is the phase that was paused."""

NEXT: dict[Phase, Move] = {
    Phase.COUNTDOWN: Move.READ,
    Phase.READING: Move.OPEN,
    Phase.OPEN: Move.CLOSE,
    Phase.REVEAL: Move.RANK,
    Phase.STANDINGS: Move.READ,
    Phase.PODIUM: Move.END,
}
"""What "next" means to a host, and to the referee when a phase's deadline has come, while questions are left."""

FINISH: dict[Phase, Move] = {
    Phase.LOBBY: Move.END,
    Phase.PODIUM: Move.END,
    Phase.PAUSED: Move.CROWN,
    **dict.fromkeys(IN_PLAY, Move.CROWN),
}
"""What "finish" means: a game in play is crowned with what was revealed so far, any other ends."""


def after(phase: Phase, move: Move, paused_from: Phase | None = None) -> Phase:
    """The phase that ``move`` leads to; :class:`GameError` ``not-now`` where the table has no such move."""
    if (phase, move) == (Phase.PAUSED, Move.RESUME) and paused_from is not None:
        return paused_from
    try:
        return TRANSITIONS[phase, move]
    except KeyError:
        raise GameError("not-now") from None


def fits(move: Move, *, alone: bool) -> bool:
    """Whether games of that sort have the move at all: those that everybody plays ``alone``, or those with a host."""
    return move in ALONE if alone else move not in ONLY_ALONE


def next_move(phase: Phase, *, last: bool, ranked: bool = True, again: bool = False) -> Move:
    """The move behind "next", a host's or a deadline's; after the last question's reveal comes the podium.

    ``ranked`` says whether the standings are shown after this question, ``again`` whether the open one is discussed and
    then opened for a second vote.
    """
    if again and phase is Phase.OPEN:
        return Move.DISCUSS
    if last and phase in (Phase.REVEAL, Phase.STANDINGS):
        return Move.CROWN
    if phase is Phase.REVEAL and not ranked:
        return Move.READ
    return _chosen(NEXT, phase)


def skip_move(phase: Phase, *, last: bool) -> Move:
    """The move behind a host's "skip": to the next question, from the last one to the podium."""
    return Move.CROWN if last and phase in SKIPPABLE else Move.SKIP


def finish_move(phase: Phase) -> Move:
    """The move behind a host's "finish"."""
    return _chosen(FINISH, phase)


def _chosen(table: dict[Phase, Move], phase: Phase) -> Move:
    try:
        return table[phase]
    except KeyError:
        raise GameError("not-now") from None
