"""A real Chromium for the tests of this folder.

Where there is no Chromium the tests are skipped by name; with ``CI=true`` they fail instead, so that a build server
without a browser cannot look green.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser.stage import bare
from tests.stack import Stack
from tools import chromium as chromiums

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# ms. What takes longer on two busy cores does not come at all.
START_MS = 120_000

# ms. A test waits for states, on a machine whose cores other tests use too.
expect.set_options(timeout=60_000)


def skip_or_fail(message: str) -> None:
    """Skip the test for want of a part, or fail it where all parts are owed (``CI=true``)."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of the Chromium to drive."""
    return _there(chromiums.find())


@pytest.fixture(scope="session")
def whole_chromium() -> Path:
    """The path of a Chromium with all that a window has."""
    return _there(chromiums.find(places=chromiums.WHOLE))


def _there(path: Path) -> Path:
    if not path.exists():
        skip_or_fail(f"chromium is not at {path}: install it, or name another with CHROMIUM=")
    return path


@pytest.fixture(scope="module")
def playwright_driver(chromium: Path) -> Iterator[Playwright]:
    """Playwright's driver. It ends with its file, because its event loop is in the way of tests with their own."""
    node, _ = compute_driver_executable()
    trial = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if trial.returncode != 0:
        skip_or_fail(f"Playwright's driver does not start: {trial.stderr}")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright, chromium: Path) -> Iterator[Browser]:
    """One running Chromium; open a fresh profile with ``browser.new_context()``."""
    running = playwright_driver.chromium.launch(executable_path=str(chromium), args=ARGUMENTS, timeout=START_MS)
    yield running
    running.close()


@pytest.fixture(scope="module")
def stack(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Orbit Quiz itself, for pages that are to see the real server."""
    with Stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Callable[..., Any]]:
    """Runs ``(module, argument) => …`` with a module of static/ imported and gives what it returns."""
    with bare(browser) as page:
        yield lambda module, code, argument=None: _run(page, module, code, argument)


def _run(page: Page, module: str, code: str, argument: Any) -> Any:
    load = "async ([path, argument]) => (" + code + ")(await import(path), argument)"
    return page.evaluate(load, [f"/static/{module}", argument])
