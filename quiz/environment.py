"""Reads settings from the environment; a missing or wrong one is named in one clear line.

Every reader takes the name of a setting and returns its value in Python's own type, or raises :class:`SettingError`.
"""

import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

Network = IPv4Network | IPv6Network

# Of a whole number; Python refuses to read thousands of them.
MAX_DIGITS = 9

TRUE = ("true", "1", "yes", "on")
FALSE = ("false", "0", "no", "off")

# Bytes. A shorter key of HS256 can be guessed; RFC 7518 section 3.2 forbids it.
MIN_KEY_BYTES = 32

# What to do about a missing secret that every copy has.
REMEDY = "`make run` writes one into .env, in production set it in the environment."

# Gunicorn starts a worker again and again unless it ended with this code (gunicorn.arbiter.Arbiter.WORKER_BOOT_ERROR).
EXIT_DO_NOT_RETRY = 3


class SettingError(ImproperlyConfigured):
    """A setting is missing or wrong. The message names it and says what to do; it never shows a secret."""


class Environment:
    """The settings that are given as text, by name."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str, *, default: str) -> str:
        """Return a text as it stands."""
        return self.values.get(name, default)

    def words(self, name: str, *, default: Sequence[str]) -> list[str]:
        """Return what commas separate."""
        if name not in self.values:
            return list(default)
        return [word.strip() for word in self.values[name].split(",") if word.strip()]

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no. A word that is neither is an error, for a slip of the pen must not switch anything."""
        word = self.text(name, default=str(default)).strip().lower()
        if word not in TRUE + FALSE:
            raise SettingError(f"{name} is {word!r}: write true or false.")
        return word in TRUE

    def port(self, name: str, *, default: int) -> int:
        """Return a TCP port, 0 to 65535."""
        text = self.text(name, default=str(default)).strip()
        if not (text.isascii() and text.isdigit() and int(text) < 65536):
            raise SettingError(f"{name} is {text!r}: write a port number from 0 to 65535.")
        return int(text)

    def number(self, name: str, *, default: int) -> int:
        """Return a whole number from 0 up."""
        text = self.text(name, default=str(default)).strip()
        if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
            raise SettingError(f"{name} is {text!r}: write a whole number, in digits.")
        return int(text)

    def networks(self, name: str, *, default: Sequence[str]) -> list[Network]:
        """Return addresses and networks in CIDR form."""
        words = self.words(name, default=default)
        try:
            return [ip_network(word) for word in words]
        except ValueError as error:
            raise SettingError(
                f"{name} cannot be read: {error}. Write networks like 192.0.2.0/24,2001:db8::/32."
            ) from error

    def file(self, name: str, *, folder: Path) -> str:
        """Return what is written in a text file, looked for in ``folder`` unless its path is whole; "" without one."""
        path = self.text(name, default="")
        try:
            return (folder / path).read_text("utf-8") if path else ""
        except (OSError, ValueError) as error:
            raise SettingError(f"{name} is {path!r}, which cannot be read as text in UTF-8: {error}") from error

    def choice(self, name: str, choices: Sequence[str], *, default: str) -> str:
        """Return one of the words in ``choices``."""
        word = self.text(name, default=default)
        if word not in choices:
            raise SettingError(f"{name} is {word!r}: write one of {', '.join(choices)}.")
        return word

    def secret(self, name: str, *, min_bytes: int = 1, remedy: str = REMEDY) -> str:
        """Return a secret. There is no default: a secret that everybody can read in the source is none.

        ``remedy`` is what to do when it is missing.
        """
        value = self.text(name, default="")
        if not value:
            raise SettingError(f"{name} is missing: {remedy}")
        if len(value.encode()) < min_bytes:
            raise SettingError(f"{name} is too short: it needs at least {min_bytes} bytes, chosen at random.")
        return value

    def origin(self, name: str) -> str:
        """Return ``scheme://host[:port]`` without a slash at its end, or nothing when it is not set."""
        text = self.text(name, default="").rstrip("/")
        parts = urlsplit(text)
        if text and not (parts.scheme in ("http", "https") and parts.hostname and text.endswith(f"//{parts.netloc}")):
            raise SettingError(f"{name} is {text!r}: write scheme, host and port only, like https://quiz.example.org")
        return text

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """Return Django's dictionary for a database URL."""
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            try:
                config: dict[str, Any] = environ.Env.db_url_config(self.text(name, default=default))
            except ValueError:
                config = {}
        if not config.get("ENGINE"):
            raise SettingError(
                f"{name} is not a database URL: write sqlite:////path/to/file or postgresql://user:password@host/name"
            )
        return config

    def mail(self, name: str, *, default: str) -> dict[str, Any]:
        """Return Django's ``EMAIL_…`` settings for a mail URL."""
        try:
            config: dict[str, Any] = environ.Env.email_url_config(self.text(name, default=default))
        except (ImproperlyConfigured, ValueError) as error:
            raise SettingError(
                f"{name} is not a mail URL: write consolemail:// or smtp+tls://user:password@host:587"
            ) from error
        return config


@contextmanager
def setting_errors_in_one_line() -> Iterator[None]:
    """End the process with the message alone when a setting is missing or wrong; a traceback would hide it."""
    try:
        yield
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(EXIT_DO_NOT_RETRY) from None
