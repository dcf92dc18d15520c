"""The credentials file: passcodes and hashes, the same work for everybody, and files that others can read."""

import subprocess
import sys

import pytest

from stomp_broker import credentials
from stomp_broker.credentials import CredentialsFile, Hash
from stomp_broker.errors import ConfigError
from tests.stack import ROOT

SALT = b"0123456789abcdef"
HASHED = str(Hash.of("correct horse", SALT))


@pytest.fixture
def file(tmp_path):
    def write(text, mode=0o600):
        path = tmp_path / "logins.ini"
        path.write_text(text)
        path.chmod(mode)
        return path

    return write


@pytest.fixture
def logins(file):
    return CredentialsFile(file(f"[auth]\nAda = {HASHED}\nbob = 100%%\ncosts = $5\n"))


@pytest.mark.parametrize(
    ("login", "passcode"), [("ada", "correct horse"), ("Ada", "correct horse"), ("bob", "100%"), ("costs", "$5")]
)
def test_who_is_in_the_file_comes_in_with_a_passcode_or_one_that_was_hashed(logins, login, passcode):
    assert logins.authenticate(login, passcode)


@pytest.mark.parametrize(
    ("login", "passcode"),
    [("ada", "wrong"), ("ada", ""), ("ada", HASHED), ("carol", ""), ("", ""), ("carol", "correct horse"), ("bob", "é")],
)
def test_nobody_else_does(logins, login, passcode):
    assert not logins.authenticate(login, passcode)


@pytest.mark.parametrize("login", ["ada", "bob", "carol", ""])
def test_c2_every_login_takes_the_work_of_one_hash(logins, login, monkeypatch):
    worked = []
    scrypt = credentials.hashlib.scrypt

    def counted(*args, **costs):
        worked.append((costs["n"], costs["r"], costs["p"]))
        return scrypt(*args, **costs)

    monkeypatch.setattr(credentials.hashlib, "scrypt", counted)
    assert not logins.authenticate(login, "wrong")
    assert worked == [(credentials.COST, credentials.BLOCK, credentials.LANES)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[other]\na = b\n",
        "ada = secret-word\n",
        "[auth]\nada = 100%secret-word\n",
        "[auth]\nada = $scrypt$secret-word\n",
        "[auth]\nada = $scrypt$n=16384,r=8,p=1$AAAA$secret+word\n",
        "[auth]\nada = $scrypt$n=16385,r=8,p=1$" + HASHED.split("$", 3)[3] + "\n",
        "[auth]\nada = $scrypt$n=16777216,r=8,p=1$" + HASHED.split("$", 3)[3] + "\n",
        "[auth]\nada = $scrypt$n=16384,r=0,p=1$" + HASHED.split("$", 3)[3] + "\n",
        "[auth]\nada = \xe9\n",
    ],
)
def test_a_file_that_cannot_be_used_is_named_without_what_is_in_it(tmp_path, text):
    path = tmp_path / "logins.ini"
    path.write_text(text, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"logins\.ini: it needs \[auth\]") as caught:
        CredentialsFile(path)
    assert "secret-word" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.ini: No such file"):
        CredentialsFile(tmp_path / "none.ini")


@pytest.mark.parametrize("mode", [0o644, 0o602, 0o661])
def test_a_file_that_others_may_use_is_not_followed(file, mode):
    with pytest.raises(ConfigError, match=r"others may use it\. Say: chmod o= "):
        CredentialsFile(file("[auth]\nada = horse\n", mode))


def test_its_group_may_read_it(file):
    assert CredentialsFile(file("[auth]\nada = horse\n", 0o640)).authenticate("ada", "horse")


def test_a_hash_is_read_as_it_is_written():
    assert Hash.parse(HASHED) == Hash.of("correct horse", SALT)


class TestTheProgram:
    def run(self, typed):
        return subprocess.run(
            [sys.executable, "-m", "stomp_broker.credentials"],
            cwd=ROOT,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_it_prints_what_the_file_takes_and_never_the_same_twice(self):
        first, second = (self.run("pass word\n").stdout.strip() for _ in range(2))
        assert first != second
        assert Hash.parse(first).fits("pass word")
        assert "pass" not in first

    def test_no_passcode_is_told(self):
        done = self.run("\n")
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "No passcode was given.\n")
