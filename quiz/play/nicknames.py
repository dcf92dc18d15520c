"""Nicknames: what may be one, and when two are the same. Pure."""

import unicodedata

import regex

from quiz.play.lookalikes import UNSEEN

MAX_GRAPHEMES = 24
"""What a reader counts as characters; longer names break the lists on a phone."""

MAX_CODE_POINTS = 120
"""Of what was typed, looked at before anything else, so that a hostile name costs nothing, and of what is shown, which
has to fit into its column: 24 emoji of three persons need no more."""

MAX_MARKS = 2
"""Combining marks on one letter; more of them climb over the lines above."""

JOINERS = "\u200c\u200d"
"""Zero width joiner and non-joiner: needed inside emoji and in some scripts."""

VARIANTS = "\ufe0e\ufe0f"
"""Behind a symbol: as text, as emoji."""

JOINED = "".join(
    rf"\p{{Script={script}}}"
    for script in (
        *("Arabic", "Syriac", "Mongolian", "Nko", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil"),
        *("Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar", "Tibetan"),
    )
)
"""Scripts in which a joiner changes what is seen (UAX31 section 2.3)."""

NEEDED = regex.compile(
    rf"(?<=[{JOINED}])[{JOINERS}](?=[{JOINED}])"
    rf"|(?<=[\p{{Extended_Pictographic}}\p{{Emoji_Modifier}}{VARIANTS}])\u200d(?=\p{{Extended_Pictographic}})"
    rf"|(?<=[\p{{Emoji}}])[{VARIANTS}]"
)
"""Characters that draw nothing themselves, in the places where they do something."""

PILE = regex.compile(rf"(\p{{M}}[{JOINERS}]*){{{MAX_MARKS + 1},}}")
"""More marks than that, also with joiners between them, in a name whose letters are taken apart."""

HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
VISIBLE_CATEGORIES = ("L", "N", "P", "S")


class NicknameError(ValueError):
    """Not a nickname; ``code`` says why and is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean(raw: str) -> str:
    """The nickname as it will be shown (NFKC, single blanks); raises :class:`NicknameError`."""
    if len(raw) > MAX_CODE_POINTS:
        raise NicknameError("nickname-too-long")
    name = " ".join(unicodedata.normalize("NFKC", raw).split(" ")).strip(" ")
    name = regex.sub(" +", " ", name)
    plain = NEEDED.sub("", name)
    if any(_is_hidden(character) for character in plain) or PILE.search(unicodedata.normalize("NFD", name)):
        raise NicknameError("nickname-bad-characters")
    if not any(unicodedata.category(character)[0] in VISIBLE_CATEGORIES for character in plain):
        raise NicknameError("nickname-empty")
    if len(regex.findall(r"\X", name)) > MAX_GRAPHEMES or len(name) > MAX_CODE_POINTS:
        raise NicknameError("nickname-too-long")
    return name


def key(name: str) -> str:
    """Equal for two names that differ in case, compatibility forms and joiners alone."""
    return regex.sub(f"[{JOINERS}]", "", unicodedata.normalize("NFKC", name)).casefold()


def numbered(name: str, number: int) -> str:
    """``name`` with a number behind it, still short enough: what we suggest to the second Ada."""
    tail = f" {number}"
    graphemes = regex.findall(r"\X", name)
    return f"{''.join(graphemes[: MAX_GRAPHEMES - len(tail)])}{tail}"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in HIDDEN_CATEGORIES or UNSEEN.match(character) is not None
