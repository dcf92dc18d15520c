"""settings.py: relay and broker as join answers give them."""

from quiz.live.settings import broker, relay


def test_relay_and_broker_have_the_names_of_the_contract(settings):
    settings.ORBITED_HOST, settings.ORBITED_PORT, settings.ORBITED_MEDIA_URL = "relay.example", 8080, "/static/orbited/"
    settings.STOMP_HOST, settings.STOMP_PORT = "localhost", 61613
    assert relay() == {"host": "relay.example", "port": 8080, "media_url": "/static/orbited/"}
    assert broker() == {"host": "localhost", "port": 61613}
