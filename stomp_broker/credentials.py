"""The credentials file: logins of services, with their passcodes or hashes of them.

As CoilMQ has it, a section ``[auth]`` with lines ``login = passcode``, with ``%%`` for ``%``. A passcode may stand
there as its hash (scrypt, RFC 7914), which ``python -m stomp_broker.credentials`` makes of what it is given::

    [auth]
    report = $scrypt$n=16384,r=8,p=1$q3Jm…$Zk1v…
"""

import base64
import configparser
import getpass
import hashlib
import hmac
import re
import secrets
import stat
import sys
from pathlib import Path
from typing import NamedTuple

from coilmq.auth.simple import SimpleAuthenticator

from stomp_broker.errors import ConfigError

# What one hash costs: 16 MiB and some 40 ms, as OWASP's Password Storage Cheat Sheet counsels for scrypt at the least.
COST, BLOCK, LANES = 2**14, 8, 1
# Bytes that scrypt may take: a file must not ask for all memory there is.
MAX_HASH_MEMORY_BYTES = 64 * 1024 * 1024
SALT_BYTES, KEY_BYTES = 16, 32
# Who has no business with the file: everybody but its owner and its group.
OTHERS = stat.S_IRWXO

# What a hash begins with, and no passcode does.
MARK = "$scrypt$"
_HASH = re.compile(r"\$scrypt\$n=(\d{1,9}),r=(\d{1,3}),p=(\d{1,3})\$([\w+/]+=*)\$([\w+/]+=*)")


class Hash(NamedTuple):
    """A passcode's hash: the three costs of scrypt, salt and key."""

    n: int
    r: int
    p: int
    salt: bytes
    key: bytes

    @classmethod
    def of(cls, passcode: str, salt: bytes) -> "Hash":
        """Hash a passcode."""
        return cls(COST, BLOCK, LANES, salt, _key(passcode, COST, BLOCK, LANES, salt))

    @classmethod
    def parse(cls, text: str) -> "Hash":
        """Read a hash as the file has it. Raises ValueError."""
        match = _HASH.fullmatch(text)
        if not match:
            raise ValueError("not $scrypt$n=…,r=…,p=…$salt$key")
        n, r, p = map(int, match.groups()[:3])
        salt, key = (base64.b64decode(part, validate=True) for part in match.groups()[3:])
        if n < 2 or n & (n - 1) or not r or not p or len(key) != KEY_BYTES:
            raise ValueError("scrypt takes no such numbers")
        if 128 * r * (n + p + 2) > MAX_HASH_MEMORY_BYTES:
            raise ValueError("it takes too much memory")
        return cls(n, r, p, salt, key)

    def __str__(self) -> str:
        salt, key = (base64.b64encode(part).decode() for part in (self.salt, self.key))
        return f"$scrypt$n={self.n},r={self.r},p={self.p}${salt}${key}"

    def fits(self, passcode: str) -> bool:
        """Say whether it is the hash of this passcode. Takes its time; other threads go on meanwhile."""
        return hmac.compare_digest(_key(passcode, self.n, self.r, self.p, self.salt), self.key)


class CredentialsFile(SimpleAuthenticator):  # type: ignore[misc]  # CoilMQ has no types.
    """Who is in a file. Logins are not case-sensitive.

    Raises :class:`ConfigError` for a file that cannot be used, or that everybody on the machine can.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        try:
            with path.open() as file:
                if path.stat().st_mode & OTHERS:
                    raise ConfigError(f"Credentials file {path}: others may use it. Say: chmod o= {path}")
                self.from_configfile(file)
            self._hashes = {login: Hash.parse(text) for login, text in self.store.items() if text.startswith(MARK)}
        except OSError as error:
            raise ConfigError(f"Credentials file {path}: {error.strerror}") from None
        except (ValueError, configparser.Error):
            # Without the parser's own words, which repeat lines of the file.
            raise ConfigError(
                f"Credentials file {path}: it needs [auth] and lines login = passcode, with %% for %, "
                "or login = hash, as python -m stomp_broker.credentials makes it"
            ) from None
        self._decoy = Hash(COST, BLOCK, LANES, secrets.token_bytes(SALT_BYTES), secrets.token_bytes(KEY_BYTES))

    def authenticate(self, login: str, passcode: str) -> bool:
        """Compare, with the same work whether or not there is such a login, and in whatever form."""
        login = login.lower()
        fits_hash = self._hashes.get(login, self._decoy).fits(passcode)
        is_plain = login in self.store and login not in self._hashes
        fits_plain = hmac.compare_digest(passcode.encode(), self.store.get(login, "").encode())
        return (fits_hash and login in self._hashes) or (fits_plain and is_plain)


def _key(passcode: str, n: int, r: int, p: int, salt: bytes) -> bytes:
    return hashlib.scrypt(passcode.encode(), salt=salt, n=n, r=r, p=p, maxmem=MAX_HASH_MEMORY_BYTES, dklen=KEY_BYTES)


def main() -> int:
    """Print the hash of a passcode: of the line on standard input, or of one that is typed."""
    passcode = getpass.getpass("Passcode: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not passcode:
        sys.stderr.write("No passcode was given.\n")
        return 1
    sys.stdout.write(f"{Hash.of(passcode, secrets.token_bytes(SALT_BYTES))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
