from pathlib import Path

from tools import chromium


def test_the_named_one_comes_first_even_where_it_is_not() -> None:
    assert chromium.find("/nowhere/chrome") == Path("/nowhere/chrome")


def test_the_first_place_where_there_is_one_is_taken(tmp_path: Path) -> None:
    shell, whole = tmp_path / "shell", tmp_path / "whole"
    whole.touch()
    assert chromium.find(None, [str(shell), str(whole)]) == whole
    shell.touch()
    assert chromium.find(None, [str(shell), str(whole)]) == shell


def test_where_there_is_none_the_place_is_told(tmp_path: Path) -> None:
    assert chromium.find(None, [str(tmp_path / "shell"), str(tmp_path / "whole")]) == tmp_path / "shell"
