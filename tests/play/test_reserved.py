import pytest

from quiz.play.reserved import is_reserved

HOSTS = ["mrossi", "Maria Rossi", ""]


@pytest.mark.parametrize(
    "name", ["Host", "HOST", "H0st", "hоst", "The-Host 2", "Admin1", "admln", "4dmin", "prof.", "Presentatrice"]
)
def test_a_role_is_known_in_every_disguise(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["Maria Rossi", "maria.rossi", "MRossi", "mross1", "Mаria  Rossi 2"])
def test_the_hosts_own_name_is_kept_too(name: str) -> None:
    assert is_reserved(name, HOSTS)
    assert not is_reserved(name)


@pytest.mark.parametrize("name", ["Ghost", "Hostess", "Ada", "Modena", "Team 3", "Maria", "Rossi", "7", "👾"])
def test_other_names_are_free(name: str) -> None:
    assert not is_reserved(name, HOSTS)
