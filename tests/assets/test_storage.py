"""Static files as ``manage.py up`` collects them, and what a page asks for then."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template import Context, Template

from quiz.assets.storage import CollectedFiles

MAX_BYTES = 100_000
"""Issue 5: what a phone loads before it plays, compressed."""
HEAD_BYTES = 350
"""What each answer has before its body, as ``python -m bench.first_load --files`` shows."""
PAGES = 11_500
"""The door's page, the player's, its words and its state, compressed: 10,400 were measured the same way."""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All static files, collected once."""
    path = tmp_path_factory.mktemp("static")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staticfiles_storage, "_wrapped", CollectedFiles(location=path))
        call_command("collectstatic", interactive=False, verbosity=0)
    return path


@pytest.fixture
def folder(collected: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of static files that have been collected: pages name those."""
    monkeypatch.setattr(staticfiles_storage, "_wrapped", CollectedFiles(location=collected))
    return collected


def rendered(text: str) -> list[str]:
    """The static files that a template's text names."""
    html = Template("{% load assets live static %}" + text).render(Context())
    return re.findall(r'/static/([^"]+)', html)


def test_a_page_asks_for_one_sheet_and_one_script_by_names_of_their_content(folder: Path) -> None:
    style, script = rendered('{% stylesheets "player" %}{% script "play/player.js" %}')
    assert re.fullmatch(r"css/together\.player\.[0-9a-f]{12}\.css", style)
    assert re.fullmatch(r"play/player\.together\.[0-9a-f]{12}\.js", script)
    assert (folder / script).is_file()


def test_what_a_bundle_loads_later_has_a_name_of_its_content(folder: Path) -> None:
    (script,) = rendered('{% script "play/player.js" %}')
    later = re.findall(r'import\("(.+?)"\)', (folder / script).read_text())
    assert later
    assert all((folder / script).parent.joinpath(path).resolve().is_file() for path in later)
    assert all(re.fullmatch(r"\.\.?/.+\.[0-9a-f]{12}\.js", path) for path in later)


def test_uncollected_files_are_asked_for_as_they_lie() -> None:
    files = rendered('{% stylesheets "base" %}{% script "play/player.js" %}{% live_scripts %}')
    assert files[0] == "css/variables.css"
    assert files[-2:] == ["play/player.js", "orbited/Orbited.js"]


def test_a_phone_loads_less_than_100_kb_before_it_plays(folder: Path) -> None:
    fonts = [f"vendor/atkinson-hyperlegible/atkinson-hyperlegible-latin-{weight}-normal.woff2" for weight in (400, 700)]
    named = "".join(f'<i a="{{% static "{path}" %}}">' for path in (*fonts, "img/orbit.svg"))
    files = rendered('{% stylesheets "player" %}{% ahead "play/player.js" %}' + named)
    assert len(files) == 7
    assert sum(size(folder / path) + HEAD_BYTES for path in files) + PAGES < MAX_BYTES


def size(path: Path) -> int:
    """As WhiteNoise sends it to who accepts gzip."""
    packed: Any = path.with_name(f"{path.name}.gz")
    if packed.is_file():
        assert gzip.decompress(packed.read_bytes()) == path.read_bytes()
        return packed.stat().st_size
    return path.stat().st_size
