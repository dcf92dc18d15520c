"""What a host chooses for one game before its lobby opens. Pure; an option that is not named has its default.

A new option is one field: a bool, a word of a :class:`StrEnum`, a whole number with its range (:func:`whole`), or a
line of text (:func:`written`). It is stored, read, checked and offered by this list alone.
"""

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from quiz.kinds import Partial

MAX_DIGITS = 9
"""Digits of a number in a form: no option has more, and Python refuses to read thousands of them."""

MIN_ALONE_S = 90
"""Seconds: browsers wake a screen that is behind another window once a minute only."""


MIN_TEAMS, MAX_TEAMS = 2, 8
"""As many as people tell apart by colour and shape."""

MAX_TEAM_NAME = 24
"""Characters of one team's name: it stands beside points on a phone."""


class Preset(StrEnum):
    """How speed counts; ``scoring.py`` has the formulas."""

    CLASSIC = "classic"
    CALM = "calm"
    ACCURACY = "accuracy"
    FLAT = "flat"


class Ties(StrEnum):
    """What happens to players with equal points."""

    SHARED = "shared"
    BROKEN = "broken"


class Reading(StrEnum):
    """How long a question stands alone before its choices come: by its number of words, or always the same."""

    WORDS = "words"
    FIXED = "fixed"


class Names(StrEnum):
    """Who makes the nicknames: the players, or we (``names.py``)."""

    OWN = "own"
    FRIENDLY = "friendly"


class Words(StrEnum):
    """Which lists of unwanted words nicknames and what players write are held against (``wordlists.py``)."""

    OFF = "off"
    MILD = "mild"
    STRICT = "strict"


class Mode(StrEnum):
    """Who leads, who plays together, and who goes on."""

    HOST = "host"
    TEAMS = "teams"
    SURVIVAL = "survival"
    PEER = "peer"
    SELF = "self"


class Teaming(StrEnum):
    """How a player comes into a team: by choosing one in the lobby, or as they are dealt, evenly."""

    CHOSEN = "chosen"
    DEALT = "dealt"


class PhoneText(StrEnum):
    """What phones show of a question: all, the options alone, or what stands for them on the wall."""

    FULL = "full"
    OPTIONS = "options"
    LETTERS = "letters"


class Solutions(StrEnum):
    """When somebody who plays alone learns what was right: after each question, or when the game has closed."""

    EACH = "each"
    CLOSED = "closed"


class OptionError(ValueError):
    """An option that there is not, or that cannot have this value (with the others): the caller's fault.

    ``field`` is its name as the caller spelled it.
    """

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def whole(default: int, *, least: int, most: int) -> Any:  # noqa: ANN401  # as dataclasses.field
    """A whole number between ``least`` and ``most``, both included."""
    return field(default=default, metadata={"least": least, "most": most})


def written(*, most: int) -> Any:  # noqa: ANN401  # as dataclasses.field
    """A line of printable text, of so many characters at most; "" unless the host writes one."""
    return field(default="", metadata={"most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One game's options; the defaults suit most games."""

    # Who plays how.
    mode: Mode = Mode.HOST
    teams: int = whole(4, least=MIN_TEAMS, most=MAX_TEAMS)
    teaming: Teaming = Teaming.CHOSEN
    team_names: str = written(most=MAX_TEAMS * (MAX_TEAM_NAME + 2))  # with commas between them
    lives: int = whole(1, least=1, most=3)
    discuss_s: int = whole(0, least=0, most=600)  # before the second vote; 0 is by hand
    timed: bool = True  # this and the next two for Mode.SELF; without time limits speed counts nothing
    solutions: Solutions = Solutions.EACH
    shuffled: bool = False  # everybody has an own order of questions

    # Points.
    scoring: Preset = Preset.CLASSIC
    streak: bool = False
    penalty_percent: int = whole(0, least=0, most=100)
    partial: Partial = Partial.NONE
    ties: Ties = Ties.SHARED

    # Phones; who plays alone has no wall to look at.
    phone_text: PhoneText = PhoneText.FULL
    own_text: bool = True  # who needs it may have all texts on the own phone

    # Flow; a name that ends in _s is in seconds.
    countdown_s: int = whole(3, least=0, most=10)
    reading: Reading = Reading.WORDS
    reading_s: int = whole(5, least=0, most=15)  # for Reading.FIXED
    explanation: bool = True
    standings_every: int = whole(1, least=0, most=50)  # so many questions; 0 is only at the end
    advance_s: int = whole(0, least=0, most=60)  # from a reveal, and from the standings; 0 is by hand
    late_join: bool = True
    pause_alone_s: int = whole(120, least=0, most=600)  # without any host's screen; 0 is never

    # Doors.
    names: Names = Names.OWN
    words: Words = Words.MILD
    approve: bool = False  # who comes waits until the host lets them in

    def __post_init__(self) -> None:
        """Raise :class:`OptionError` for a time too short, for names of teams that are too many, too long or
        equal, and for what breaks the promise of ``accuracy``: more right answers always win."""
        if 0 < self.pause_alone_s < MIN_ALONE_S:
            raise OptionError("pause_alone_s")
        names = self.named_teams()
        if len(names) > self.teams or len(set(names)) < len(names) or any(len(name) > MAX_TEAM_NAME for name in names):
            raise OptionError("team_names")
        if self.scoring is Preset.ACCURACY:
            for name, off in (("streak", False), ("penalty_percent", 0), ("partial", Partial.NONE)):
                if getattr(self, name) != off:
                    raise OptionError(name)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The options in ``data``, as JSON spells them; :class:`OptionError` for unknown names and values."""
        known = {each.name: each for each in fields(cls)}
        if unknown := sorted(set(data) - set(known)):
            raise OptionError(unknown[0])
        return cls(**{name: _read(known[name], value) for name, value in data.items()})

    @classmethod
    def of_form(cls, data: Mapping[str, str]) -> Self:
        """The options in a form's words: "true" and "false", and numbers in digits."""
        known = {each.name: each for each in fields(cls)}
        return cls.of({name: _spelled(known[name], text) if name in known else text for name, text in data.items()})

    def form(self) -> dict[str, str]:
        """All options in a form's words: what :meth:`of_form` reads back."""
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in asdict(self).items()
        }

    @property
    def phones_show(self) -> PhoneText:
        """What phones really show."""
        return PhoneText.FULL if self.mode is Mode.SELF else self.phone_text

    def named_teams(self) -> list[str]:
        """The names that the host gave to the first teams."""
        return [name for name in map(str.strip, self.team_names.split(",")) if name]

    def data(self) -> dict[str, Any]:
        """All options by name, ready for JSON; :meth:`of` reads them back."""
        return asdict(self)


def _read(option: Field[Any], value: Any) -> Any:  # noqa: ANN401  # what came, and what kind the option is of
    default: Any = option.default
    if isinstance(default, bool):
        fits = isinstance(value, bool)
    elif isinstance(default, int):
        fits = type(value) is int and option.metadata["least"] <= value <= option.metadata["most"]
    elif not isinstance(default, StrEnum):
        fits = isinstance(value, str) and value.isprintable() and len(value) <= option.metadata["most"]
    else:
        words: type[StrEnum] = type(default)
        fits = isinstance(value, str) and value in list(words)
        value = words(value) if fits else value
    if not fits:
        raise OptionError(option.name)
    return value


def _spelled(option: Field[Any], text: str) -> object:
    default: object = option.default
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(text, text)
    if isinstance(default, int) and text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS:
        return int(text)
    return text
