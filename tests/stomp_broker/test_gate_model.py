"""A gate held against a model: whatever is lost, receipts are true, and readers hear all of it in order or are cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stomp_broker.gated import ANSWERS, STATUS, GatedQuiz


class Player:
    """Somebody who comes back whenever cut, reads a topic and sends answers, each with a receipt."""

    def __init__(self, quiz, number):
        self.quiz = quiz
        self.number = number
        self.client = None
        self.sent, self.receipted = [], set()
        # What came over each connection that was subscribed in time.
        self.heard = []

    def come(self):
        self.hear()
        if self.client is None and not self.quiz.gate.is_away:
            self.client = self.quiz.player(self.number)
            self.client.send("SUBSCRIBE", {"id": "0", "destination": STATUS, "receipt": "subscribed"})
            self.heard.append([])
            self.hear()

    def answer(self):
        if self.client:
            body = f"{self.number}-{len(self.sent)}"
            self.sent.append(body)
            self.client.send("SEND", {"destination": ANSWERS, "receipt": body}, body.encode())
            self.hear()

    def hear(self):
        if self.client is None:
            return
        for frame in self.client.received():
            if frame.command == "RECEIPT":
                self.receipted.add(frame.headers["receipt-id"])
            elif frame.command == "MESSAGE":
                self.heard[-1].append(int(frame.body))
        if self.client.is_closed:
            self.client = None


class Model:
    """A gate, two players, and a service at the other broker that publishes numbers."""

    def __init__(self):
        self.quiz = GatedQuiz()
        self.players = [Player(self.quiz, number) for number in (1, 2)]
        self.service = self.quiz.behind.service()
        self.published = 0

    def publish(self):
        self.service.publish(STATUS, b"%d" % self.published)
        self.published += 1

    def hold(self):
        if not self.quiz.gate.is_away:
            self.quiz.hold()

    def let_go(self):
        if not self.quiz.gate.is_away:
            self.quiz.let_go()

    def lose(self):
        if not self.quiz.gate.is_away:
            self.quiz.lose()

    def return_(self):
        self.quiz.return_()

    def do(self, step):
        actor, _, what = step.rpartition(".")
        getattr(self.players[int(actor)] if actor else self, what)()
        for player in self.players:
            player.hear()

    def answers(self):
        """All bodies in the queue, in order."""
        self.service.received()
        self.service.send("SUBSCRIBE", {"id": "0", "destination": ANSWERS})
        return [body.decode() for body in self.service.bodies()]


STEPS = ["publish", "hold", "let_go", "lose", "return_", "0.come", "1.come", "0.answer", "1.answer", "0.answer"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_receipts_are_true_and_readers_miss_nothing_in_between(steps):
    model = Model()
    for step in ["0.come", *steps, "return_", "let_go", "0.come", "1.come"]:
        model.do(step)
    answers = model.answers()
    for player in model.players:
        own = [body for body in answers if body.startswith(f"{player.number}-")]
        assert own == [body for body in player.sent if body in own]
        assert player.receipted - {"subscribed"} <= set(own)
        for heard in player.heard:
            assert heard == list(range(heard[0], heard[0] + len(heard))) if heard else True


def test_the_model_does_what_it_says():
    model = Model()
    for step in ("0.come", "publish", "0.answer", "publish", "lose", "0.answer", "return_", "0.come", "publish"):
        model.do(step)
    [player, _] = model.players
    assert player.heard == [[0, 1], [2]]
    assert player.receipted == {"subscribed", "1-0"}
    assert model.answers() == ["1-0"]
