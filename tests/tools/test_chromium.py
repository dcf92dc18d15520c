from pathlib import Path

from tools import chromium


def test_the_named_one_comes_first_even_where_it_is_not() -> None:
    assert chromium.find("/nowhere/chrome") == Path("/nowhere/chrome")


def test_the_shell_alone_is_preferred_to_the_whole_browser(monkeypatch, tmp_path) -> None:
    shell, whole = tmp_path / "shell", tmp_path / "whole"
    monkeypatch.setattr(chromium, "PLACES", (str(shell), str(whole)))
    whole.touch()
    assert chromium.find(None) == whole
    shell.touch()
    assert chromium.find(None) == shell


def test_where_there_is_none_the_place_is_told(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(chromium, "PLACES", (str(tmp_path / "shell"), str(tmp_path / "whole")))
    assert chromium.find(None) == tmp_path / "shell"
