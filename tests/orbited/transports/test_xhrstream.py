from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import XHRStreamPage


class TestXHRStream(TransportContract):
    page_class = XHRStreamPage
    owned = False
