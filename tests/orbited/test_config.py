"""Whole files, and the words in which a wrong one is refused."""

import os
import re
from dataclasses import fields, replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited import config as module
from orbited import doubts
from orbited.__main__ import _parser as options
from orbited.access import Rule
from orbited.config import NEEDS_RESTART, Certificates, Config, Limits, Listener, Mount, find, load, parse
from orbited.config import waiting_for_restart as waiting
from orbited.errors import ConfigError
from orbited.keys import GLOBAL, LIMITS, SESSION, TEST
from orbited.listen import SCHEMES
from orbited.logrules import LogRules, Output, PythonLogging
from orbited.session import Settings

ROOT = Path(__file__).resolve().parents[2]

# The file of the talk that the project follows.
SLIDE = """
[global]
reactor=select
# reactor=kqueue
# reactor=epoll
session.ping_interval = 40
session.ping_timeout = 30
proxy.enabled = 1

[listen]
http://:9000
stomp://:61613

[access]
* -> localhost:61613
"""

# Everything that 0.7.0 to 0.7.9 knew, with its habits: a pid file, the log of 0.6, a broker's file, no blanks.
FILE_OF_0_7_0 = """
# Orbited
[global]
proxy.enabled=1
session.ping_interval=40
session.ping_timeout=30
pid.location=/tmp/orbited.pid
user=orbited   # only if started as root
group=daemon

[log]
location = /tmp

[listen]
http://:8000
http://127.0.0.1:8001
stomp://:61613 morbid.cfg
echo://:9001

[access]
* -> localhost:61613
example.com:8000->irc.example.com:6667
* -> www.example.com     # port 80

[static]
chat = {folder}
INDEX = {folder}/index.html

[global]
session.ping_interval=50
"""

FILE_OF_0_7_10 = """
[global]
reactor = epoll
proxy.enabled = 0

[listen]
https://:8443
monitor://:9002
lineecho://:9003
rude://:9004
announce://:9005

[ssl]
key = {folder}/a.key
crt = {folder}/a.crt

[logging]
debug = SCREEN,debug.log
info = SCREEN,info.log
access = SCREEN,info.log,access.log
warn = STDERR
error = STDERR,error.log
enabled.default = info,access,warn,error

[loggers]
orbited.start = debug,info,access,warn,error
orbited.proxy.ProxyIncomingProtocol = access

[test]
stompdispatcher.enabled = 1
"""

FILE_OF_0_7_11 = """
[global]
session.ping_timeout = 20

[listen]
http://
https://relay.example

[ssl]
key = {folder}/a.key
crt = {folder}/a.crt
chain = {folder}/chain.crt

[loggers]
keys = root,orbited

[handlers]
keys = screen

[formatters]
keys = plain

[logger_root]
level = INFO
handlers = screen

[logger_orbited]
level = DEBUG
handlers =
qualname = orbited

[handler_screen]
class = StreamHandler
formatter = plain
args = (sys.stdout,)

[formatter_plain]
format = %(asctime)s %(name)s %(message)s
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "index.html").touch()
    return tmp_path


def test_file_of_the_talk_is_read_as_it_is():
    config = parse(SLIDE, "orbited.cfg")
    assert config == Config(
        reactor="select",
        session=Settings(ping_interval_s=40, ping_timeout_s=30),
        listen=(Listener("http", "", 9000), Listener("stomp", "", 61613)),
        access=(Rule("*", "localhost", 61613),),
    )
    assert config.warnings == ()


def test_file_of_0_7_0_is_read_as_it_is(folder):
    config = parse(FILE_OF_0_7_0.format(folder=folder), "x")
    assert config == Config(
        user="orbited",
        group="daemon",
        session=Settings(ping_interval_s=50, ping_timeout_s=30),
        listen=(
            Listener("http", "", 8000),
            Listener("http", "127.0.0.1", 8001),
            Listener("stomp", "", 61613, "morbid.cfg"),
            Listener("echo", "", 9001),
        ),
        access=(
            Rule("*", "localhost", 61613),
            Rule("example.com:8000", "irc.example.com", 6667),
            Rule("*", "www.example.com", 80),
        ),
        static=(Mount("chat", folder), Mount("INDEX", folder / "index.html")),
    )
    assert [warning for warning in config.warnings if "morbid.cfg" not in warning] == []


def test_file_of_0_7_10_is_read_as_it_is(folder):
    config = parse(FILE_OF_0_7_10.format(folder=folder), "x")
    every = frozenset({"debug", "info", "access", "warn", "error"})
    assert config == Config(
        reactor="epoll",
        proxy_enabled=False,
        stomp_dispatcher=True,
        listen=(
            Listener("https", "", 8443),
            Listener("monitor", "", 9002),
            Listener("lineecho", "", 9003),
            Listener("rude", "", 9004),
            Listener("announce", "", 9005),
        ),
        certificates=Certificates(folder / "a.key", folder / "a.crt", None),
        logging=LogRules(
            outputs={
                "debug": (Output("SCREEN", "x:18"), Output("debug.log", "x:18")),
                "info": (Output("SCREEN", "x:19"), Output("info.log", "x:19")),
                "access": (Output("SCREEN", "x:20"), Output("info.log", "x:20"), Output("access.log", "x:20")),
                "warn": (Output("STDERR", "x:21"),),
                "error": (Output("STDERR", "x:22"), Output("error.log", "x:22")),
            },
            enabled=every - {"debug"},
            loggers={"orbited.start": every, "orbited.proxy.ProxyIncomingProtocol": frozenset({"access"})},
        ),
    )
    assert config.warnings == ()


def test_file_of_0_7_11_is_read_as_it_is(folder):
    config = parse(FILE_OF_0_7_11.format(folder=folder), "x")
    assert config.session == Settings(ping_timeout_s=20)
    assert config.listen == (Listener("http", "", 80), Listener("https", "relay.example", 443))
    assert config.certificates == Certificates(folder / "a.key", folder / "a.crt", folder / "chain.crt")
    assert isinstance(config.logging, PythonLogging)
    assert "args = (sys.stdout,)" in config.logging.text
    assert "[ssl]" not in config.logging.text
    assert config.warnings == ()


def test_nothing_written_is_the_defaults():
    assert parse("", "x") == Config()


def test_our_own_settings():
    config = parse(
        "[global]\nsession.max = 4\nsession.per_address = 5\nsession.exempt = 10.1.0.0/16\nhttp.proxies = 10.0.0.1\n"
        "session.messages_per_second = 7\nsession.message_burst = 8\ndrain.seconds = 9\nbroker.auth = any\n"
        "[origins]\nhttp://localhost:8000\n[hosts]\nQuiz.example.org\n[listen]\nadmin://:9090\n",
        "x",
    )
    assert config == Config(
        listen=(Listener("admin", "127.0.0.1", 9090),),
        origins=("http://localhost:8000",),
        hosts=("quiz.example.org",),
        session=Settings(messages_per_s=7, message_burst=8),
        limits=Limits(
            sessions=4,
            sessions_per_address=5,
            exempt=(ip_network("10.1.0.0/16"),),
            proxies=(ip_network("10.0.0.1/32"),),
        ),
        drain_s=9,
        broker_auth="any",
    )
    assert config.warnings == ()


def test_what_is_unknown_is_taken_and_told():
    config = parse("[global]\nsession.pingtimeout = 3\n[future]\na = b\n", "x")
    assert config == Config()
    assert len(config.warnings) == 2
    assert "is it 'session.ping_timeout'?" in config.warnings[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1", "x:1: 'a = 1' stands before the first [section]"),
        ("[global]\n\nnonsense", "x:3: [global] 'nonsense' is not 'key = value'"),
        ("[global]\nsession.ping_interval = soon", "x:2: [global] session.ping_interval: 'soon' is not a whole number"),
        ("[global]\nsession.exempt = school", "x:2: [global] session.exempt: 'school'"),
        ("[listen]\nhttp//:1", "x:2: [listen] 'http//:1' is not 'scheme://host:port'"),
        ("[access]\n\n* -> *", "x:3: [access] "),
        ("[access]\n* -> *:*", "x:2: [access] "),
        ("[access]\n* -> a:*", "x:2: [access] '*' is not a port"),
        ("[access]\nlocalhost:1", "x:2: [access] 'localhost:1' is not"),
        ("[access]\n* -> localhost 61613", "x:2: [access] 'localhost 61613' is not"),
        ("[origins]\n*", "x:2: [origins] '*' is no origin"),
        ("[hosts]\na:1", "x:2: [hosts] 'a:1' is no host name"),
        ("[static]\ntcp = /tmp", "x:2: [static] tcp: the relay itself has /tcp; take another name"),
        ("[static]\n = /tmp", "x:2: [static] ' = /tmp' is not 'name = directory or file'"),
        ("[static]\na =", "x:2: [static] 'a = ' is not 'name = directory or file'"),
        ("[listen]\nhttp://:1\nhttps://:2\n[ssl]\ncrt=/dev/null", "x:3: [listen] https needs a file as 'key' in [ssl]"),
        ("[listen]\nhttps://:2\n[ssl]\nkey=/dev/null", "x:2: [listen] https needs a file as 'crt' in [ssl]"),
        ("[listen]\nhttps://:2\n[ssl]\n\nkey=", "x:5: [ssl] key: nothing stands behind the '='"),
        ("[logging]\nenabled.default = all", "x:2: [logging] enabled.default: 'all' is none of the levels"),
    ],
)
def test_errors_name_file_line_and_key(text, message):
    with pytest.raises(ConfigError) as caught:
        parse(text, "x")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", module.TAKEN)
def test_names_that_the_relay_has_itself_cannot_be_mounted(name):
    with pytest.raises(ConfigError, match=f"{name}: the relay itself has /{name}"):
        parse(f"[static]\n{name} = /tmp", "x")


def test_certificates_without_https_are_not_looked_at():
    assert parse("[listen]\nhttp://:1\n[ssl]\nkey = /nowhere", "x").certificates is None


def test_options_stand_in_place_of_sections():
    config = parse(SLIDE, "x", {"listen": ["http://127.0.0.1:1"], "access": [], "hosts": ["a"]})
    assert config.listen == (Listener("http", "127.0.0.1", 1),)
    assert config.access == ()
    assert config.hosts == ("a",)
    assert config.reactor == "select"


def test_wrong_option_is_named():
    with pytest.raises(ConfigError, match=r"command line: \[listen\] 'x' is not"):
        parse(SLIDE, "x", {"listen": ["x"]})


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match="nowhere: cannot be read: No such file or directory"):
        load(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_old_letters_and_the_mark_of_old_editors_do_no_harm(tmp_path):
    name = os.fsdecode(b"caf\xe9")
    (tmp_path / name).touch()
    file = tmp_path / "orbited.cfg"
    text = b"\xef\xbb\xbf[static] # perch\xe9 no\r\na = %s\r\n" % os.fsencode(tmp_path / name)
    file.write_bytes(text)
    config = load(file)
    assert config.static == (Mount("a", tmp_path / name),)
    assert config.warnings == ()


def test_first_file_that_exists_is_found(tmp_path, monkeypatch):
    places = [tmp_path / name for name in "abc"]
    monkeypatch.setattr(module, "SEARCH", places)
    with pytest.raises(ConfigError, match="-c: no configuration"):
        find()
    for place in reversed(places):
        place.touch()
        assert find() == place


def test_working_directory_comes_first_then_etc_then_windows():
    assert list(map(str, module.SEARCH)) == [
        "orbited.cfg",
        "/etc/orbited.cfg",
        "/Program Files/Orbited/etc/orbited.cfg",
    ]


def test_keys_are_named_with_their_place_later_too():
    config = parse("[global]\n\nuser = x\n", "orbited.cfg")
    assert config.where("global", "user") == "orbited.cfg:3: [global] user"
    assert config.where("global", "group") == "[global] group"


def test_what_needs_a_restart_is_named():
    running = parse(SLIDE, "x")
    assert waiting(running, replace(running, access=(), origins=("http://a",), limits=Limits(sessions=1))) == []
    assert waiting(running, replace(running, listen=(), user="x")) == ["[listen]", "[global] user"]
    assert NEEDS_RESTART.keys() < {field.name for field in fields(Config)}


def test_projects_own_file_is_in_order(request):
    config = load(request.config.rootpath / "orbited.cfg")
    assert {listener.scheme for listener in config.listen} == {"http", "stomp", "admin"}
    assert config.warnings == ()


headers = ["global", "listen", "access", "origins", "hosts", "static", "ssl", "logging", "loggers", "handlers", "test"]
keys = ["user", "session.max", "session.exempt", "key", "crt", "info", "enabled.default", "keys", "drain.seconds"]
words = st.sampled_from(["1", "0", "info", "a,b", "10.0.0.0/8", "/dev/null", "..", "\0", "é", "a" * 5000]) | st.text()
lines = (
    st.sampled_from(headers).map("[{}]".format)
    | st.builds("{} = {}".format, st.sampled_from(keys) | words, words)
    | st.sampled_from(["http://:1", "https://:1", "stomp://:1 a b", "* -> a:1", "=", "[]", "#", "http://a"])
    | st.text(max_size=20)
)


@given(st.text(max_size=200) | st.lists(lines).map("\n".join))
def test_any_text_gives_a_configuration_or_the_error(text):
    try:
        assert isinstance(parse(text, "x"), Config)
    except ConfigError as error:
        assert str(error).startswith("x:")


@given(data=st.binary(max_size=100))
def test_any_bytes_give_a_configuration_or_the_error(tmp_path_factory, data):
    file = tmp_path_factory.getbasetemp() / "any-bytes.cfg"
    file.write_bytes(b"[global]\n" + data)
    try:
        assert isinstance(load(file), Config)
    except ConfigError as error:
        assert str(error).startswith(f"{file}:")


class TestDocument:
    """docs/orbited-config.md says what the code does."""

    text = (ROOT / "docs/orbited-config.md").read_text()

    def rows(self, heading, cells):
        """The cells of every row below a heading."""
        part = self.text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
        rows = [list(map(str.strip, line[1:-1].split("|"))) for line in part.splitlines() if line.startswith("| `")]
        assert rows
        assert {len(row) for row in rows} == {cells}
        return rows

    def test_every_section_is_there_and_when_it_counts(self):
        rows = {row[0].strip("`[]"): row[3] for row in self.rows("## Sections", 4)}
        assert rows.pop("global") == "see below"
        needs = {name[1:].partition("]")[0] for name in NEEDS_RESTART.values()} - {"global"}
        assert set(rows) == set(doubts.SECTIONS) - {"global"}
        assert {section for section, counts in rows.items() if counts == "restart"} == needs

    @pytest.mark.parametrize("section", ["global", "ssl", "test", "logging"])
    def test_every_key_is_there(self, section):
        heading = "## Logs" if section == "logging" else f"## [{section}]"
        rows = self.rows(heading, 5)
        assert sorted(row[0].strip("`") for row in rows) == sorted(doubts.KEYS[section])
        needs = {name.partition("] ")[2] for name in NEEDS_RESTART.values() if name.startswith(f"[{section}] ")}
        assert {row[0].strip("`") for row in rows if row[4] == "restart"} == needs

    def test_defaults_are_the_codes(self):
        said = {
            row[0].strip("`"): row[1].strip("`")
            for section in ("global", "test")
            for row in self.rows(f"## [{section}]", 5)
        }
        for keys, owner in ((GLOBAL, Config()), (SESSION, Settings()), (LIMITS, Limits()), (TEST, Config())):
            for name, key in keys.items():
                default = getattr(owner, key.field)
                assert said[name] == str(int(default) if isinstance(default, bool) else default or ""), name
        assert {row[1] for row in self.rows("## Logs", 5)} == {"`SCREEN`", "`info,access,warn,error`"}

    def test_what_is_ours_is_what_0_7_had_not(self):
        ours = {row[0].strip("`") for row in self.rows("## [global]", 5) if row[3] == "ours"}
        of_0_7 = {
            "reactor",
            "proxy.enabled",
            "session.ping_interval",
            "session.ping_timeout",
            "user",
            "group",
            "pid.location",
        }
        assert ours == set(doubts.KEYS["global"]) - of_0_7

    def test_every_scheme_is_there(self):
        assert [row[0].strip("`") for row in self.rows("## [listen]", 3)] == list(SCHEMES)

    def test_names_that_cannot_be_mounted_are_listed(self):
        assert ", ".join(f"`{name}`" for name in module.TAKEN) in self.text

    def test_every_option_is_there(self):
        said = {tuple(re.findall(r"`(-[^`]+)`", row[0])) for row in self.rows("## Command line", 3)}
        known = {tuple(action.option_strings) for action in options()._actions if action.option_strings}
        assert said == known - {("-h", "--help")}
        for place in module.SEARCH:
            assert f"`{place}`" in self.text
