"""The referee's little door on loopback."""

import urllib.error
import urllib.request

import pytest

from quiz.play.health import Health, serve_health
from quiz.processes.network import free_port


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def served() -> tuple[int, Health]:
    port = free_port()
    return port, serve_health(port)


def test_a_referee_is_ready_only_while_its_looks_go_well(served: tuple[int, Health]) -> None:
    port, health = served
    assert get(port, "/readyz") == (503, "not ready\n")
    health.well = True
    assert get(port, "/readyz") == (200, "ready\n")
    health.well = False
    assert get(port, "/readyz")[0] == 503


def test_it_is_healthy_as_long_as_it_answers(served: tuple[int, Health]) -> None:
    assert get(served[0], "/healthz") == (200, "ok\n")


def test_it_shows_the_figures_of_its_process(served: tuple[int, Health]) -> None:
    status, figures = get(served[0], "/metrics")
    assert status == 200
    assert "process_cpu_seconds_total" in figures


def test_there_is_nothing_else(served: tuple[int, Health]) -> None:
    assert get(served[0], "/etc/passwd")[0] == 404
