import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.access import Rule
from orbited.config import Config, Listener, load, parse
from orbited.errors import ConfigError
from orbited.session import Settings

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


def test_file_of_2010_is_read_as_it_is():
    assert parse(SLIDE, "orbited.cfg") == Config(
        reactor="select",
        session=Settings(ping_interval_s=40, ping_timeout_s=30),
        listen=(Listener("http", "", 9000), Listener("stomp", "", 61613)),
        access=(Rule("*", "localhost", 61613),),
    )


def test_nothing_written_is_the_defaults():
    assert parse("", "x") == Config()


def test_comment_begins_anywhere():
    assert parse("[listen]\nhttp://:1 # one\n#http://:2\n", "x").listen == (Listener("http", "", 1),)


def test_repeated_sections_continue_and_the_last_value_wins():
    text = "[global]\nproxy.enabled = 1\n[access]\n* -> a:1\n[global]\nproxy.enabled = 0\n[access]\n* -> b:2\n"
    config = parse(text, "x")
    assert not config.proxy_enabled
    assert config.access == (Rule("*", "a", 1), Rule("*", "b", 2))


def test_unknown_sections_and_keys_are_read_and_ignored():
    text = "[loggers]\nkeys = root\n[handler_x]\nargs = (1, 'a=b')\n[global]\npid.location = /x\n"
    assert parse(text, "x") == Config()


def test_broker_file_behind_a_stomp_line_is_ignored():
    assert parse("[listen]\nstomp://:61613 morbid.cfg\n", "x").listen == (Listener("stomp", "", 61613),)


def test_our_own_settings():
    config = parse(
        "[global]\nsession.per_address = 5\nsession.messages_per_second = 7\nsession.message_burst = 8\n"
        "[origins]\nhttp://localhost:8000\n",
        "x",
    )
    assert config.limits.sessions_per_address == 5
    assert config.session == Settings(messages_per_s=7, message_burst=8)
    assert config.origins == ("http://localhost:8000",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1", "x:1: a setting stands before the first [section]"),
        ("[global]\n\nnonsense", "x:3: [global] 'nonsense' is not 'key = value'"),
        ("[global]\nsession.ping_interval = soon", "x:2: [global] session.ping_interval: 'soon' is not a whole number"),
        ("[global]\nsession.ping_timeout = 0", "x:2: [global] session.ping_timeout"),
        ("[global]\nsession.per_address = " + "9" * 5000, "x:2: [global] session.per_address"),
        ("[listen]\nhttps://:443", "x:2: 'https' is not supported; http, stomp, echo are"),
        ("[listen]\nhttp://", "x:2: 'http://' is not 'scheme://host:port'"),
        ("[listen]\nhttp://:x", "x:2: 'x' is not a port"),
        ("[access]\n* -> *", "x:2: a target must be named"),
        ("[access]\nlocalhost:1", "x:2: 'localhost:1' is not 'SOURCE -> HOST:PORT'"),
        ("[origins]\n*", "x:2: '*' is no origin"),
    ],
)
def test_errors_name_file_line_and_key(text, message):
    with pytest.raises(ConfigError) as caught:
        parse(text, "x")
    assert str(caught.value).startswith(message)


def test_options_stand_in_place_of_sections():
    config = parse(SLIDE, "x", {"listen": ["http://127.0.0.1:1"], "access": []})
    assert config.listen == (Listener("http", "127.0.0.1", 1),)
    assert config.access == ()
    assert config.reactor == "select"


def test_wrong_option_is_named():
    with pytest.raises(ConfigError, match=r"option for \[listen\]: 'x' is not"):
        parse(SLIDE, "x", {"listen": ["x"]})


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match="nowhere"):
        load(tmp_path / "nowhere")
    (tmp_path / "latin").write_bytes(b"# caf\xe9")
    with pytest.raises(ConfigError, match="latin"):
        load(tmp_path / "latin")


def test_projects_own_file_is_in_order(request):
    config = load(request.config.rootpath / "orbited.cfg")
    assert {listener.scheme for listener in config.listen} == {"http", "stomp"}


lines = st.sampled_from(
    ["[global]", "[listen]", "[access]", "[origins]", "a = b", "http://:1", "* -> a:1", "=", "[]", "#"]
)


@given(st.text(max_size=200) | st.lists(lines | st.text(max_size=20)).map("\n".join))
def test_any_text_gives_a_configuration_or_the_error(text):
    try:
        assert isinstance(parse(text, "x"), Config)
    except ConfigError as error:
        assert str(error).startswith("x:")
