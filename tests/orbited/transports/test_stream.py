from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import StreamPage


class TestStream(TransportContract):
    page_class = StreamPage
