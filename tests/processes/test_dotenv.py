"""The secrets of a fresh clone."""

import stat
from concurrent.futures import ThreadPoolExecutor

import environ
import pytest

from quiz.processes.dotenv import SECRETS, add_missing_secrets


@pytest.fixture(autouse=True)
def _no_secrets_in_the_environment(monkeypatch):
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)


def read(path):
    values = {}
    reader = type("Reader", (environ.Env,), {"ENVIRON": values})
    reader.read_env(path)
    return values


def test_fresh_clone_gets_every_secret_in_a_file_for_its_owner_alone(tmp_path):
    path = tmp_path / ".env"
    assert add_missing_secrets(path) == list(SECRETS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = read(path)
    assert set(values) == set(SECRETS)
    assert len(set(values.values())) == len(SECRETS)
    assert min(len(values[name]) for name in ("SECRET_KEY", "STOMP_TICKET_KEY")) >= 50


def test_second_start_changes_nothing(tmp_path):
    path = tmp_path / ".env"
    add_missing_secrets(path)
    before = path.read_bytes()
    assert add_missing_secrets(path) == []
    assert path.read_bytes() == before


def test_what_somebody_wrote_stays_and_what_is_missing_is_added(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# mine\nWEB_PORT=9000\nexport SECRET_KEY=mine\nDEMO_PASSWORD=")
    assert add_missing_secrets(path) == ["STOMP_PASSCODE", "STOMP_TICKET_KEY"]
    assert path.read_text().startswith("# mine\nWEB_PORT=9000\nexport SECRET_KEY=mine\nDEMO_PASSWORD=\nSTOMP_PASSCODE=")


def test_a_comment_is_no_setting(tmp_path):
    path = tmp_path / ".env"
    path.write_text("#SECRET_KEY=example\n")
    assert "SECRET_KEY" in add_missing_secrets(path)


def test_secret_of_the_environment_is_not_written_down(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    assert "SECRET_KEY" not in add_missing_secrets(tmp_path / ".env")


def test_no_file_is_made_when_the_environment_has_all(tmp_path, monkeypatch):
    for name in SECRETS:
        monkeypatch.setenv(name, "from the environment")
    assert add_missing_secrets(tmp_path / ".env") == []
    assert not (tmp_path / ".env").exists()


def test_two_copies_that_start_at_once_agree(tmp_path):
    path = tmp_path / ".env"
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add_missing_secrets, [path] * 8))
    assert sorted(map(len, added)) == [0] * 7 + [len(SECRETS)]
    assert len(path.read_text().splitlines()) == len(SECRETS)
