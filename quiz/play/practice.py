"""The practice question of the lobby: a page's answer to it goes the way of all answers, and comes back at once.

It is no answer: nothing is stored or judged. It shows a player how to answer, and that the line carries it. Pure.
"""

from typing import Any

MAX_NAME = 64
"""Characters by which a page knows its try again; a UUID has 36."""


def name_of(data: Any) -> str:  # noqa: ANN401  # whatever JSON holds
    """What a page calls its try, ``{"practice": …}``; empty for what is none."""
    name = data.get("practice") if isinstance(data, dict) and len(data) == 1 else None
    return name if isinstance(name, str) and len(name) <= MAX_NAME and name.isascii() else ""
