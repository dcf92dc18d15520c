"""Names that a reader takes for each other: the skeleton of a text. Pure.

Unicode TR39 (version 17) section 4 calls two texts confusable when their skeletons are equal. Its table has more than
six thousand rows, most of them for scripts that nobody mixes; this one has what a phone's keyboard or a generator of
"fancy letters" offers in the place of a Latin letter. It goes further in one point: names are compared without case,
so capitals and small letters that look like a Latin one count alike. docs/decisions/0043-names-that-look-alike.md
"""

import unicodedata

from quiz.characters import UNSEEN

ALIKE = {
    "a": "ΑАᎪꓮᗅᴀɑαа∂",
    "b": "ΒВᏴᗷꓐʙƄЬᏏвβƀ",
    "c": "СϹᏟꓚⲤᴄсϲⲥꮯ¢",
    "d": "ᎠꓓᗞᴅԁᏧᑯ",
    "e": "ΕЕᎬꓰⴹᴇеҽꬲɛεє℮€",
    "f": "ϜꓝᖴꞘꜰꬵƒք",
    "g": "ꓖԌᏀᏳɢɡᶃցƍ",
    "h": "ΗНᎻꓧᕼⲎʜһհᏂн",
    "j": "ЈᎫꓙᒍͿᴊϳј",
    "k": "ΚКᏦꓗⲔᴋκкᛕ",
    "l": "ΙІӀᏞꓡꓲⲒⵏɪʟıɩιіӏᎥꙇƖǀ1iI|!¡ł",
    "n": "ΝꓠⲚɴոռηп",
    "o": "ΟОՕꓳⲞᴏοоօσⲟഠဝ0",
    "p": "ΡРᏢꓑⲢᑭᴘρрⲣϸ",
    "q": "ԚⵕԛգզϙꝘ",
    "r": "ᎡᏒꓣᖇʀᴦгꮁⲅ®",
    "rn": "ΜМᎷꓟⲘᗰϺᴍмm",
    "s": "ЅՏᏕꓢꜱѕƽꮪ$§",
    "t": "ΤТᎢꓔⲦᴛτт†",
    "u": "Սꓴᑌᴜυսʋ",
    "v": "ѴᏙꓦᐯⴸᴠνѵⱱꮩ",
    "vv": "ԜᎳꓪᏔᴡѡԝաɯꮃwшω",
    "x": "ΧХꓫⲬᚷхᕁχ×",
    "y": "ΥҮⲨꓬᎩᎽʏүуγყỿ",
    "z": "ΖꓜⲌᏃᴢꮓʐ",
    "ae": "æӕӔ",
    "oe": "œ",
    "3": "ЗӠзʒƷȜ",
    "6": "б",
    "8": "Ȣȣ",
    "'": "\u2018\u2019\u02bc\u02b9\u00b4`\u2032\u05f3",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7_",
    ".": "\u00b7\u2022\u2024\u30fb",
}
"""What is read as a Latin letter; small i and l are one, for the capital of the first is the picture of the second."""

LETTERS = str.maketrans({other: letter for letter, others in ALIKE.items() for other in others})


def skeleton(text: str) -> str:
    """The same for two texts that a reader takes for one. For comparing only: nobody should have to see it."""
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    # First as they look, because capitals may look like other letters than their small ones; then without case.
    letters = _latin(_latin(plain).casefold())
    return unicodedata.normalize("NFC", letters)


def _latin(text: str) -> str:
    return "".join(map(_western_digit, unicodedata.normalize("NFD", text))).translate(LETTERS)


def _western_digit(character: str) -> str:
    return str(value) if (value := unicodedata.decimal(character, None)) is not None else character
