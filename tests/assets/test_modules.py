"""Many modules as one, and that every module of ours is written so that it can be."""

import re
from pathlib import Path

import pytest

from quiz.assets import bundles, modules

STATIC = Path(__file__).resolve().parents[2] / "static"
OURS = [path for folder in ("live", "play", "rich") for path in sorted((STATIC / folder).rglob("*.js"))]

FILES = {
    "play/page.js": '/** A page. */\n\nimport { a as one, b } from "./a.js";\nimport "../live/loud.js";\n\n'
    'one(b);\nimport("../rich/late.js");\nawait import(script);\n',
    "play/a.js": 'import { c } from "../live/c.js";\n\nexport const b = "https://x"; // kept\n'
    "export async function a() {}\n",
    "live/c.js": "/**\n * Long.\n */\nexport class c {}\n",
    "live/loud.js": "globalThis.loud = 1;\n",
}


def test_what_is_needed_comes_before_what_needs_it() -> None:
    needed = modules.needed_by(["play/page.js"], FILES.__getitem__)
    assert needed == ["live/c.js", "play/a.js", "live/loud.js", "play/page.js"]


def test_modules_become_blocks_of_one() -> None:
    text = modules.together("play/page.together.js", ["play/page.js"], FILES.__getitem__)
    assert 'const { a: one, b } = bundled["play/a.js"];' in text
    assert 'bundled["play/a.js"] = { b, a };' in text
    assert 'bundled["live/c.js"] = { c };' in text
    assert re.findall(r"^(?:import|export) ", text, re.MULTILINE) == []


def test_what_is_loaded_later_is_found_from_where_the_bundle_lies() -> None:
    text = modules.together("live/page.together.js", ["play/page.js"], FILES.__getitem__)
    assert 'import("../rich/late.js")' in text


def test_what_lies_beside_the_bundle_is_a_file_and_no_package() -> None:
    text = modules.together("rich/page.together.js", ["play/page.js"], FILES.__getitem__)
    assert 'import("./late.js")' in text


def test_comments_with_lines_to_themselves_go() -> None:
    text = modules.together("play/page.together.js", ["play/page.js"], FILES.__getitem__)
    assert "Long" not in text
    assert "A page" not in text
    assert '"https://x"; // kept' in text


def test_a_circle_is_named() -> None:
    files = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(ValueError, match=r"a\.js imports itself, by way of b\.js"):
        modules.needed_by(["a.js"], files.__getitem__)


def test_an_import_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"play/nowhere\.js"):
        bundles.read("play/nowhere.js")


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(STATIC)))
def test_every_module_is_written_as_the_bundle_reads_it(path: Path) -> None:
    text = modules.stripped(path.read_text())
    named = re.findall(r"^\s*import\b(?!\()[^;]*;", text, re.MULTILINE)
    stars = re.findall(r"^import \* as", text, re.MULTILINE)
    assert len(named) - len(stars) == len(modules.IMPORT.findall(text))
    assert len(re.findall(r"^\s*export\b", text, re.MULTILINE)) == len(modules.EXPORT.findall(text))
    assert re.findall(r"`[^`]*\n[^`]*\$\{", text) == []
    assert "bundled" not in text


def test_no_module_of_a_bundle_imports_all_of_another() -> None:
    needed = modules.needed_by([*bundles.own_kinds(), *bundles.SCRIPTS], bundles.read)
    assert [name for name in needed if "import *" in bundles.read(name)] == []


def test_a_kind_beside_a_bundle_brings_what_is_not_there() -> None:
    text = modules.beside("play/a.js", {"live/c.js"}, FILES.__getitem__)
    assert 'const { c } = bundled["live/c.js"];' in text
    assert "class c" not in text
    assert text.endswith('export const { b, a } = bundled["play/a.js"];')


def test_a_page_finds_the_usual_kind_in_its_bundle() -> None:
    text = bundles.made()["play/player.together.js"]
    assert 'bundled["play/kinds/choice.js"] = {' in text
    assert modules.KIND in bundles.read("play/kinds.js")


def test_all_sheets_of_a_bundle_are_in_it_in_order() -> None:
    text = bundles.made()["css/together.player.css"]
    assert text.index("--ground:") < text.index(".join") < text.index(".option") < text.index(".verdict")
