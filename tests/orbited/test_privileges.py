"""Who may do what is the kernel's to say: every test that gives rights up does so in a process of its own."""

import grp
import os
import pwd
import subprocess
import sys

import pytest

from orbited.config import parse
from orbited.errors import ConfigError
from orbited.privileges import Identity, identity, is_root

NOBODY = pwd.getpwnam("nobody")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

# Becomes nobody, then tries to be root again in every way there is.
BECOME = """
import os, sys
from orbited.privileges import Identity, become
os.setgroups([0, 4])
become(Identity("nobody", int(sys.argv[1]), int(sys.argv[2])))
print(os.getresuid(), os.getresgid(), os.getgroups())
for way in (lambda: os.setuid(0), lambda: os.seteuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgid(0),
            lambda: os.setgroups([0]), lambda: open("/etc/shadow").close()):
    try:
        way()
    except PermissionError:
        print("refused")
"""

# Root that keeps its capabilities across setuid (SECBIT_NO_SETUID_FIXUP, capabilities(7)) can come back.
KEEP = """
import ctypes
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
assert ctypes.CDLL(None).prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == 0
"""


def run(program):
    command = [sys.executable, "-c", program, str(NOBODY.pw_uid), str(NOBODY.pw_gid)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)


def who(text):
    return identity(parse("[global]\n" + text, "x"))


@as_root
def test_root_becomes_the_user_for_good():
    uid, gid = NOBODY.pw_uid, NOBODY.pw_gid
    done = run(BECOME)
    assert done.stdout.splitlines() == [f"{(uid,) * 3} {(gid,) * 3} []", *["refused"] * 6]


@as_root
def test_way_back_to_root_is_an_error():
    done = run(KEEP + BECOME)
    assert done.returncode == 1
    assert "PrivilegeError: became nobody, but could become root again" in done.stderr


@as_root
def test_user_brings_its_own_group_unless_another_is_named():
    assert who("user = nobody") == Identity("nobody", NOBODY.pw_uid, NOBODY.pw_gid)
    assert who("user = nobody\ngroup = daemon") == Identity("nobody", NOBODY.pw_uid, grp.getgrnam("daemon").gr_gid)


@as_root
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("user = no-such", "x:2: [global] user: there is no user 'no-such' here"),
        ("user = nobody\ngroup = no-such", "x:3: [global] group: there is no group 'no-such' here"),
    ],
)
def test_unknown_user_or_group_is_named(text, message):
    with pytest.raises(ConfigError) as caught:
        who(text)
    assert str(caught.value) == message


@as_root
def test_without_a_user_root_stays_root():
    assert who("") is None
    assert who("group = daemon") is None
    assert is_root()


def test_others_than_root_stay_who_they_are(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert who("user = no-such\ngroup = no-such") is None
    assert not is_root()
