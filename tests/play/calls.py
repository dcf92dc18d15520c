"""Calls as a page or a program makes them."""

import json
from typing import Any

from django.test import Client


def call(client: Client, url: str, data: Any = None, **extra: Any) -> Any:
    """POST ``data``, by default an empty object, as JSON."""
    return client.post(url, json.dumps(data or {}), content_type="application/json", **extra)


def bearer(ticket: str) -> dict[str, str]:
    """What makes a call with that ticket, as ``extra`` of the test client."""
    return {"HTTP_AUTHORIZATION": f"Bearer {ticket}"}
