"""Names that only the one in front of the room may have: those of the role, and the host's own. Pure."""

from collections.abc import Iterable

import regex

from quiz.play.lookalikes import skeleton

ROLES = (
    *("Host", "The Host", "Quizmaster", "Quiz Master", "Moderator", "Mod", "Admin", "Administrator", "Teacher"),
    *("Professor", "Presenter", "System", "Server", "Support", "Staff", "Orbit Quiz", "Orbited"),
    *("Conduttore", "Conduttrice", "Presentatore", "Presentatrice", "Moderatore", "Moderatrice", "Amministratore"),
    *("Amministratrice", "Insegnante", "Professore", "Professoressa", "Prof", "Maestro", "Maestra", "Docente"),
    *("Relatore", "Relatrice", "Sistema", "Assistenza"),
)
"""In English and Italian, for a room reads both."""

DIGITS_AS_LETTERS = str.maketrans("3457@", "eastA")
"""Digits that stand for letters in a word; in a name of their own they are digits (Team 3, Team 4)."""


def is_reserved(name: str, hosts: Iterable[str] = ()) -> bool:
    """Whether the name reads as a role or as one of ``hosts``, whatever stands between and behind its letters."""
    taken = {bare(each) for each in (*ROLES, *hosts)} - {""}
    # Each end is tried alone and with its digits: "Host 2" is a host, and so is "H0st".
    return not taken.isdisjoint({bare(name), bare(regex.sub(r"[\d\W_]+$", "", name))})


def bare(name: str) -> str:
    """The letters of a name's skeleton, digits among them read as the letters that they look like."""
    return regex.sub(r"[\W\d_]", "", skeleton(name.translate(DIGITS_AS_LETTERS)))
