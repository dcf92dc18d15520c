from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import HTMLFilePage


class TestHTMLFile(TransportContract):
    page_class = HTMLFilePage
    owned = False
