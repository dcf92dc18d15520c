"""What RabbitMQ does for us over HTTP only, by its plugin ``rabbitmq_management``: it ends somebody's connections."""

import base64
import logging
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote

from django.conf import settings

from quiz.live.errors import BrokerUnavailable

logger = logging.getLogger(__name__)

# Seconds; it answers in two milliseconds.
ANSWER_LIMIT_S = 1.0

# The second is that of a login without connections.
DONE = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND)


class Management:
    """The interface, with a log line when it goes away, and one when it is back."""

    def __init__(self) -> None:
        self._away = False

    def close_connections(self, login: str) -> None:
        """End all connections of this login. Raises ``BrokerUnavailable``."""
        try:
            status = _delete(f"/api/connections/username/{quote(login, safe='')}")
        except (OSError, HTTPException) as error:
            self._note(str(error) or type(error).__name__)
            raise BrokerUnavailable("management: nobody answers") from error
        if status not in DONE:
            self._note(f"it answers {status}")
            raise BrokerUnavailable(f"management: {status}")
        self._note("")

    def _note(self, trouble: str) -> None:
        if bool(trouble) != self._away:
            self._away = bool(trouble)
            address = f"{settings.STOMP_HOST}:{settings.RABBITMQ_API_PORT}"
            what = f"is away, nobody can be put out: {trouble}" if trouble else "is back"
            logger.warning("RabbitMQ's management at %s %s", address, what)


_management = Management()


def close_connections(login: str) -> None:
    """End all connections of this login. Raises ``BrokerUnavailable``."""
    _management.close_connections(login)


def _delete(path: str) -> int:
    """The status of the answer."""
    secret = base64.b64encode(f"{settings.STOMP_LOGIN}:{settings.STOMP_PASSCODE}".encode()).decode()
    connection = HTTPConnection(settings.STOMP_HOST, settings.RABBITMQ_API_PORT, timeout=ANSWER_LIMIT_S)
    with closing(connection):
        connection.request("DELETE", path, headers={"Authorization": f"Basic {secret}"})
        return connection.getresponse().status
