"""``python -m orbited`` as an operator meets it: real processes."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

START_S = 20


def orbited(*arguments, **environment):
    command = [sys.executable, "-m", "orbited", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=START_S, env={**os.environ, **environment}
    )


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "orbited.cfg"
    path.write_text("[global]\nreactor = select\n[listen]\nhttp://127.0.0.1:1\n[access]\n* -> localhost:1\n")
    return str(path)


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_version_is_said_as_0_7_said_it():
    assert orbited("-v").stdout.startswith("Orbited version: ")


def test_check_judges_the_file_and_starts_nothing(config):
    done = orbited("-c", config, "--check")
    assert (done.returncode, done.stdout) == (0, f"{config}: in order\n")


def test_check_of_a_bad_file_says_where_and_fails(tmp_path):
    path = tmp_path / "bad.cfg"
    path.write_text("[listen]\nhttp//:1\n")
    done = orbited("-c", str(path), "--check")
    assert (done.returncode, done.stderr) == (1, f"orbited: {path}:2: 'http//:1' is not 'scheme://host:port'\n")


def test_missing_file_fails(tmp_path):
    done = orbited("-c", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_nothing_to_listen_on_fails(tmp_path):
    path = tmp_path / "empty.cfg"
    path.write_text("")
    assert "nothing to listen on" in orbited("-c", str(path)).stderr


def test_taken_port_is_one_line_and_exit_1(config, taken_port):
    done = orbited("-c", config, "-l", f"http://127.0.0.1:{taken_port}")
    assert done.returncode == 1
    assert str(taken_port) in done.stderr
    assert "ORBITED_PORT" in done.stderr
    assert done.stderr.count("\n") == 1


def test_unknown_reactor_is_named(config, tmp_path):
    path = tmp_path / "reactor.cfg"
    path.write_text("[global]\nreactor = nonsense\n[listen]\nhttp://127.0.0.1:1\n")
    assert "'nonsense' cannot be had here" in orbited("-c", str(path)).stderr


def test_broker_without_its_secrets_says_which_is_missing(config):
    done = orbited("-c", config, "-l", "stomp://127.0.0.1:1", STOMP_TICKET_KEY="", STOMP_PASSCODE="")
    assert done.returncode == 1
    assert "STOMP_TICKET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_relay_with_broker_runs_until_it_is_told_to_end(config):
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        http, stomp = one.getsockname()[1], two.getsockname()[1]
    arguments = ["-l", f"http://127.0.0.1:{http}", "-l", f"stomp://127.0.0.1:{stomp}"]
    environment = {**os.environ, "STOMP_TICKET_KEY": "k" * 40, "STOMP_PASSCODE": "p" * 40}
    process = subprocess.Popen(
        [sys.executable, "-m", "orbited", "-c", config, *arguments], stdout=subprocess.PIPE, env=environment, text=True
    )
    with process:
        assert any(f"listening on stomp://127.0.0.1:{stomp}" in line for line in process.stdout)
        with urllib.request.urlopen(f"http://127.0.0.1:{http}/readyz") as answer:
            assert answer.status == 200
        with socket.create_connection(("127.0.0.1", stomp)) as client:
            client.sendall(b"CONNECT\naccept-version:1.2\nhost:x\nlogin:web\npasscode:" + b"p" * 40 + b"\n\n\0")
            assert client.recv(4096).startswith(b"CONNECTED\n")
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(START_S) == 0
