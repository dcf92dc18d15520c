"""Who may know whom: the contracts in pyproject.toml hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("quiz", "orbited", "stomp_broker")


def lint_imports(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=directory, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path):
    """A copy of the Python packages that a test may spoil."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=not_python)
    return tmp_path


def not_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir())]


def test_arrows_hold():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("quiz/live/tickets.py", "quiz.play.models"),
        ("quiz/authoring/rules.py", "quiz.play"),
        ("quiz/play/referee.py", "quiz.community"),
        ("quiz/play/referee.py", "orbited"),
        ("quiz/play/referee.py", "stomp"),
        ("quiz/live/connection.py", "stomp_broker"),
        ("quiz/processes/supervisor.py", "quiz.play"),
        ("orbited/session.py", "twisted.internet"),
        ("orbited/proxy.py", "stomp_broker"),
        ("orbited/proxy.py", "django"),
        ("stomp_broker/session.py", "time"),
        ("stomp_broker/errors.py", "orbited"),
        ("quiz/play/scoring.py", "datetime"),
        ("quiz/play/states.py", "django.db"),
    ],
)
def test_forbidden_import_is_noticed(tree, importer, imported):
    with (tree / importer).open("a") as file:
        file.write(f"\nimport {imported}\n")
    done = lint_imports(tree)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout, done.stdout + done.stderr
