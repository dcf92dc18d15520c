"""``python -m tools.fetch_orbited``: brings Orbited 0.7.10's own browser files, for the tests that play them.

They come from the package index that pip is configured for, as published and checked by hash, and stay outside of the
repository. pip itself cannot download the archive: it would have to run its setup.py, which is Python 2. So only pip's
finder and its session are used, that is its index, its proxies and its certificates.
"""

import hashlib
import io
import logging
import sys
import tarfile
from pathlib import Path
from typing import Any

from pip._internal.commands import create_command

VERSION = "0.7.10"
SHA256 = "71e7627a485fbb6184bb0b4c894ee4dcc74cc970d04888f908d0ca2dec69332d"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "share" / f"orbited-{VERSION}"
FILES = ("Orbited.js", "protocols/stomp/stomp.js")


def main() -> int:
    """Fetch what is not here yet; the process's exit code."""
    if is_here():
        return 0
    try:
        unpack(archive(), FOLDER)
    except Exception as error:  # noqa: BLE001  pip's own errors, of any kind: no index, no network, no such file.
        print(f"Missing: Orbited {VERSION}'s own browser files: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def is_here() -> bool:
    """Are all files in the cache?"""
    return all((FOLDER / name).exists() for name in FILES)


def archive() -> bytes:
    """The release as published; LookupError when the index has none, ValueError when it is another."""
    data = download()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError("the archive's hash is not the one that is expected")
    return data


def download() -> bytes:
    """Ask the index that pip would ask."""
    logging.getLogger("pip").setLevel(logging.ERROR)  # what else is wrong with an index, pip has said before
    command: Any = create_command("download")
    options, _ = command.parse_args(["orbited"])
    with command.main_context():
        session = command.get_default_session(options)
        candidates = command._build_package_finder(options, session).find_all_candidates("orbited")
        links = [candidate.link for candidate in candidates if str(candidate.version) == VERSION]
        if not links:
            raise LookupError("the package index does not have it")
        answer = session.get(links[0].url_without_fragment)
        answer.raise_for_status()
        return bytes(answer.content)


def unpack(data: bytes, folder: Path) -> None:
    """Write the browser files of an archive into ``folder``."""
    with tarfile.open(fileobj=io.BytesIO(data)) as release:
        for name in FILES:
            file = release.extractfile(f"orbited-{VERSION}/orbited/static/{name}")
            if file is None:
                raise LookupError(f"the archive has no {name}")
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.read())


if __name__ == "__main__":
    sys.exit(main())
