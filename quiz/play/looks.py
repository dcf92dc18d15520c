"""What a page loads for the kinds of question of its game: no more than the game uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.templatetags.static import static

from quiz import kinds


def of(names: Iterable[str]) -> dict[str, Any]:
    """For a page: ``kinds`` by name, each with its look and the address of its script, and all ``looks`` once."""
    found = {name: kinds.named(name).look for name in sorted(names)}
    scripts = {name: {"look": look, "script": static(f"play/kinds/{look}.js")} for name, look in found.items()}
    return {"kinds": scripts, "looks": sorted(set(found.values()))}
