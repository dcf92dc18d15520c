"""The rules of a game in words, for those who play it: each sentence says what the code does, no more."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quiz.kinds import Partial
from quiz.play.allowance import EVERYBODYS, NOBODYS_LIMIT
from quiz.play.credit import GAIN_MS, START_MS
from quiz.play.options import Mode, Options, Preset, Ties
from quiz.play.scoring import GRACE_MS, Task, speed
from quiz.play.tally import STREAK_STEP, STREAK_STEPS, Given, Score
from quiz.play.teams import GONE_AFTER


def rules(options: Options, speed_bonus: int, kinds: Collection[str] = ()) -> list[str]:
    """How points and places come about in a game with these options, the most important first.

    ``speed_bonus`` is what ``accuracy`` adds at most in this game (``judging.speed_bonus``), ``kinds`` are those of its
    questions.
    """
    sentences = [*_mode(options), _speed(options.scoring, speed_bonus)]
    if options.streak:
        sentences.append(
            _("Right answers in a row earn extra: %(step)s for the second, up to %(most)s from the sixth on.")
            % {"step": _percent(STREAK_STEP), "most": _percent(STREAK_STEP * STREAK_STEPS)}
        )
    if options.penalty_percent:
        sentences.append(
            _("An answer that earns nothing costs %(percent)s of the question’s points. Nobody falls below 0.")
            % {"percent": f"{options.penalty_percent} %"}
        )
    sentences += [
        _partial(options.partial),
        *_of_kinds(options.partial, kinds),
        _("No answer costs nothing."),
        _ties(options.ties),
    ]
    return sentences if options.scoring is Preset.FLAT and options.ties is Ties.SHARED else [*sentences, _line()]


def _mode(options: Options) -> list[str]:
    """What is special about this way of playing."""
    if options.mode is Mode.TEAMS:
        return _teams()
    if options.mode is Mode.SURVIVAL:
        return _survival(options.lives)
    return _peer() if options.mode is Mode.PEER else []


def _teams() -> list[str]:
    return [
        _("A team earns the mean of what its members earn; who does not answer brings 0."),
        _("Who lets %(questions)s questions in a row go by does not count from the next one on, until they answer.")
        % {"questions": GONE_AFTER},
        _(
            "Who comes later counts from then on; who changes teams takes the answers along, "
            "who is removed counts no more."
        ),
    ]


def _survival(lives: int) -> list[str]:
    return [
        ngettext(
            "One wrong answer, or none in time, and you are out: you watch on. The last one wins.",
            "Each wrong answer, or none in time, costs one of %(lives)s lives; without any you are out and watch on.",
            lives,
        )
        % {"lives": lives},
        _("An answer must be wholly right. Questions without a right answer, or taken out of the count, cost no life."),
        _(
            "Who stays in longer comes first, then who has more points. "
            "The last ones, if they go together, share the place."
        ),
        _("Who comes later has lost the lives of the questions before."),
    ]


def _peer() -> list[str]:
    return [
        _(
            "Each question is voted on twice, with a discussion between. "
            "The second vote earns the points, by its own time."
        ),
        _("Who does not vote again earns nothing. If the answer is shown after the first vote, that one counts."),
    ]


def _speed(preset: Preset, bonus: int) -> str:
    grace = {"seconds": seconds(GRACE_MS, 1)}
    if preset is Preset.CLASSIC:
        return (
            _(
                "A right answer earns all its points at once, half of them at the last moment; "
                "the first %(seconds)s seconds cost nothing."
            )
            % grace
        )
    if preset is Preset.CALM:
        return (
            _(
                "A right answer earns three fifths of its points for sure and the rest by speed; "
                "the first %(seconds)s seconds cost nothing."
            )
            % grace
        )
    if preset is Preset.ACCURACY and bonus:
        return _(
            "A right answer earns all its points, and at most %(bonus)s more for speed. More right answers always win: "
            "speed decides only between players whose right answers are worth the same."
        ) % {"bonus": whole(bonus)}
    return _("A right answer earns all its points, however long it takes.")


def _partial(partial: Partial) -> str:
    return {
        Partial.NONE: _("Where several options are right, choose all of them and no other."),
        Partial.BALANCED: _(
            "Where several options are right, each right one chosen earns its share, and each wrong one takes one away."
        ),
        Partial.LENIENT: _(
            "Where several options are right, each right one chosen earns its share; wrong ones take nothing away."
        ),
    }[partial]


def _of_kinds(partial: Partial, kinds: Collection[str]) -> list[str]:
    """What is right, and what a part of it is worth, in kinds that do not say so themselves."""
    sentences = {"number": _number, "order": _order, "match": _match}
    return [sentence(partial) for kind, sentence in sentences.items() if kind in kinds]


def _number(partial: Partial) -> str:
    if partial is Partial.NONE:
        return _("A number is right within the tolerance of its question; one that is only near earns nothing.")
    return _(
        "A number is right within the tolerance of its question. Where near ones count, a number that is d beyond it "
        "earns 1 − (d ÷ range)² of the points, and nothing from the end of the range on."
    )


def _order(partial: Partial) -> str:
    return {
        Partial.NONE: _("An order must be right from the first to the last."),
        Partial.BALANCED: _(
            "In an order, each two right neighbours earn a share if the first comes before the second, "
            "and take one away if not."
        ),
        Partial.LENIENT: _("In an order, each two right neighbours earn a share if the first comes before the second."),
    }[partial]


def _match(partial: Partial) -> str:
    return {
        Partial.NONE: _("Of pairs, all must be right."),
        Partial.BALANCED: _("Of pairs, each right one earns its share, and each wrong one takes one away."),
        Partial.LENIENT: _("Of pairs, each right one earns its share."),
    }[partial]


def _ties(ties: Ties) -> str:
    if ties is Ties.SHARED:
        return _("Equal points share the place: after two on the second comes the fourth.")
    return _(
        "With equal points, more right answers come first, then less time for them in all; "
        "who is equal in that too shares the place."
    )


def _line() -> str:
    return _(
        "What an answer loses on its way over a slow line is given back: up to %(gain)s seconds in each question, and "
        "%(start)s seconds more in the whole game."
    ) % {"gain": seconds(GAIN_MS, 1), "start": seconds(START_MS - GAIN_MS, 1)}


def _percent(part: Fraction) -> str:
    return f"{whole(int(part * 100))} %"


def own_time(allowance: int, options: Options) -> list[str]:
    """What a player should know, and nobody else, who has more time than the others."""
    if allowance == EVERYBODYS:
        return []
    if allowance == NOBODYS_LIMIT:
        sentences = [_("Your questions have no deadline: they are open until the host ends them.")]
        counts = _("No answer of yours counts as slower than half of the others’ time.")
    else:
        times = number_format(Decimal(allowance) / EVERYBODYS)
        sentences = [_("You have %(times)s times as long as the others.") % {"times": times}]
        counts = _("Your time counts as the same part of yours as theirs is of theirs.")
    return [*sentences, counts] if options.scoring is not Preset.FLAT else sentences


def formula(task: Task, given: Given, score: Score, options: Options) -> str:
    """The points of an answer in numbers, as one can reckon them on paper; empty where it earned none."""
    if not score.earned:
        return ""
    worth = _worth(task, given.elapsed_ms - score.credit_ms, options)
    part = "" if score.credit == 1 else f"{score.credit.numerator}/{score.credit.denominator} × "
    worth = f"({worth})" if part and " " in worth else worth
    if not part and " " not in worth:
        return worth
    return f"{part}{worth} = {whole(score.earned)}"


def _worth(task: Task, counted_ms: int, options: Options) -> str:
    points, late = whole(task.points), _lateness(counted_ms, task.limit_ms)
    if options.scoring is Preset.CLASSIC and late:
        return f"{points} × (1 − 1/2 × {late})"
    if options.scoring is Preset.CALM and late:
        return f"{points} × (1 − 2/5 × {late})"
    if options.scoring is Preset.ACCURACY and task.speed_bonus:
        bonus = whole(task.speed_bonus)
        return f"{points} + {bonus} × (1 − {late})" if late else f"{points} + {bonus}"
    return points


def _lateness(elapsed_ms: int, limit_ms: int) -> str:
    """The part of the time that was used up, after the grace; empty for an answer within it."""
    if speed(elapsed_ms, limit_ms) == Fraction(1):
        return ""
    used_ms = min(elapsed_ms, limit_ms) - GRACE_MS
    return f"{seconds(used_ms)} / {seconds(limit_ms - GRACE_MS)}"


def account(task: Task, given: Given | None, score: Score) -> list[str]:
    """What one question did to one player, in sentences."""
    if task.voided:
        return [_("This question does not count.")]
    if not task.is_judged:
        return [_("Nothing is right or wrong here, and nothing was to be earned.")]
    if given is None:
        return [_("No answer.")]
    sentences = [_verdict(given, score)]
    if score.credit_ms:
        sentences.append(
            _("%(seconds)s seconds of that are the line’s and do not count.") % {"seconds": seconds(score.credit_ms)}
        )
    if score.streak_bonus:
        sentences.append(
            _("%(streak)s right answers in a row: %(points)s extra.")
            % {"streak": score.streak, "points": whole(score.streak_bonus)}
        )
    if score.penalty:
        sentences.append(_("It costs %(points)s.") % {"points": whole(score.penalty)})
        if -score.change < score.penalty:
            sentences.append(_("The total stays at 0."))
    return sentences


def _verdict(given: Given, score: Score) -> str:
    after = {"seconds": seconds(given.elapsed_ms)}
    if score.right:
        return _("Right after %(seconds)s seconds.") % after
    if score.credit:
        return _("Partly right after %(seconds)s seconds.") % after
    return _("Not right, after %(seconds)s seconds.") % after


def whole(value: int) -> str:
    """A whole number as the page's language writes it."""
    return number_format(value, decimal_pos=0, force_grouping=True)


def seconds(ms: int, digits: int = 3) -> str:
    """Milliseconds as seconds, as the page's language writes them."""
    return number_format(ms / 1000, decimal_pos=digits)
