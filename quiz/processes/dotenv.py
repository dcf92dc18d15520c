"""Makes the secrets of a fresh clone and keeps them in ``.env``."""

import fcntl
import os
import re
import secrets
from pathlib import Path

# Each with its length in random bytes. The password is typed by people, the others are not.
SECRETS = {"SECRET_KEY": 48, "STOMP_PASSCODE": 32, "STOMP_TICKET_KEY": 48, "DEMO_PASSWORD": 9}


def add_missing_secrets(path: Path) -> list[str]:
    """Append a fresh value for each secret that neither the environment nor ``path`` has; return their names.

    What stands in the file is never changed. It is readable by its owner only, and locked while it is
    completed, for two copies may start at once.
    """
    if all(os.environ.get(name) for name in SECRETS):
        return []
    with open(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        missing = [name for name in SECRETS if not (os.environ.get(name) or is_in(text, name))]
        if missing:
            start = "" if not text or text.endswith("\n") else "\n"
            file.write(start + "".join(f"{name}={secrets.token_urlsafe(SECRETS[name])}\n" for name in missing))
    return missing


def is_in(text: str, name: str) -> bool:
    """Tell whether a line of a ``.env`` file sets ``name``, be it to nothing."""
    return re.search(rf"^\s*(export\s+)?{name}\s*=", text, re.MULTILINE) is not None
