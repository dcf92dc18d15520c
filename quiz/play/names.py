"""Friendly nicknames, for those who have no idea and for games that take no others."""

import re
import secrets

from quiz.languages import SOURCE
from quiz.play.lookalikes import skeleton

WORDS = {
    "en": (
        (
            *("Bright", "Calm", "Clever", "Cosmic", "Curious", "Daring", "Eager", "Gentle", "Golden"),
            *("Happy", "Jolly", "Lucky", "Merry", "Mighty", "Nimble", "Quiet", "Rapid", "Silver"),
            *("Sunny", "Swift", "Witty"),
        ),
        (
            *("Asteroid", "Aurora", "Comet", "Corona", "Crater", "Eclipse", "Galaxy", "Lander", "Meteor"),
            *("Moon", "Nebula", "Nova", "Orbit", "Planet", "Pulsar", "Quasar", "Ring", "Rocket", "Rover"),
            *("Star", "Sun"),
        ),
        "{adjective} {noun}",
    ),
    "it": (
        (
            *("Allegra", "Audace", "Brillante", "Celeste", "Curiosa", "Dorata", "Felice", "Gentile"),
            *("Leggera", "Luminosa", "Quieta", "Radiosa", "Rapida", "Saggia", "Serena", "Silente"),
            *("Tenace", "Veloce", "Vivace"),
        ),
        (
            *("Aurora", "Cometa", "Costellazione", "Eclisse", "Galassia", "Luna", "Meteora", "Navicella"),
            *("Nebulosa", "Nova", "Orbita", "Scia", "Sonda", "Stella", "Supernova"),
        ),
        "{noun} {adjective}",
    ),
}

MAX_NUMBER_DIGITS = 3
"""Behind a name that is given a second time."""


def friendly(language: str | None) -> str:
    """A name like "Swift Comet", in the reader's language where we have words for it."""
    adjectives, nouns, pattern = WORDS.get((language or SOURCE).partition("-")[0], WORDS[SOURCE])
    return pattern.format(adjective=secrets.choice(adjectives), noun=secrets.choice(nouns))


def is_friendly(name: str) -> bool:
    """Whether we could have made it, with a number behind it perhaps."""
    plain = re.sub(rf" \d{{1,{MAX_NUMBER_DIGITS}}}$", "", name)
    return skeleton(plain) in _SKELETONS


_SKELETONS = {
    skeleton(pattern.format(adjective=adjective, noun=noun))
    for adjectives, nouns, pattern in WORDS.values()
    for adjective in adjectives
    for noun in nouns
}
