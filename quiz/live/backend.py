"""Where messages go: ``LIVE_BACKEND`` names a function ``deliver(messages)``, by default the broker itself.

It returns when the broker has taken all of them and raises ``BrokerError`` otherwise.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from quiz.live.messages import Message

DEFAULT_BACKEND = "quiz.live.broker.deliver"


def deliver(messages: Sequence[Message]) -> None:
    """Hand the messages to the backend, in order."""
    import_string(getattr(settings, "LIVE_BACKEND", DEFAULT_BACKEND))(messages)
