"""@stomp/stompjs in node, over a WebSocket to a real relay's /stomp: the node that Playwright brings."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright._impl._driver import compute_driver_executable

from tests.browser.oldpages import LOGIN, PASSCODE, OldSite, open_site
from tests.stack import PATIENCE
from tests.system.stompjs import LIBRARY, SCRIPT, assert_heard


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldSite]:
    yield from open_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def node() -> str:
    program, _ = compute_driver_executable()
    trial = subprocess.run([program, "-p", "typeof WebSocket"], capture_output=True, text=True, check=False)
    if trial.stdout.strip() != "function":
        message = f"no node with WebSockets: {trial.stderr} (Debian: apt-get install libatomic1)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return str(program)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_does_all_it_has_in_node(site: OldSite, node: str, version: str) -> None:
    url = f"ws://127.0.0.1:{site.http}/stomp"
    arguments = json.dumps([url, {"login": LOGIN, "passcode": PASSCODE}, version])
    program = f"""
        const StompJs = require({json.dumps(str(LIBRARY))});
        require({json.dumps(str(SCRIPT))});
        play(StompJs, ...{arguments}).then((heard) => console.log(JSON.stringify(heard)));
    """
    done = subprocess.run([node, "-e", program], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.stderr == ""
    assert_heard(json.loads(done.stdout), version)
