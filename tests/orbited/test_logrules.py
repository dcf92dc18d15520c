import pytest

from orbited.errors import ConfigError
from orbited.grammar import read
from orbited.logrules import ENABLED, LogRules, Output, PythonLogging, parse_logging


def rules(text):
    return parse_logging(read(text, "x"))


def test_nothing_said_is_our_own_style():
    assert rules("[global]\n[log]\ndebug = 1\n") is None


@pytest.mark.parametrize("section", ["logging", "loggers"])
def test_either_section_is_the_style_of_0_7(section):
    assert rules(f"[{section}]\n") == LogRules(outputs={}, enabled=ENABLED, loggers={})


def test_levels_go_to_lists_of_outputs():
    text = "[logging]\ndebug = SCREEN, debug.log\nerror=STDERR,,error.log,\nnonsense = x\n"
    assert rules(text).outputs == {
        "debug": (Output("SCREEN", "x:2"), Output("debug.log", "x:2")),
        "error": (Output("STDERR", "x:3"), Output("error.log", "x:3")),
    }


def test_blanks_in_lists_of_levels_do_not_count():
    given = rules(
        "[logging]\nenabled.default = info, access,warn ,error\n[loggers]\norbited.start = debug , info\na=\n"
    )
    assert given.enabled == {"info", "access", "warn", "error"}
    assert given.loggers == {"orbited.start": {"debug", "info"}, "a": frozenset()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[logging]\n\nenabled.default = info,warning",
            "x:3: [logging] enabled.default: 'warning' is none of the levels",
        ),
        ("[loggers]\norbited.start = all", "x:2: [loggers] orbited.start: 'all' is none of the levels debug, info"),
        ("[loggers]\nkeys = root", "x:2: [loggers] keys: 'root' is none of the levels"),
    ],
)
def test_unknown_level_is_named_with_line_and_key(text, message):
    with pytest.raises(ConfigError) as caught:
        rules(text)
    assert str(caught.value).startswith(message)


def test_style_of_0_7_11_hands_on_its_sections_and_nothing_else():
    text = (
        "[global]\nuser = x\n[loggers]\nkeys = root\n[handlers]\nkeys = screen\n[logger_root]\nhandlers = screen\n"
        "[handler_screen]\nclass = StreamHandler\nargs = (sys.stdout,)\n[formatters]\nkeys =\n[logging]\ninfo = a.log\n"
    )
    assert rules(text) == PythonLogging(
        "[loggers]\nkeys = root\n[handlers]\nkeys = screen\n[logger_root]\nhandlers = screen\n"
        "[handler_screen]\nclass = StreamHandler\nargs = (sys.stdout,)\n[formatters]\nkeys = ",
        "x:4",
    )
