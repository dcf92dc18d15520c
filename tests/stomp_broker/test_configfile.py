"""Configuration files: ours, CoilMQ's and MorbidQ's, and what each error and warning says."""

import pytest

from stomp_broker.configfile import MAX_DRAIN_SECONDS, read
from stomp_broker.errors import ConfigError


@pytest.fixture
def file(tmp_path):
    """Writes a file, and reads it."""
    path = tmp_path / "broker.ini"

    def file(text):
        path.write_text(text)
        return read(path)

    return file


def test_both_sections_may_stand_in_one_file(file):
    found = file(
        "# ours\n[broker]\nlog.level = WARN\nmemory.limit = 512MiB\ndrain.seconds = 3\n"
        "[coilmq]\nqstore.factory = a.b\nqstore.dbm.data_dir = /tmp\n"
    )
    assert found.values == {
        "log_level": "warn",
        "memory_limit": 512 * 1024 * 1024,
        "drain_seconds": 3,
        "store": "a.b",
    }
    assert found.warnings == ()


def test_a_file_of_morbidq_is_read_and_told_what_it_does_not_mean_any_more(file):
    found = file("auth=/etc/morbid/auth\nport=61613\nverbose=True\ninterface=\ncolour=blue\n")
    assert found.values == {"log_level": "debug"}
    assert [warning.partition("broker.ini, ")[2].partition(":")[0] for warning in found.warnings] == [
        "line 1",
        "line 2",
        "line 4",
        "line 5",
    ]
    assert "-a or broker.auth" in found.warnings[0]
    assert "nothing reads 'colour'" in found.warnings[-1]


def test_an_empty_file_says_nothing(file):
    found = file("\n# nothing\n")
    assert (found.values, found.warnings) == ({}, ())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "[broker]\nlog.level = loud",
            r"\[broker\], log\.level: 'loud' is none of the levels debug",
        ),
        ("[broker]\nmemory.limit = much", r"\[broker\], memory\.limit: 'much' is no size"),
        (f"[broker]\ndrain.seconds = {MAX_DRAIN_SECONDS + 1}", r"drain\.seconds: '21' is not a whole number"),
        ("[broker]\ndrain.seconds = -1", "from 0 to 20"),
        ("[broker]\ncolour = blue", r"\[broker\], colour: not known. Known are "),
        ("[brocker]\n", r"nothing reads \[brocker\]. Sections are "),
        ("[broker]\nno equals sign here\n", "no equals sign here"),
        ("[broker]\n[broker]\n", "already exists"),
        ("memory.limit = 5", r"line 1: memory\.limit needs its section"),
    ],
)
def test_what_cannot_be_followed_is_named(file, text, named):
    with pytest.raises(ConfigError, match=named) as caught:
        file(text)
    assert "broker.ini" in str(caught.value)


def test_bytes_that_are_no_text_are_an_error(tmp_path):
    path = tmp_path / "broker.ini"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"broker\.ini: 'utf-8' codec"):
        read(path)
