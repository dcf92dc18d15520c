"""A backend for tests: messages go to a list instead of a broker, as with Django's mail outbox.

``LIVE_BACKEND = "quiz.live.memory.deliver"``, then look at ``live.outbox``.
"""

from collections.abc import Sequence

from quiz.live.messages import Message

outbox: list[Message] = []


def deliver(messages: Sequence[Message]) -> None:
    """Keep the messages where a test finds them."""
    outbox.extend(messages)
