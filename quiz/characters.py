"""Characters of what people write and others read: what hides, piles up or turns a line round is refused. Pure."""

import unicodedata

import regex

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
"""More marks than that, also with joiners between them, in a text whose letters are taken apart."""

UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\u2800]")
"""What draws nothing: joiners, variation selectors, fillers, the blank of Braille."""

HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
VISIBLE_CATEGORIES = ("L", "N", "P", "S")


def has_tricks(text: str) -> bool:
    """Whether a text in NFKC has control, direction or invisible characters without need, or piles of marks."""
    plain = NEEDED.sub("", text)
    return any(map(_is_hidden, plain)) or PILE.search(unicodedata.normalize("NFD", text)) is not None


def can_be_seen(text: str) -> bool:
    """Whether there is a letter, a number or a sign in it."""
    return any(unicodedata.category(character)[0] in VISIBLE_CATEGORIES for character in NEEDED.sub("", text))


def key(text: str) -> str:
    """Equal for two texts that differ in case, compatibility forms and joiners alone."""
    return regex.sub(f"[{JOINERS}]", "", unicodedata.normalize("NFKC", text)).casefold()


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in HIDDEN_CATEGORIES or UNSEEN.match(character) is not None
