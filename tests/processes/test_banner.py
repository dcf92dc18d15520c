"""What a person reads once everything runs."""

from quiz.processes.addresses import Addresses
from quiz.processes.banner import banner

AT_HOME = Addresses(8000, ("192.168.1.5",), ())


def test_banner_says_where_authors_and_players_click_and_how_to_stop():
    text = banner(AT_HOME, "sesame")
    assert "http://localhost:8000/quizzes/" in text
    assert "name      demo" in text
    assert "password  sesame" in text
    assert "http://localhost:8000/join/  on this machine" in text
    assert "http://192.168.1.5:8000/join/  on your network" in text
    assert "Ctrl-C" in text


def test_banner_leaves_out_what_is_not_there():
    text = banner(Addresses(8000, (), ()), "")
    assert "demo" not in text
    assert "network" not in text
