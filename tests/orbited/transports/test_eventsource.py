from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import EventSourcePage


class TestEventSource(TransportContract):
    page_class = EventSourcePage
