"""Events of real loggers, seen by an observer like the one that a relay begins with."""

import io
import logging
import re
import sys
import time
from pathlib import Path

import pytest
from twisted.logger import Logger, LogLevel, LogPublisher

from orbited.config import parse
from orbited.errors import ConfigError
from orbited.logs import ACCESS, Logs, dated

KEY = "0123456789abcdef" * 2

FILE_OF_0_7_11 = """
[loggers]
keys = root,relay
[handlers]
keys = all,relay
[formatters]
keys = short
[logger_root]
level = WARNING
handlers = all
[logger_relay]
level = DEBUG
handlers = relay
qualname = orbited.server
propagate = 0
[handler_all]
class = FileHandler
args = ('{folder}/all.log',)
formatter = short
[handler_relay]
class = FileHandler
args = ('{folder}/relay.log', 'a')    ; as it was written then
formatter = short
[formatter_short]
format = %(levelname)s %(name)s %(message)s
"""


class Rig:
    """Loggers whose events ``logs`` sees."""

    def __init__(self, text="", verbose=False):
        self.logs = Logs(verbose)
        self.publisher = LogPublisher(self.logs)
        self.apply(text)

    def apply(self, text):
        self.logs.apply(parse(text, "x").logging)

    def logger(self, name):
        return Logger(name, observer=self.publisher)

    def say(self, name="orbited.server", text="hello"):
        """One line at each level of Twisted's."""
        for level in LogLevel.iterconstants():
            self.logger(name).emit(level, f"{text} at {level.name}")

    @property
    def dropped(self):
        return self.logs.dropped._value.get()


@pytest.fixture
def python_logging():
    """Gives Python's logging back as it was, with the levels of loggers that other libraries have."""
    root, handlers = logging.root, list(logging.root.handlers)
    named = [each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    levels = [(each, each.level) for each in [root, *named]]
    root.handlers.clear()
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    for each, level in levels:
        each.setLevel(level)


def lines(path):
    return path.read_text().splitlines()


def messages(text):
    """The lines of 0.7.10 as level, name and message."""
    pattern = r"\d\d/\d\d/\d\d \d\d:\d\d:\d\d:\d{3} ([A-Z ]{6}) (\S+)\t(.*)"
    return [
        (level.strip(), name, what) for level, name, what in (re.fullmatch(pattern, line).groups() for line in text)
    ]


def test_without_sections_our_lines_go_to_standard_output(capsys):
    Rig().say()
    assert capsys.readouterr() == (
        "INFO orbited.server: hello at info\nWARN orbited.server: hello at warn\nERROR orbited.server: hello at error\n"
        "ERROR orbited.server: hello at critical\n",
        "",
    )


def test_pages_are_not_logged_one_by_one_unless_that_is_asked_for(capsys):
    for verbose in (False, True):
        Rig(verbose=verbose).logger(ACCESS).debug("new connection")
    assert capsys.readouterr().out == f"ACCESS {ACCESS}: new connection\n"


def test_verbose_shows_every_level_in_the_old_style_too(capsys):
    Rig("[logging]\nenabled.default = error\n", verbose=True).logger("a").debug("hello")
    assert messages(capsys.readouterr().out.splitlines()) == [("DEBUG", "a", "hello")]


def test_line_has_the_form_of_0_7_10(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        assert (
            dated("orbited.start", "info", "up", 1245877524.6519) == "06/24/09 21:05:24:651 INFO   orbited.start\tup\n"
        )
        assert dated("a", "access", "x", 0.0049) == "01/01/70 00:00:00:004 ACCESS a\tx\n"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_levels_go_where_the_section_says(tmp_path, capsys):
    rig = Rig(
        f"[logging]\ndebug=STDOUT\ninfo = SCREEN, {tmp_path}/both.log\n"
        f"access={tmp_path}/access.log,{tmp_path}/both.log\nwarn=STDERR\nerror=\n"
        "enabled.default = debug,info,access,warn,error\n"
    )
    rig.say()
    rig.logger(ACCESS).debug("new connection from 10.0.0.1:5000 to localhost:61613")
    out, err = capsys.readouterr()
    assert [level for level, *_ in messages(out.splitlines())] == ["DEBUG", "INFO"]
    assert [level for level, *_ in messages(err.splitlines())] == ["WARN"]
    access = ("ACCESS", ACCESS, "new connection from 10.0.0.1:5000 to localhost:61613")
    assert messages(lines(tmp_path / "access.log")) == [access]
    assert messages(lines(tmp_path / "both.log")) == [("INFO", "orbited.server", "hello at info"), access]


def test_debug_is_off_by_default_and_the_rest_on_the_screen(capsys):
    rig = Rig("[logging]\n")
    rig.say()
    rig.logger(ACCESS).debug("x")
    assert [level for level, *_ in messages(capsys.readouterr().out.splitlines())] == [
        "INFO",
        "WARN",
        "ERROR",
        "ERROR",
        "ACCESS",
    ]


def test_loggers_are_named_exactly(capsys):
    rig = Rig("[loggers]\norbited.server = debug\n")
    for name in ("orbited.server", "orbited", "orbited.server.x"):
        rig.say(name)
    shown = [(name, level) for level, name, _ in messages(capsys.readouterr().out.splitlines())]
    assert [level for name, level in shown if name == "orbited.server"] == ["DEBUG"]
    for name in ("orbited", "orbited.server.x"):
        assert [level for other, level in shown if other == name] == ["INFO", "WARN", "ERROR", "ERROR"]


def test_files_are_added_to(tmp_path):
    (tmp_path / "a.log").write_text("before\n")
    Rig(f"[logging]\ninfo={tmp_path}/a.log\n").logger("a").info("after")
    assert [line[-6:] for line in lines(tmp_path / "a.log")] == ["before", "\tafter"]


def test_levels_change_while_it_runs(capsys):
    rig = Rig("[logging]\nenabled.default = error\n")
    rig.logger("a").info("one")
    rig.apply("[logging]\nenabled.default = info\n")
    rig.logger("a").info("two")
    rig.apply("")
    rig.logger("a").info("three")
    assert [line[-5:] for line in capsys.readouterr().out.splitlines()] == ["a\ttwo", "three"]


def test_rotated_file_is_left_when_the_rules_are_applied_again(tmp_path):
    text = f"[logging]\ninfo={tmp_path}/a.log\n"
    rig = Rig(text)
    rig.logger("a").info("one")
    (tmp_path / "a.log").rename(tmp_path / "a.log.1")
    rig.apply(text)
    rig.logger("a").info("two")
    assert [line[-3:] for line in lines(tmp_path / "a.log.1") + lines(tmp_path / "a.log")] == ["one", "two"]


def test_no_file_stays_open_when_others_are_named(tmp_path):
    def opened():
        return [path.name for path in map(Path.resolve, Path("/proc/self/fd").iterdir()) if path.parent == tmp_path]

    rig = Rig(f"[logging]\ninfo={tmp_path}/a.log\nwarn={tmp_path}/a.log\n")
    assert opened() == ["a.log"]
    for _ in range(3):
        with pytest.raises(ConfigError):
            rig.apply(f"[logging]\ninfo={tmp_path}/b.log\nwarn={tmp_path}/none/c.log\n")
    assert opened() == ["a.log"]
    rig.apply("")
    assert opened() == []


@pytest.mark.parametrize("name", ["none/a.log", "."])
def test_file_that_cannot_be_written_is_named_and_changes_nothing(tmp_path, name, capsys):
    rig = Rig()
    with pytest.raises(ConfigError) as caught:
        rig.apply(f"[logging]\n\nwarn = STDERR, {tmp_path}/{name}\n")
    assert str(caught.value).startswith(f"x:3: [logging] warn: cannot log to '{tmp_path}/{name}': ")
    rig.logger("a").info("still here")
    assert capsys.readouterr().out == "INFO a: still here\n"


def test_line_that_finds_no_room_is_dropped_and_counted(tmp_path):
    rig = Rig(f"[logging]\ninfo = /dev/full,{tmp_path}/a.log\n")
    rig.logger("a").info("one")
    rig.logger("a").info("two")
    assert rig.dropped == 2
    assert [line[-3:] for line in lines(tmp_path / "a.log")] == ["one", "two"]


def test_screen_that_nobody_reads_any_more_is_borne(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    rig = Rig()
    stream.close()
    rig.logger("a").info("one")
    assert rig.dropped == 1


def test_text_of_any_alphabet_reaches_any_screen(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "utf-8"))
    Rig().logger("a").info("perch\u00e9 {name}", name="caf\udce9")
    assert raw.getvalue().decode() == "INFO a: perch\u00e9 caf\\udce9\n"


def test_keys_and_tokens_are_hidden_wherever_they_come_from(capsys):
    log = Rig(verbose=True).logger("a")
    log.info("GET /tcp/{key}/stream?token={key}&ack=2", key=KEY)
    log.debug("no key is {short}", short=KEY[:31])
    try:
        raise ValueError(f"<Request uri=/tcp/{KEY}>")
    except ValueError:
        log.failure("failed")
    out = capsys.readouterr().out
    assert KEY not in out
    assert out.startswith("INFO a: GET /tcp/[secret]/stream?token=[secret]&ack=2\n")
    assert KEY[:31] in out
    assert "ValueError: <Request uri=/tcp/[secret]>" in out


def test_no_text_of_others_can_look_like_a_line_of_its_own(capsys):
    Rig().logger("a").info("asked for {host}", host="x\nERROR a: forged")
    assert capsys.readouterr().out == "INFO a: asked for x\n\tERROR a: forged\n"


@pytest.mark.usefixtures("python_logging")
class TestStyleOf0711:
    def test_events_reach_the_loggers_of_the_same_names(self, tmp_path):
        rig = Rig(FILE_OF_0_7_11.format(folder=tmp_path))
        rig.say("orbited.server")
        rig.say("orbited.server.deeper")
        rig.say("stomp_broker")
        assert lines(tmp_path / "relay.log") == [
            f"{level} {name} hello at {twisted}"
            for name in ("orbited.server", "orbited.server.deeper")
            for level, twisted in (
                ("DEBUG", "debug"),
                ("INFO", "info"),
                ("WARNING", "warn"),
                ("ERROR", "error"),
                ("ERROR", "critical"),
            )
        ]
        assert lines(tmp_path / "all.log") == [
            "WARNING stomp_broker hello at warn",
            "ERROR stomp_broker hello at error",
            "ERROR stomp_broker hello at critical",
        ]

    def test_access_is_information(self, tmp_path):
        text = FILE_OF_0_7_11.format(folder=tmp_path).replace("level = WARNING", "level = INFO")
        Rig(text).logger(ACCESS).debug("new connection")
        assert lines(tmp_path / "all.log") == [f"INFO {ACCESS} new connection"]

    def test_libraries_that_log_with_python_are_heard(self, tmp_path):
        Rig(FILE_OF_0_7_11.format(folder=tmp_path))
        logging.getLogger("coilmq.store").warning("full")
        assert lines(tmp_path / "all.log") == ["WARNING coilmq.store full"]

    def test_other_rules_leave_nothing_of_the_old_in_force(self, tmp_path):
        text = FILE_OF_0_7_11.format(folder=tmp_path)
        rig = Rig(text)
        (tmp_path / "relay.log").rename(tmp_path / "relay.log.1")
        rig.apply(text.replace("qualname = orbited.server", "qualname = orbited.other"))
        rig.logger("orbited.server").info("too quiet for root")
        rig.logger("orbited.other").info("rotated")
        assert lines(tmp_path / "relay.log.1") == []
        assert lines(tmp_path / "relay.log") == ["INFO orbited.other rotated"]
        rig.apply("")
        rig.logger("orbited.other").info("not there")
        assert lines(tmp_path / "relay.log") == ["INFO orbited.other rotated"]
        assert logging.root.handlers == []

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("class = FileHandler", "class = NoHandler", "NoHandler"),
            ("('{folder}/all.log',)", "('{folder}/none/all.log',)", "FileNotFoundError"),
            ("('{folder}/all.log',)", "(", "SyntaxError"),
            ("keys = all,relay", "keys = all", "KeyError: 'relay'"),
            ("[formatters]", "[other]", "formatters"),
        ],
    )
    def test_rules_that_python_cannot_follow_change_nothing(self, tmp_path, old, new, reason):
        rig = Rig(FILE_OF_0_7_11.format(folder=tmp_path))
        with pytest.raises(ConfigError) as caught:
            rig.apply(FILE_OF_0_7_11.replace(old, new).format(folder=tmp_path))
        assert str(caught.value).startswith("x:3: [loggers] Python's logging: ")
        assert reason in str(caught.value)
        rig.logger("orbited.server").info("still here")
        assert lines(tmp_path / "relay.log") == ["INFO orbited.server still here"]

    def test_line_that_finds_no_room_is_dropped_and_counted(self, tmp_path, capsys):
        text = FILE_OF_0_7_11.format(folder=tmp_path).replace(f"{tmp_path}/relay.log", "/dev/full")
        rig = Rig(text)
        rig.logger("orbited.server").info("one")
        assert rig.dropped == 1
        assert capsys.readouterr().err == ""
