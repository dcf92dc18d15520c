"""``python -m orbited`` as an operator meets it: real processes."""

import os
import pwd
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from quiz.processes.network import free_port

ROOT = Path(__file__).resolve().parents[2]
START_S = 120
SECRETS = {"STOMP_TICKET_KEY": "k" * 40, "STOMP_PASSCODE": "p" * 40}

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

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def orbited(*arguments, cwd=ROOT, **environment):
    """What a process that ends by itself has said."""
    return subprocess.run(
        [sys.executable, "-m", "orbited", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=START_S,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@contextmanager
def running(*arguments, cwd=ROOT, **environment):
    """A process that is ended as operators end it, its output in ``process.stdout``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "orbited", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cwd,
        env={**os.environ, **SECRETS, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
    )
    with process:
        try:
            yield process
            process.send_signal(signal.SIGINT)
            process.rest = process.stdout.read()
            assert process.wait(START_S) == 0, process.rest
        finally:
            process.kill()


def until(process, text):
    """The output up to the line that has ``text``."""
    said = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if text in line:
            return said
    raise AssertionError(said)


def start_of(process, port):
    """The output up to the moment when the relay serves at ``port``."""
    said = until(process, f"listening on http://127.0.0.1:{port}")
    assert is_ready(port)
    return said


def is_ready(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        return answer.status == 200


def written(folder, text, name="orbited.cfg"):
    path = Path(folder) / name
    path.write_text(text)
    return str(path)


@pytest.fixture
def config(tmp_path):
    return written(
        tmp_path, "[global]\nreactor = select\n[listen]\nhttp://127.0.0.1:1\n[access]\n* -> localhost:1\n", "relay.cfg"
    )


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_version_is_said_as_0_7_said_it():
    done = orbited("-v")
    assert done.returncode == 0
    assert done.stdout.startswith("Orbited version: ")


def test_words_without_an_option_are_refused():
    done = orbited("orbited.cfg", "start")
    assert (done.returncode, done.stderr) == (1, "orbited: 'orbited.cfg start' is no option; --help lists them\n")


def test_check_judges_the_file_and_starts_nothing(config):
    done = orbited("-c", config, "--check")
    assert (done.returncode, done.stdout) == (0, f"{config}: in order\n")


def test_check_tells_what_is_hardly_meant(tmp_path):
    broker = written(tmp_path, "verbose=True\nauth=mqauth\n", "morbid.cfg")
    config = written(tmp_path, f"[global]\nsession.pingtimeout = 3\n[listen]\nhttp://:1\nstomp://:2 {broker}\n")
    assert orbited("-c", config, "--check").stdout.splitlines() == [
        f"{config}:2: [global] 'session.pingtimeout': nothing reads this key; is it 'session.ping_timeout'?",
        f"{broker}, line 2: MorbidQ's authentication modules cannot be used; -a or broker.auth chooses who is let in",
        f"{config}: in order",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[listen]\nhttp//:1\n", "failed to load configuration file: {}:2: [listen] 'http//:1' is not"),
        ("", "failed to load configuration file: {}: [listen] nothing to listen on"),
        ("[listen]\nhttp://:1\n[logging]\ninfo = /none/a.log\n", "{}:4: [logging] info: cannot log to '/none/a.log'"),
        ("[listen]\nhttps://:1\n[ssl]\nkey=/none\ncrt=/none\n", "{}:4: [ssl] key"),
    ],
)
@pytest.mark.parametrize("option", [[], ["--check"]])
def test_bad_file_is_one_line_and_exit_1(tmp_path, text, message, option):
    config = written(tmp_path, text)
    done = orbited("-c", config, *option)
    assert done.returncode == 1
    assert done.stderr.startswith(f"orbited: {message.format(config)}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@as_root
@pytest.mark.parametrize("option", [[], ["--check"]])
def test_unknown_user_is_one_line_and_exit_1(tmp_path, option):
    config = written(tmp_path, "[global]\nuser = no-such\n[listen]\nhttp://127.0.0.1:1\n")
    done = orbited("-c", config, *option)
    assert (done.returncode, done.stderr) == (
        1,
        f"orbited: {config}:2: [global] user: there is no user 'no-such' here\n",
    )


def test_missing_file_fails(tmp_path):
    done = orbited("-c", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"orbited: failed to load configuration file: {tmp_path}/none: cannot be read")


def test_file_in_the_working_directory_is_found(tmp_path):
    written(tmp_path, "[listen]\nhttp://:1\n")
    assert orbited("--check", cwd=tmp_path).stdout == "orbited.cfg: in order\n"


def test_options_stand_in_place_of_sections(config):
    options = ["-l", "https://:1"], ["-a", "x"], ["-o", "x"], ["-H", "x:1"], ["--host", "a", "--host", "b:2"]
    for option in options:
        done = orbited("-c", config, "--check", *option)
        assert done.returncode == 1
        assert "command line: [" in done.stderr


def test_taken_port_is_one_line_and_exit_1(config, taken_port):
    done = orbited("-c", config, "-l", f"http://127.0.0.1:{taken_port}")
    assert done.returncode == 1
    assert str(taken_port) in done.stderr
    assert "ORBITED_PORT" in done.stderr
    assert done.stderr.count("\n") == 1


def test_unknown_reactor_is_named(tmp_path):
    config = written(tmp_path, "[global]\nreactor = nonsense\n[listen]\nhttp://127.0.0.1:1\n")
    assert f"{config}:2: [global] reactor: 'nonsense' cannot be had here" in orbited("-c", config).stderr


def test_broker_without_its_secrets_says_which_is_missing_and_how_to_do_without(config):
    done = orbited("-c", config, "-l", "stomp://127.0.0.1:1", STOMP_TICKET_KEY="", STOMP_PASSCODE="")
    assert done.returncode == 1
    assert done.stderr.startswith("orbited: [global] broker.auth: 'tickets': STOMP_TICKET_KEY is not set")
    assert "'any' lets everybody in" in done.stderr


def test_relay_with_broker_runs_until_it_is_told_to_end(config):
    http, stomp = free_port(), free_port()
    with running("-c", config, "-l", f"http://127.0.0.1:{http}", "-l", f"stomp://127.0.0.1:{stomp}") as process:
        start_of(process, http)
        with socket.create_connection(("127.0.0.1", stomp)) as client:
            client.sendall(b"CONNECT\naccept-version:1.2\nhost:x\nlogin:web\npasscode:" + b"p" * 40 + b"\n\n\0")
            assert client.recv(4096).startswith(b"CONNECTED\n")


def test_file_of_the_talk_runs_as_it_is(tmp_path):
    http, stomp = free_port(), free_port()
    config = written(tmp_path, SLIDE.replace("9000", str(http)).replace("61613", str(stomp)))
    with running("-c", config) as process:
        until(process, f":{stomp}")
        assert is_ready(http)


def test_quickstart_needs_neither_file_nor_secrets(tmp_path):
    http, stomp = free_port(), free_port()
    listen = ["-l", f"http://127.0.0.1:{http}", "-l", f"stomp://127.0.0.1:{stomp}"]
    with running("-q", *listen, cwd=tmp_path, STOMP_TICKET_KEY="", STOMP_PASSCODE="") as process:
        said = start_of(process, http)
        assert any("FOR DEVELOPMENT ONLY" in line for line in said)
        with socket.create_connection(("127.0.0.1", stomp)) as client:
            client.sendall(b"CONNECT\nlogin:undefined\npasscode:undefined\n\n\0")
            assert client.recv(4096).startswith(b"CONNECTED\n")


def test_profile_is_told_at_the_end(config):
    http = free_port()
    with running("-c", config, "-p", "-l", f"http://127.0.0.1:{http}") as process:
        start_of(process, http)
    assert "cumulative" in process.rest


def test_what_is_hardly_meant_is_told_at_the_start(tmp_path):
    http = free_port()
    config = written(tmp_path, f"[global]\nport = 1\n[listen]\nhttp://127.0.0.1:{http}\n")
    with running("-c", config) as process:
        said = start_of(process, http)
    assert f"WARN orbited: {config}:2: [global] 'port': nothing reads this key" in said


def test_log_goes_where_a_file_of_0_7_10_says(tmp_path):
    http = free_port()
    text = f"[listen]\nhttp://127.0.0.1:{http}\n[logging]\ninfo = SCREEN,info.log\nenabled.default=info,error\n"
    with running("-c", written(tmp_path, text), cwd=tmp_path) as process:
        said = start_of(process, http)
    line = rf"\d\d/\d\d/\d\d \d\d:\d\d:\d\d:\d{{3}} INFO   orbited.server\tlistening on http://127.0.0.1:{http}"
    assert re.fullmatch(line, said[-1])
    assert said[-1] in (tmp_path / "info.log").read_text().splitlines()


def test_hangup_opens_log_files_anew_and_takes_other_levels(tmp_path):
    http = free_port()
    text = f"[listen]\nhttp://127.0.0.1:{http}\n[logging]\ninfo = SCREEN,info.log\n"
    config, log = written(tmp_path, text), tmp_path / "info.log"
    with running("-c", config, cwd=tmp_path) as process:
        start_of(process, http)
        log.rename(tmp_path / "info.log.1")
        process.send_signal(signal.SIGHUP)
        until(process, "follows the configuration")
        assert "listening" in (tmp_path / "info.log.1").read_text()
        assert "listening" not in log.read_text()
        written(tmp_path, text + "error = SCREEN,none/error.log\n")
        process.send_signal(signal.SIGHUP)
        assert (
            f"{config}:5: [logging] error: cannot log to 'none/error.log'" in until(process, "nothing has changed")[-1]
        )
        written(tmp_path, text + "enabled.default = warn\n")
        process.send_signal(signal.SIGHUP)
    assert process.rest == ""


@as_root
def test_root_becomes_the_user_once_ports_and_logs_are_open():
    http = free_port()
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as folder:
        text = f"[global]\nuser=nobody\n[listen]\nhttp://127.0.0.1:{http}\n[logging]\ninfo = SCREEN,{folder}/a.log\n"
        with running("-c", written(folder, text)) as process:
            said = [*start_of(process, http), *until(process, "cannot be opened anew")]
            status = Path(f"/proc/{process.pid}/status").read_text()
        assert re.search(rf"^Uid:(\t{nobody.pw_uid}){{4}}$", status, re.MULTILINE)
        assert re.search(rf"^Gid:(\t{nobody.pw_gid}){{4}}$", status, re.MULTILINE)
        assert re.search(r"^Groups:\t *$", status, re.MULTILINE)
        assert re.search(r"^CapEff:\t0+$", status, re.MULTILINE)
        order = [next(n for n, line in enumerate(said) if text in line) for text in ("listening on", "as nobody")]
        assert order == sorted(order)
        assert "listening on" in Path(folder, "a.log").read_text()
        assert not any("running as root" in line for line in said)


@as_root
def test_root_without_a_user_is_told_loudly(config):
    http = free_port()
    with running("-c", config, "-l", f"http://127.0.0.1:{http}") as process:
        start_of(process, http)
    assert "WARN orbited: running as root: name a 'user' in [global]" in process.rest
