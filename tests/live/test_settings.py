"""settings.py: relay and broker as join answers give them."""

from quiz.live.settings import broker, page_settings, relay


def test_relay_and_broker_have_the_names_of_the_contract(settings):
    settings.ORBITED_HOST, settings.ORBITED_PORT, settings.ORBITED_MEDIA_URL = "relay.example", 8080, "/static/orbited/"
    settings.STOMP_HOST, settings.STOMP_PORT = "localhost", 61613
    assert relay() == {"host": "relay.example", "port": 8080, "media_url": "/static/orbited/"}
    assert broker("player:5", ["/games/7/status"]) == {
        "host": "localhost",
        "port": 61613,
        "login": "player:5",
        "virtual_host": "localhost",
        "send_headers": {},
        "destinations": {"/games/7/status": "/games/7/status"},
    }


def test_page_learns_how_rabbitmq_spells_its_destinations_its_virtual_host_and_who_sends(settings):
    settings.STOMP_DESTINATIONS = "rabbitmq"
    told = broker("player:5", ["/games/7/status", "/games/7/answers"])
    assert told["virtual_host"] == "/"
    assert told["send_headers"] == {"user-id": "player:5"}
    assert told["destinations"] == {
        "/games/7/status": "/topic/games.7.status",
        "/games/7/answers": "/topic/games.7.answers",
    }


def test_pages_reach_activemq_through_the_gate_in_the_relay(settings):
    settings.STOMP_DESTINATIONS, settings.STOMP_HOST, settings.STOMP_PORT = "activemq", "10.0.0.5", 61613
    settings.STOMP_GATE_PORT = 61614
    told = broker("player:5", ["/games/7/status", "/games/7/answers"])
    assert (told["host"], told["port"]) == ("localhost", 61614)
    assert told["destinations"] == {
        "/games/7/status": "/topic/games.7.status",
        "/games/7/answers": "/queue/games.7.answers",
    }
    page = page_settings()
    assert (page["STOMP_HOST"], page["STOMP_PORT"]) == ("localhost", 61614)
