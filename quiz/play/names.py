"""Friendly nicknames to suggest to those who have no idea."""

import secrets

WORDS = {
    "en": (
        ("Bright", "Calm", "Curious", "Daring", "Gentle", "Golden", "Lucky", "Merry", "Nimble", "Silver", "Swift"),
        ("Aurora", "Comet", "Corona", "Eclipse", "Galaxy", "Meteor", "Moon", "Nebula", "Orbit", "Pulsar", "Star"),
        "{adjective} {noun}",
    ),
    "it": (
        ("Allegra", "Brillante", "Celeste", "Curiosa", "Felice", "Gentile", "Quieta", "Serena", "Veloce", "Vivace"),
        ("Aurora", "Cometa", "Costellazione", "Galassia", "Luna", "Meteora", "Nebulosa", "Orbita", "Stella"),
        "{noun} {adjective}",
    ),
}


def friendly(language: str | None) -> str:
    """A name like "Swift Comet", in the reader's language where we have words for it."""
    adjectives, nouns, pattern = WORDS.get((language or "en")[:2], WORDS["en"])
    return pattern.format(adjective=secrets.choice(adjectives), noun=secrets.choice(nouns))
