"""``python -m tools.fetch_autobahn``: brings the Autobahn WebSocket test suite, and the Python 2.7 that it needs.

The suite comes from the package index that pip is configured for, each file checked by its hash in ``autobahn.txt``.
Python 2.7 comes from the last Debian that had it, over the mirror that apt is configured for, checked by Debian's
signature; nothing is installed. All of it stays outside of the repository.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).resolve().parent / "autobahn.txt"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "share" / "autobahn"
ROOT = FOLDER / "root"  # what Debian's packages hold
LIBRARY = FOLDER / "library"  # Python packages
COMPLETE = FOLDER / "complete"  # a copy of the lock, written last

DEBIAN = "bullseye"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PACKAGES = (
    "python2.7",
    "python2.7-minimal",
    "libpython2.7",
    "libpython2.7-minimal",
    "libpython2.7-stdlib",
    "libssl1.1",
    "libffi7",
)
WHEELS = (
    "--python-version=27",
    "--implementation=cp",
    "--abi=cp27mu",
    "--platform=manylinux1_x86_64",
    "--platform=manylinux2010_x86_64",
)


class MissingError(Exception):
    """Something cannot be had on this machine; the text says what."""


def main() -> int:
    """Fetch what is not here yet; the process's exit code."""
    try:
        fetch()
    except MissingError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def fetch() -> None:
    """Have the suite in ``FOLDER``; MissingError when it cannot be had."""
    if COMPLETE.exists() and COMPLETE.read_bytes() == LOCK.read_bytes():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        for archive in download_packages(Path(folder)):
            run("dpkg", "-x", str(archive), str(ROOT))
        for archive in download_library(Path(folder)):
            unpack(archive)
    (LIBRARY / "zope" / "__init__.py").touch()  # a wheel leaves this to pip
    COMPLETE.write_bytes(LOCK.read_bytes())


def download_packages(folder: Path) -> list[Path]:
    """Debian's packages, with an apt of their own that leaves this machine's alone."""
    for place in ("lists/partial", "cache/archives/partial"):
        (folder / place).mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING} arch=amd64] {mirror()} {DEBIAN} main\n")
    options = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "",
    }
    settings = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    run("apt-get", *settings, "--quiet", "update")
    run("apt-get", *settings, "--quiet", "download", *(f"{name}:amd64" for name in PACKAGES), folder=folder)
    return sorted(folder.glob("*.deb"))


def mirror() -> str:
    """Where this machine's apt gets Debian from."""
    found = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian").split()
    if not found:
        raise MissingError("Python 2.7 comes from a Debian mirror, and apt knows none here")
    return found[0]


def download_library(folder: Path) -> list[Path]:
    """The suite's Python packages."""
    library = folder / "library"
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-deps", *WHEELS, "--require-hashes", "--requirement", str(LOCK), "--dest", str(library))
    return sorted(library.iterdir())


def unpack(archive: Path) -> None:
    """Put a wheel, or the package of the same name in a source archive, into the library."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(LIBRARY)  # noqa: S202  Its hash is known.
        return
    top = archive.name.removesuffix(".tar.gz")
    package = f"{top}/{top.partition('-')[0]}/"
    with tarfile.open(archive) as release:
        for member in release.getmembers():
            if member.name.startswith(package):
                member.name = member.name.removeprefix(f"{top}/")
                release.extract(member, LIBRARY, filter="data")


def run(*command: str, folder: Path | None = None) -> str:
    """A command's output; MissingError with its complaint when it fails."""
    try:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout  # noqa: S603
    except FileNotFoundError:
        raise MissingError(f"Missing: the program {command[0]}, which Debian has") from None
    except subprocess.CalledProcessError as error:
        raise MissingError(f"Missing: the Autobahn suite: {' '.join(command)}\n{error.stderr.strip()}") from None


if __name__ == "__main__":
    sys.exit(main())
