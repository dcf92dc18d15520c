"""What the documentation says of the code is so: its files, names, tables, settings and the drawing of the states."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from quiz import play
from quiz.play.states import IN_PLAY, TRANSITIONS, Move, Phase

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()

LINK = re.compile(r"\]\(([^)#]+)|(?:src|srcset)=\"([^\"]+)")
PATH = re.compile(r"`((?:quiz|orbited|stomp_broker|static|templates|tests|bench|tools|docs)(?:/[\w.-]+)+/?)`")
TEST = re.compile(r"`(tests/[\w/.]+)::(?:\w+::)?(\w+)`")
STEP = re.compile(r"^\| \d+ \| `([^`]+)` \| `#?(\w+)` \|", re.MULTILINE)
ARROW = re.compile(r"^ +(\w+) --> (\w+): (\w+)$", re.MULTILINE)
SETTING = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]+)`)? ?\|", re.MULTILINE)


def phases(name: str) -> list[Phase]:
    """The phases that a name in the drawing stands for."""
    return list(IN_PLAY) if name == "in_play" else [Phase(name)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(page):
    text = page.read_text()
    links = {a or b for a, b in LINK.findall(text)}
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    missing += [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_that_is_named_is_there(page):
    named = TEST.findall(page.read_text())
    assert [(file, name) for file, name in named if f"def {name}(" not in (ROOT / file).read_text()] == []


def test_each_complaint_names_a_test():
    rows = re.findall(r"^\| (\d+) \|(.*)$", (ROOT / "docs/why.md").read_text(), re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 26))
    assert [number for number, row in rows if not TEST.search(row)] == []


def test_steps_name_what_stands_in_their_files():
    steps = STEP.findall(ARCHITECTURE)
    assert len(steps) > 25
    assert [(file, name) for file, name in steps if not re.search(rf"\b{name}\b", (ROOT / file).read_text())] == []


def test_drawing_shows_the_moves_of_the_state_table():
    drawn = {
        (phase, Move(move), after)
        for before, end, move in ARROW.findall(ARCHITECTURE)
        for phase in phases(before)
        for after in phases(end)
    }
    assert drawn == {(phase, move, end) for (phase, move), end in TRANSITIONS.items() if phase != end}


def test_list_below_it_shows_the_moves_that_change_no_phase():
    rows = re.findall(r"^\| `(\w+)` \| ([a-z_, ]+) \|$", ARCHITECTURE, re.MULTILINE)
    listed = {(phase, Move(move)) for move, names in rows for name in names.split(", ") for phase in phases(name)}
    assert listed == {move for move, end in TRANSITIONS.items() if move[0] == end}


def test_every_table_of_ours_is_described():
    models = [model for name in ("authoring", "live", "play") for model in apps.get_app_config(name).get_models()]
    described = re.findall(r"`((?:authoring|live|play)_[a-z]+)`", ARCHITECTURE)
    assert set(described) == {model._meta.db_table for model in models}


def test_the_list_of_what_is_where_in_play_names_each_module_once():
    folder = ROOT / "quiz/play"
    modules = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    listed = "".join(line for line in play.__doc__.split("\n\n") if line.startswith("- "))
    assert sorted(re.findall(r"``(\w+)``", listed)) == sorted(modules - {"__init__", "migrations"})


def test_readme_lists_the_settings_with_their_defaults():
    example = re.findall(r"^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    expected = dict(example) | {"SITE_URL": ""}  # Its line shows an example.
    assert dict(SETTING.findall((ROOT / "README.md").read_text())) == expected
