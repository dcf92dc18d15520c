"""Failed logins are counted by the browser's address, over all web processes."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.test import RequestFactory

from quiz.community.adapter import AccountAdapter


def test_behind_a_trusted_proxy_the_browser_counts() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.5")
    assert AccountAdapter(request).get_client_ip(request) == "203.0.113.5"


def test_a_unix_socket_that_tells_nothing_is_this_machine() -> None:
    assert AccountAdapter().get_client_ip(RequestFactory().get("/", REMOTE_ADDR="")) == "127.0.0.1"


@pytest.mark.django_db
def test_the_count_is_one_for_all_processes(settings: Any) -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    cache.set("attempts", 3)
    assert DatabaseCache(settings.CACHES["default"]["LOCATION"], {}).get("attempts") == 3
