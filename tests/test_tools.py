"""The shell helpers behind make: where they may not help they say in one line what to do."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tools import fetch_orbited

TOOLS = Path(__file__).resolve().parent.parent / "tools"


@pytest.fixture
def programs(tmp_path):
    """A folder of programs that stands alone in PATH: a shell, and no apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "id", "env"):
        (folder / name).symlink_to(shutil.which(name))
    return folder


def run(tool: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [TOOLS / tool, *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def stand_in(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_without_apt_the_missing_package_is_named(programs, tmp_path):
    done = run("apt-install", "chromium", "postgresql", cwd=tmp_path, PATH=str(programs))
    assert done.returncode == 1
    assert done.stderr == "Missing: chromium postgresql. Install with: apt-get install chromium postgresql\n"


def test_user_who_may_not_install_is_told_what_is_missing(programs, tmp_path):
    stand_in(programs / "apt-get", "echo it must not be called >&2")
    (programs / "id").unlink()
    stand_in(programs / "id", "echo 1000")
    done = run("apt-install", "chromium", cwd=tmp_path, PATH=str(programs))
    assert done.returncode == 1
    assert done.stderr == "Missing: chromium. Install with: apt-get install chromium\n"


def test_too_old_a_python_is_told_in_one_line(tmp_path):
    old = stand_in(tmp_path / "python3.9", "exit 1")
    done = run("install", "requirements.txt", cwd=tmp_path, PATH=os.environ["PATH"], PYTHON=str(old))
    assert done.returncode == 1
    assert done.stderr.startswith("Orbit Quiz needs Python 3.11 or newer")
    assert not (tmp_path / ".venv").exists()


def test_lock_has_hashes_and_no_address_of_an_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lock = (TOOLS.parent / name).read_text()
        assert "://" not in lock
        assert lock.count("==") <= lock.count("--hash=sha256:")


def test_archive_that_is_not_the_published_one_is_not_unpacked(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(fetch_orbited, "FOLDER", tmp_path)
    monkeypatch.setattr(fetch_orbited, "download", lambda: b"something else")
    assert fetch_orbited.main() == 1
    assert "Missing: Orbited 0.7.10's own browser files" in capsys.readouterr().err
    assert not any(tmp_path.iterdir())
