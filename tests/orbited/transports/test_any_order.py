"""Whatever a page, its line and its backend do, in whatever order: nothing is lost, doubled or reordered."""

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from wsproto.events import BytesMessage

from orbited.packets import Packet
from tests.orbited.rig import Rig, WebSocketPage
from tests.orbited.transports.pages import EVERY_PAGE

DATA = st.binary(min_size=1, max_size=40)
PAGES = st.sampled_from(EVERY_PAGE)


class SessionInAnyOrder(RuleBasedStateMachine):
    """One page with one backend, over every transport; the page sends again what it does not know to have arrived."""

    def __init__(self):
        super().__init__()
        self.rig = Rig()
        self.page = None

    @initialize(page_class=PAGES, owned=st.booleans())
    def begin(self, page_class, owned):
        """A page comes, names its target, and is connected."""
        self.page = self.rig.page(page_class, owned).open()
        self.known = 0  # packets of the page of which it knows that they have arrived
        self.away = False  # has its line broken?
        self.sent = b"1"  # by the backend, after the relay's own answer
        self.page.outbox.append(b"localhost:61613\n")
        self.bring()
        self.rig.backend.accept()
        self.read()

    def bring(self, answered=True):
        """The page sends what may not have arrived."""
        page = self.page
        if isinstance(page, WebSocketPage):
            for packet in page.outbox[self.known :]:
                page.feed(page.connection.send(BytesMessage(packet)))
        else:
            names = ["data" if packet else "ping" for packet in page.outbox]
            packets = [Packet(number, *what) for number, what in enumerate(zip(names, page.outbox, strict=True), 1)]
            packets = [packet._replace(payload=packet.payload or b"") for packet in packets]
            assert page.post(packets[self.known :]).status == 200
        if answered:
            self.known = len(page.outbox)

    def read(self):
        whole = self.known == len(self.page.outbox)
        for _ in range(2):
            self.page.look()
            self.rig.clock.advance(0)
        if whole:  # The relay takes no answer to a ping that comes after a gap.
            self.known = len(self.page.outbox)

    @property
    def session(self):
        return self.rig.sessions.find(self.page.key).session

    @rule(data=DATA)
    def backend_sends(self, data):
        self.rig.backend.send(data)
        self.sent += data

    @precondition(lambda self: not self.away)
    @rule(data=DATA)
    def page_sends(self, data):
        self.page.outbox.append(data)
        self.bring()

    @precondition(lambda self: not self.away)
    @rule(data=DATA)
    def page_sends_and_the_answer_is_lost(self, data):
        """The relay has taken it in; the page does not know, and sends it again."""
        self.page.outbox.append(data)
        self.bring(answered=False)
        if isinstance(self.page, WebSocketPage):
            self.line_breaks()

    @rule(data=DATA)
    def page_sends_and_nothing_arrives(self, data):
        self.page.outbox.append(data)
        if isinstance(self.page, WebSocketPage) and not self.away:
            self.line_breaks()

    @precondition(lambda self: not self.away)
    @rule()
    def page_reads(self):
        self.read()

    @precondition(lambda self: not self.away)
    @rule()
    def page_acknowledges(self):
        self.page.acknowledge()

    @precondition(lambda self: not self.away)
    @rule()
    def line_breaks(self):
        """What was on its way to the page is lost."""
        self.page.lose()
        self.away = True

    @rule(page_class=PAGES)
    def page_returns_or_changes_its_transport(self, page_class):
        self.page = self.page.change_to(page_class)
        self.away = False
        if page_class is WebSocketPage:
            _, self.known = self.page.controls[0]
        self.bring()

    @rule(seconds=st.integers(1, 20))
    def time_passes(self, seconds):
        if self.away:
            self.page_returns_or_changes_its_transport(type(self.page))
        for _ in range(seconds):
            self.rig.wait(1)
            self.read()

    @rule()
    def page_is_away_for_too_long(self):
        """The session is over, the page learns it, and begins another."""
        self.page.lose()
        self.rig.wait(91)
        assert self.rig.backend.line.lost
        assert self.page.change_to(type(self.page)).closed_with == "session-unknown"
        self.begin(type(self.page), owned=True)

    @precondition(lambda self: not self.away)
    @rule(last=DATA)
    def backend_closes(self, last):
        """Its last words arrive before the news of its end."""
        self.rig.backend.send(last)
        self.rig.backend.hang_up()
        self.read()
        assert self.page.text == self.sent + last
        assert self.page.closed_with == "loseConnection"
        self.begin(type(self.page), owned=False)

    @precondition(lambda self: not self.away)
    @rule()
    def page_closes(self):
        """What it sent before has arrived."""
        self.bring()
        self.page.close()
        assert self.rig.backend.line.lost
        assert self.rig.backend.received == b"".join(filter(None, self.page.outbox[1:]))
        self.begin(type(self.page), owned=True)

    @invariant()
    def nothing_is_lost_doubled_or_reordered(self):
        if self.page is not None:
            assert self.page.closed_with is None
            assert self.sent.startswith(self.page.text)
            arrived = self.page.outbox[1 : self.session.received]
            assert self.rig.backend.received == b"".join(filter(None, arrived))

    def teardown(self):
        if self.page is not None:
            self.page_returns_or_changes_its_transport(type(self.page))
            self.read()
            assert self.page.text == self.sent
            assert self.rig.backend.received == b"".join(filter(None, self.page.outbox[1:]))


TestSessionInAnyOrder = SessionInAnyOrder.TestCase
TestSessionInAnyOrder.settings = hypothesis_settings(max_examples=60, stateful_step_count=30, deadline=None)
