"""What ``stompjs.js`` plays, and what it must have heard."""

from typing import Any

from tests.stack import ROOT

LIBRARY = ROOT / "static" / "vendor" / "stompjs" / "stomp.umd.min.js"
SCRIPT = ROOT / "tests" / "system" / "stompjs.js"


def assert_heard(heard: dict[str, Any], version: str) -> None:
    """Hold what a client heard against what the version has."""
    own = {
        "1.0": {"città": "perché", "time": "12:30"},
        "1.1": {"città": "perché"},
        "1.2": {"città": "perché", "time": "12:30", "path": "C:\\temp\nline"},
    }
    assert (heard["version"], heard["protocol"]) == (version, f"v{version.replace('.', '')}.stomp")
    assert heard["bodies"] == ["già €\0😀", ""]
    assert heard["headers"] == own[version]
    assert heard["again"] == (["b true", "c true"] if version == "1.0" else ["b true"])
    assert heard["committed"] == ["commit 1", "commit 2", "after"]
    assert heard["bytes"] == list(range(256))
    assert len(heard["receipts"]) == 3
    assert heard["isAlive"]
    assert (heard["errors"], heard["closed"]) == ([], 1000)
