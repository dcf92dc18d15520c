from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import SSEPage


class TestSSE(TransportContract):
    page_class = SSEPage
    owned = False
