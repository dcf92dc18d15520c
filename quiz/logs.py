"""What the log says of requests that are refused."""

import logging


class OneLine(logging.Filter):
    """Takes the traceback off what Django tells of a suspicious request: any stranger can send a thousand of them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True
