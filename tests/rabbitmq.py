"""Orbit Quiz as processes of their own with a real RabbitMQ in the place of its broker."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quiz.processes.network import free_port
from tests.stack import Stack
from tools.rabbitmq import PROGRAM, rabbitmq


def rabbitmq_is_here() -> None:
    """Skip the test, or fail it where the program is owed (``CI=true``)."""
    if not PROGRAM.exists():
        message = "RabbitMQ is not installed (Debian: apt-get install rabbitmq-server)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@contextmanager
def stack_on_rabbitmq(folder: Path) -> Iterator[Stack]:
    """A stack that runs, with the configuration of ``deploy/rabbitmq``, judged by its own web process."""
    rabbitmq_is_here()
    key = secrets.token_urlsafe(32)
    stack = Stack(folder, destinations="rabbitmq", judge_key=key)
    api_port = free_port()
    stack.environment["RABBITMQ_API_PORT"] = str(api_port)
    broker = rabbitmq(
        folder / "rabbitmq",
        judge_url=f"http://127.0.0.1:{stack.ports['WEB_PORT']}/rabbitmq/{key}/",
        passcode=os.environ["STOMP_PASSCODE"],
        stomp_port=stack.ports["STOMP_PORT"],
        api_port=api_port,
    )
    with broker, stack:
        yield stack
