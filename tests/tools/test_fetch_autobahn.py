import io
import sys
import tarfile
import zipfile

import pytest

from tools import fetch_autobahn
from tools.fetch_autobahn import MissingError, run, unpack


@pytest.fixture
def library(tmp_path, monkeypatch):
    folder = tmp_path / "library"
    monkeypatch.setattr(fetch_autobahn, "LIBRARY", folder)
    return folder


def test_a_wheel_is_unpacked_whole(library, tmp_path):
    with zipfile.ZipFile(tmp_path / "six-1.16.0-py2.py3-none-any.whl", "w") as wheel:
        wheel.writestr("six.py", "whole")
    unpack(tmp_path / "six-1.16.0-py2.py3-none-any.whl")
    assert (library / "six.py").read_text() == "whole"


def test_of_a_source_archive_only_its_package_is_unpacked(library, tmp_path):
    archive = tmp_path / "txaio-2.1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as release:
        for name in ("txaio-2.1.0/setup.py", "txaio-2.1.0/txaio/__init__.py", "txaio-2.1.0/txaio/../../evil.py"):
            release.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(tarfile.TarError):
        unpack(archive)
    assert [path.name for path in library.rglob("*.py")] == ["__init__.py"]
    assert not (tmp_path / "evil.py").exists()


def test_a_command_that_fails_is_reported_with_its_complaint():
    with pytest.raises(MissingError, match="no such mirror"):
        run(sys.executable, "-c", "import sys; sys.exit('no such mirror')")


def test_a_program_that_is_missing_is_named():
    with pytest.raises(MissingError, match="no-such-program"):
        run("no-such-program")
