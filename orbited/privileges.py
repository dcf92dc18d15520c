"""Whom a relay becomes that was started as root: ``user`` and ``group`` of [global], once its ports are bound.

Started as anybody else, it stays who it is, and both are ignored, as in Orbited 0.7. docs/decisions/0017 says what
becomes of root without a ``user``.
"""

import grp
import os
import pwd
from typing import NamedTuple

from orbited.config import Config
from orbited.errors import ConfigError, PrivilegeError

ROOT = 0


class Identity(NamedTuple):
    """A user and a group of this machine."""

    name: str
    uid: int
    gid: int


def identity(config: Config) -> Identity | None:
    """Whom to become, None for nobody else; ConfigError for a user or group that this machine does not know."""
    if os.geteuid() != ROOT or config.user is None:
        return None
    try:
        user = pwd.getpwnam(config.user)
    except KeyError:
        raise ConfigError(config.where("global", "user"), f"there is no user {config.user!r} here") from None
    return Identity(user.pw_name, user.pw_uid, _gid(config) if config.group else user.pw_gid)


def become(who: Identity) -> None:
    """Be ``who`` from now on, without a way back; PrivilegeError when there still is one."""
    try:
        os.setgroups([])
        os.setresgid(who.gid, who.gid, who.gid)
        os.setresuid(who.uid, who.uid, who.uid)
    except OSError as error:
        raise PrivilegeError(f"cannot become {who.name}: {error}") from None
    if who.uid != ROOT and _can_return():
        raise PrivilegeError(f"became {who.name}, but could become root again")


def is_root() -> bool:
    """Does this process run as root?"""
    return os.geteuid() == ROOT


def _gid(config: Config) -> int:
    try:
        return grp.getgrnam(str(config.group)).gr_gid
    except KeyError:
        raise ConfigError(config.where("global", "group"), f"there is no group {config.group!r} here") from None


def _can_return() -> bool:
    try:
        os.setuid(ROOT)
    except OSError:
        return False
    return True
