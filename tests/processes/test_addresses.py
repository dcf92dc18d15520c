"""Under which addresses browsers reach the site."""

from quiz.processes.addresses import Addresses

HOME = Addresses(8000, ("192.168.1.5", "172.17.0.1"), ("box", "box.local"))


def test_this_machine_and_the_network_have_an_address_each():
    assert HOME.here == "http://localhost:8000"
    assert HOME.there == "http://192.168.1.5:8000"


def test_public_address_is_what_others_use():
    public = Addresses(8000, ("192.168.1.5",), (), "https://quiz.example.org")
    assert public.there == "https://quiz.example.org"
    assert "https://quiz.example.org" in public.origins


def test_machine_without_a_network_has_no_other_address():
    assert Addresses(8000, (), ("box",)).there == ""


def test_origins_are_written_as_browsers_write_them():
    assert "http://192.168.1.5:8000" in HOME.origins
    assert "http://192.168.1.5" in Addresses(80, ("192.168.1.5",), ()).origins


def test_every_host_has_its_origin():
    assert HOME.hosts == ("localhost", "127.0.0.1", "192.168.1.5", "172.17.0.1", "box", "box.local")
    assert len(HOME.origins) == len(HOME.hosts)
