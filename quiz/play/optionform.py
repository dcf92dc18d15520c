"""The options of a game in words, for the author who starts one. What they mean and allow is in ``options.py``."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quiz.play.options import Options

MAX_KEPT = 400
"""Characters of one option that come back with a refused form: about twice the longest that there is."""

_ACCURATE = _("Accuracy first goes without it.")
_ELSE = _("A game cannot have this.")


@dataclass(frozen=True, slots=True)
class Wording:
    """How one option is asked for: its label, the words of its values where it has some, what else there is, and what
    is said when it is refused.
    """

    label: Promise
    values: dict[str, Promise] = field(default_factory=dict)
    help: Promise | str = ""
    refused: Promise = _ELSE


@dataclass(frozen=True, slots=True)
class Control:
    """One option as the template shows it; ``kind`` is ``choice``, ``switch``, ``number`` or ``text``.

    ``value`` is its default, or what a form that came back had.
    """

    name: str
    kind: str
    value: object
    wording: Wording
    least: int = 0
    most: int = 0
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that came back: what it had, in its words, and the option that no game can have, if it was one."""

    form: Mapping[str, str]
    option: str

    @classmethod
    def of(cls, form: Mapping[str, str], option: str) -> "Refused":
        """Of what came only what an option may need."""
        known = {option.name for option in fields(Options)}
        return cls({name: text[:MAX_KEPT] for name, text in form.items() if name in known}, option)


GROUPS: dict[Promise, dict[str, Wording]] = {
    _("Way of playing"): {
        "mode": Wording(
            _("The game is played"),
            {
                "host": _("together: the host leads, everybody for themselves"),
                "teams": _("in teams, each on the own phone"),
                "survival": _("for survival: who is wrong is out and watches on"),
                "peer": _("as peer instruction: vote, discuss, vote again"),
                "self": _("by everybody alone, at their own pace"),
            },
        ),
        "teams": Wording(_("In teams: so many of them")),
        "teaming": Wording(
            _("In teams: players"), {"chosen": _("choose theirs in the lobby"), "dealt": _("are dealt evenly")}
        ),
        "team_names": Wording(
            _("In teams: their names"),
            help=_("With commas between them, each of at most 24 characters. Teams without one are constellations."),
            refused=_("Not more names than teams, no two alike, and none of more than 24 characters."),
        ),
        "lives": Wording(_("For survival: so many lives")),
        "discuss_s": Wording(_("Peer instruction: so many seconds to discuss; 0: until the host goes on")),
        "timed": Wording(_("Alone: each question has its time limit")),
        "solutions": Wording(
            _("Alone: what was right is shown"),
            {"each": _("after each question"), "closed": _("when the game has closed")},
        ),
        "shuffled": Wording(_("Alone: everybody gets the questions in another order")),
    },
    _("Points"): {
        "scoring": Wording(
            _("What speed counts"),
            {
                "classic": _("Classic: up to half of the points"),
                "calm": _("Calm: up to two fifths of the points"),
                "accuracy": _("Accuracy first: more right answers always win"),
                "flat": _("Flat: nothing"),
            },
            _(
                "Accuracy first goes without extra for rows, without penalties, "
                "and without points for partly right answers: "
                "each of them could let somebody with fewer right answers win."
            ),
        ),
        "streak": Wording(_("Right answers in a row earn extra"), refused=_ACCURATE),
        "penalty_percent": Wording(_("A wrong answer costs so much of its points, in %"), refused=_ACCURATE),
        "partial": Wording(
            _("Partly right answers: of several right options, orders, pairs, near numbers"),
            {
                "none": _("earn nothing"),
                "balanced": _("earn the right ones less the wrong ones"),
                "lenient": _("earn the right ones"),
            },
            _("With the last of these, who chooses everything earns everything."),
            _ACCURATE,
        ),
        "ties": Wording(
            _("Players with equal points"),
            {
                "shared": _("share the place"),
                "broken": _("come in the order of right answers, then of their time"),
            },
        ),
    },
    _("Pace"): {
        "countdown_s": Wording(_("Countdown, in seconds")),
        "reading": Wording(
            _("A question stands alone before its choices"),
            {"words": _("as long as its words take"), "fixed": _("always equally long")},
        ),
        "reading_s": Wording(_("If always equally long: so many seconds")),
        "explanation": Wording(_("Show explanations")),
        "standings_every": Wording(_("Standings after so many questions; 0: only at the end")),
        "advance_s": Wording(_("Go on without the host after so many seconds; 0: never")),
        "late_join": Wording(_("Let people in after the start")),
        "pause_alone_s": Wording(
            _("Pause when no host’s screen is there for so many seconds; 0: never"),
            help=_("At least 90: browsers seldom wake a screen that is behind another window."),
        ),
    },
    _("Phones"): {
        "phone_text": Wording(
            _("Phones show"),
            {
                "full": _("the question and its options"),
                "options": _("the options: the question is on the big screen"),
                "letters": _("letters, shapes and colours: all texts are on the big screen"),
            },
            _("Kinds of question whose options have no letters keep the texts of their options."),
        ),
        "own_text": Wording(
            _("Who needs it may have all texts on the own phone"),
            help=_("With a screen reader, or from a seat far away. Nobody else hears of it."),
        ),
    },
    _("People"): {
        "names": Wording(_("Names"), {"own": _("everybody’s own"), "friendly": _("friendly ones, to choose from")}),
        "words": Wording(
            _("Unwanted words in names"),
            {"off": _("are let through"), "mild": _("are refused"), "strict": _("are refused, mild ones too")},
            help=_("Typed answers and open texts with such words are not shown to the room."),
        ),
        "approve": Wording(_("The host lets everybody in by hand")),
    },
}
"""All options by group, in the order shown."""


def controls(refused: Refused | None = None) -> Iterator[tuple[Promise, list[Control]]]:
    """Each group's legend and its controls, with the defaults or as a form had them that came back."""
    known = {option.name: option for option in fields(Options)}
    for legend, wordings in GROUPS.items():
        yield legend, [_control(known[name], wording, refused) for name, wording in wordings.items()]


def _control(option: "Field[object]", wording: Wording, refused: Refused | None) -> Control:
    text = refused.form.get(option.name) if refused else None
    value = option.default if text is None else text
    is_refused = refused is not None and refused.option == option.name
    if wording.values:
        return Control(option.name, "choice", value, wording, is_refused=is_refused)
    if isinstance(option.default, bool):
        return Control(option.name, "switch", value in (True, "true"), wording, is_refused=is_refused)
    kind = "text" if isinstance(option.default, str) else "number"
    return Control(option.name, kind, value, wording, is_refused=is_refused, **option.metadata)
