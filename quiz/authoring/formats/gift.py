"""Moodle's GIFT: choice, true/false, short answers, numbers, matching and essays (docs.moodle.org, "GIFT format").

Items stand between empty lines. An item is ``::title:: [format] text { answers }``. Right options begin with ``=`` and
wrong ones with ``~``, each with an optional ``%weight%`` and ``#feedback``; ``####general feedback`` ends the list and
becomes the explanation. ``\\`` escapes what would otherwise have a meaning. A list that begins with ``#`` is of
numbers, as ``1822:5`` or ``1817..1827``; one of ``=item -> partner`` is a matching. Plain text is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from quiz.kinds import figures
from quiz.kinds.language import Language
from quiz.kinds.open import TEXT
from quiz.kinds.typed import MAX_SPELLINGS

from ..rules import MAX_CHOICES, ChoiceDraft, QuestionDraft
from .contract import Found, Note, changed, left_out
from .markup import plain_text

MISSING_WORD = "_____"

_ESCAPE = r"\\[\\~=#{}:n]"
_ESCAPED = re.compile(_ESCAPE)
_SIGNS = re.compile(
    r"^[ \t]*(?:::|\$CATEGORY:)|(?<!\\)\{\s*(?:[=~#}%]|TRUE\b|FALSE\b|[TF]\b)", re.MULTILINE | re.IGNORECASE
)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)%")
_FULL_WEIGHT = 100.0  # percent


@dataclass(frozen=True, slots=True)
class _Option:
    text: str
    weight: float  # percent of the question's points; 100 for "=", 0 for "~"
    feedback: str


def matches(text: str) -> bool:
    """Tell whether a text is in this format."""
    return bool(_SIGNS.search(text))


def parse(text: str, language: Language) -> Iterator[Found | Note]:
    """Read the questions of a file; see ``contract.py``."""
    for line, item in _items(text):
        if item.startswith("$CATEGORY:"):
            yield left_out(line, "category", text=item.removeprefix("$CATEGORY:").strip()[:80])
        else:
            yield from _read(line, item, language)


def _items(text: str) -> Iterator[tuple[int, str]]:
    """Yield the items of a file and the lines on which they begin; a category is an item on its own."""
    start = 0
    rows: list[str] = []
    for line, row in enumerate([*text.split("\n"), ""], 1):
        if row.lstrip().startswith("//"):
            continue
        is_category = row.lstrip().startswith("$CATEGORY:")
        if rows and (is_category or not row.strip()):
            yield start, "\n".join(rows)
            rows = []
        if is_category:
            yield line, row.strip()
        elif row.strip():
            start = start if rows else line
            rows.append(row)


def _read(line: int, item: str, language: Language) -> Iterator[Found | Note]:
    text, answers, after = _braces(_without_title(item))
    if answers is None or after is None:
        yield left_out(line, "no-answers" if answers is None else "brace-not-closed")
    else:
        markup = match[1].lower() if (match := _FORMAT.match(text)) else ""
        text = text[match.end() :] if match else text
        yield from _questions(line, _with_gap(text, after), answers, markup, language)


def _questions(line: int, text: str, answers: str, markup: str, language: Language) -> Iterator[Found | Note]:
    body, general = _cut(answers, "####")
    if not body.strip():
        yield from _open_question(line, [text, general or ""], markup)
    elif body.lstrip().startswith("#"):
        yield from _number_question(line, [text, general or ""], body.lstrip()[1:], markup, language)
    elif _is_matching(body):
        yield from _match_question(line, [text, general or ""], body, markup)
    else:
        yield from _choice_question(line, text, answers, markup, language)


def _without_title(item: str) -> str:
    if not item.lstrip().startswith("::"):
        return item
    _, rest = _cut(item.lstrip().removeprefix("::"), "::")
    return item if rest is None else rest


def _braces(item: str) -> tuple[str, str | None, str | None]:
    """Split an item into what stands before, between and after the braces; None where there is none."""
    before, answers = _cut(item, "{")
    if answers is None:
        return before, None, None
    between, after = _cut(answers, "}")
    return before, between, after


def _with_gap(before: str, after: str) -> str:
    if not after.strip():
        return before.strip()
    return f"{before.rstrip()} {MISSING_WORD} {after.strip()}".strip()


def _is_matching(body: str) -> bool:
    is_statement = _TRUTH.fullmatch(_cut(body, "#")[0])
    return not is_statement and _cut(body, "~")[1] is None and "->" in body and _cut(body, "=")[1] is not None


def _open_question(line: int, texts: list[str], markup: str) -> Iterator[Found | Note]:
    """What Moodle calls an essay: nothing is right in it."""
    (text, explanation), lost = _plain(texts, markup)
    yield from _losses(line, [], lost)
    yield Found(line, QuestionDraft(text, (), explanation, kind="open", data={"form": TEXT, "entries": 1}))


def _choice_question(line: int, text: str, answers: str, markup: str, language: Language) -> Iterator[Found | Note]:
    body, general = _cut(answers, "####")
    truth, feedback = _cut(body, "#")
    is_statement, is_typed = bool(_TRUTH.fullmatch(truth)), _cut(body, "~")[1] is None
    if is_statement:
        options = _true_and_false(truth.strip()[0] in "Tt", feedback or "", language)
    else:
        marks = _marks(body)
        code, maximum = ("too-many-spellings", MAX_SPELLINGS) if is_typed else ("too-many-choices", MAX_CHOICES)
        if len(marks) > maximum:  # said here, before anything is made of what may be a hundred thousand
            yield left_out(line, code, maximum=maximum, count=len(marks))
            return
        options = _options(body, marks) if marks else [_option("=", body)]
    right = _right_weights(options)
    texts = [text, general or "", *(option.text for option in options)]
    (text, explanation, *choices), lost = _plain(texts, markup)
    yield from _losses(line, options, lost)
    drafts = tuple(ChoiceDraft(choice, option.weight in right) for choice, option in zip(choices, options, strict=True))
    if is_statement:
        yield Found(line, QuestionDraft(text, drafts, explanation, kind="truefalse"))
    elif is_typed:
        accepted = [draft.text for draft in drafts if draft.right]
        data = {"accepted": accepted, "case": False, "near": False}
        yield Found(line, QuestionDraft(text, (), explanation, kind="typed", data=data))
    else:
        yield Found(line, QuestionDraft(text, drafts, explanation))


def _number_question(line: int, texts: list[str], body: str, markup: str, language: Language) -> Iterator[Found | Note]:
    marks = _marks(body)
    options = _options(body, marks) if marks else [_option("=", body)]
    right = _right_weights(options)
    first, *others = [option for option in options if option.weight in right] or options
    if others:
        yield changed(line, "further-number")
    (text, explanation), lost = _plain(texts, markup)
    yield from _losses(line, options, lost)
    try:
        value, tolerance = _span(first.text)
    except figures.NotANumber:
        yield left_out(line, "numerical")
        return
    data = {"value": value, "tolerance": tolerance, "percent": False, "range": None, "unit": ""}
    data["decimal"] = language.decimal
    yield Found(line, QuestionDraft(text, (), explanation, kind="number", data=data))


def _span(text: str) -> tuple[figures.Number, figures.Number]:
    """The number in the middle, and how far from it is still right, of ``5``, ``5:2`` or ``3..7``; ``NotANumber``."""
    low, between, high = text.partition("..")
    if between:
        ends = [figures.exact(figures.read(end, ".")) for end in (low, high)]
        middle, half = sum(ends, Fraction(0)) / 2, (ends[1] - ends[0]) / 2
        return figures.number(float(middle)), figures.number(float(half))
    value, _, tolerance = text.partition(":")
    return figures.read(value, "."), figures.read(tolerance or "0", ".")


def _match_question(line: int, texts: list[str], body: str, markup: str) -> Iterator[Found | Note]:
    options = _options(body, _marks(body))
    pairs = [_cut(option.text, "->") for option in options]
    if any(partner is None for _, partner in pairs):
        yield left_out(line, "matching")
        return
    asked = [(item, partner or "") for item, partner in pairs if item.strip()]
    if len(asked) < len(pairs):
        yield changed(line, "partner-of-nothing")
    if len(asked) > MAX_CHOICES:
        yield left_out(line, "too-many-choices", maximum=MAX_CHOICES, count=len(asked))
        return
    (text, explanation, *both), lost = _plain([*texts, *(text for pair in asked for text in pair)], markup)
    yield from _losses(line, options, lost)
    items = tuple(ChoiceDraft(item, right=False) for item in both[::2])
    yield Found(line, QuestionDraft(text, items, explanation, kind="match", data={"partners": both[1::2]}))


def _losses(line: int, options: list[_Option], lost: bool) -> Iterator[Note]:
    """What of the options, and of the markup if ``lost``, is not taken over."""
    right = _right_weights(options)
    if any(option.weight > 0 and option.weight not in right for option in options):
        yield changed(line, "partly-right-option")
    if any(option.feedback.strip() for option in options):
        yield changed(line, "option-feedback")
    if lost:
        yield changed(line, "markup-removed")


def _true_and_false(is_true: bool, feedback: str, language: Language) -> list[_Option]:
    return [
        _Option(language.true, _FULL_WEIGHT if is_true else 0, feedback),
        _Option(language.false, 0 if is_true else _FULL_WEIGHT, ""),
    ]


def _marks(body: str) -> list[re.Match[str]]:
    return [match for match in re.finditer(rf"{_ESCAPE}|[=~]", body) if match[0] in "=~"]


def _options(body: str, marks: list[re.Match[str]]) -> list[_Option]:
    ends = [match.start() for match in marks[1:]] + [len(body)]
    return [_option(mark[0], body[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]


def _option(mark: str, text: str) -> _Option:
    weight = _WEIGHT.match(text)
    text, feedback = _cut(text[weight.end() :] if weight else text, "#")
    default = _FULL_WEIGHT if mark == "=" else 0
    return _Option(text, float(weight[1]) if weight else default, feedback or "")


def _right_weights(options: list[_Option]) -> set[float]:
    """Return the weights that make an option right: the full one where there is one, else every share above nothing."""
    weights = {option.weight for option in options if option.weight > 0}
    return {weight for weight in weights if weight >= _FULL_WEIGHT} or weights


def _plain(texts: list[str], markup: str) -> tuple[list[str], bool]:
    """Take escapes and markup out of texts; tell whether more than plain text was lost."""
    results = []
    any_lost = False
    for text in texts:
        own = _FORMAT.match(text)
        text = _ESCAPED.sub(_unescape, text[own.end() :] if own else text).strip()
        if (own[1].lower() if own else markup) == "html":
            text, lost = plain_text(text)
            any_lost |= lost
        results.append(text)
    return results, any_lost


def _unescape(match: re.Match[str]) -> str:
    return "\n" if match[0] == r"\n" else match[0][1]


def _cut(text: str, mark: str) -> tuple[str, str | None]:
    """Split a text at the first unescaped mark; the second half is None where there is none."""
    for match in re.finditer(rf"{_ESCAPE}|{re.escape(mark)}", text):
        if match[0] == mark:
            return text[: match.start()], text[match.end() :]
    return text, None
