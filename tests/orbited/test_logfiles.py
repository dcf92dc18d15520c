import os
import pwd
import tempfile
from pathlib import Path

import pytest

from orbited.config import parse
from orbited.errors import ConfigError
from orbited.logfiles import LogFile, Screen, check, open_output, reopenable


def rules(*outputs):
    return parse(f"[logging]\n\nwarn = {','.join(map(str, outputs))}\n", "x").logging


def as_nobody(work):
    """What ``work`` gives when it is done by a user without rights."""
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        return work()
    finally:
        os.seteuid(0)


def test_names_of_streams_are_streams_and_all_else_is_files(tmp_path):
    assert {type(open_output(name)) for name in ("SCREEN", "STDOUT", "STDERR")} == {Screen}
    file = open_output(str(tmp_path / "screen"))
    assert isinstance(file, LogFile)
    file.close()


def test_check_makes_no_file(tmp_path):
    check(rules("SCREEN", tmp_path / "a.log"))
    check(None)
    assert list(tmp_path.iterdir()) == []


def test_check_names_what_cannot_be_written(tmp_path):
    for name in ("none/a.log", "."):
        with pytest.raises(ConfigError) as caught:
            check(rules("STDERR", f"{tmp_path}/{name}"))
        assert str(caught.value).startswith(f"x:3: [logging] warn: cannot log to '{tmp_path}/{name}'")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_files_of_another_user_are_told():
    with tempfile.TemporaryDirectory() as folder:
        mine, everybodys = Path(folder, "mine.log"), Path(folder, "all.log")
        for path, mode in ((Path(folder), 0o755), (mine, 0o600), (everybodys, 0o666)):
            path.touch()
            path.chmod(mode)
        told = as_nobody(lambda: list(reopenable(rules("SCREEN", mine, everybodys))))
        assert told == [f"x:3: '{mine}' cannot be opened anew at a reload: it belongs to another user"]
        with pytest.raises(ConfigError, match="it may not be written"):
            as_nobody(lambda: check(rules(mine)))
        check(rules(mine))
        assert list(reopenable(rules(mine))) == []
