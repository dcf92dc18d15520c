"""``manage.py up``: everything starts, says where to click, and ends together."""

import os
import re
import signal
import socket
import sqlite3
import stat
import urllib.error

import psycopg
import pytest

REQUESTS = 40
"""So many that each of web's threads has had one."""


def test_everything_starts_and_ctrl_c_ends_everything(start):
    copy = start()
    output = copy.until_ready()
    web = copy.ports["WEB_PORT"]
    assert f"http://localhost:{web}/quizzes/" in output
    assert f"http://localhost:{web}/join/  on this machine" in output
    assert "name      demo" in output
    assert f"password  {os.environ['DEMO_PASSWORD']}" in output
    assert "Orbit Quiz" in copy.get("/")
    for setting in ("WEB_PORT", "ORBITED_PORT", "ORBITED_ADMIN_PORT", "REFEREE_PORT"):
        assert copy.get("/readyz", setting)
    socket.create_connection(("127.0.0.1", int(copy.ports["STOMP_PORT"]))).close()
    assert len(copy.processes()) >= 6  # up, gunicorn and its two workers, orbited, referee

    copy.process.send_signal(signal.SIGINT)
    output = copy.until_ended()
    assert copy.process.returncode == 0
    assert output.splitlines()[-1] == "Orbit Quiz has stopped."
    assert copy.processes() == {}


def test_lines_of_each_process_carry_its_name(start):
    copy = start()
    copy.until_ready()
    copy.process.send_signal(signal.SIGTERM)
    names = set(re.findall(r"^\d\d:\d\d:\d\d (\w+) +\|", copy.until_ended(), re.MULTILINE))
    assert names == {"web", "orbited", "referee"}


@pytest.mark.parametrize(("name", "words"), [("web", "gunicorn"), ("orbited", "-m orbited"), ("referee", " referee")])
def test_death_of_one_process_ends_all_and_is_named(start, name, words):
    copy = start()
    copy.until_ready()
    os.kill(copy.pid(words), signal.SIGKILL)
    output = copy.until_ended()
    assert copy.process.returncode == 1
    assert f"{name} was ended by signal 9, so all are stopped" in output.splitlines()[-1]


def test_no_process_outlives_up_when_it_is_killed(start):
    copy = start()
    copy.until_ready()
    copy.process.kill()
    copy.until_ended()
    assert copy.processes() == {}


@pytest.mark.parametrize("setting", ["WEB_PORT", "ORBITED_PORT", "ORBITED_ADMIN_PORT", "STOMP_PORT"])
def test_taken_port_is_named_in_one_line_and_nothing_starts(start, setting):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        copy = start(**{setting: str(port)})
        (line,) = copy.until_ended().splitlines()
    assert copy.process.returncode == 1
    assert f"Port {port} is not free" in line
    assert f"set {setting} to another" in line
    assert not copy.data_dir.exists()


@pytest.mark.parametrize("setting", [{"STOMP_DESTINATIONS": "rabbitmq"}, {"STOMP_HOST": "127.0.0.2"}])
def test_no_broker_of_ours_runs_where_another_has_its_place(start, setting):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        copy = start(STOMP_PORT=port, RABBITMQ_JUDGE_KEY="x" * 32, **setting)
        copy.until_ready()
        assert "stomp://" not in " ".join(copy.processes().values())


def test_where_activemq_is_the_broker_the_relay_has_a_gate_before_it_and_leads_nowhere_else(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        copy = start(STOMP_PORT=str(other.getsockname()[1]), STOMP_DESTINATIONS="activemq")
        copy.until_ready()
        relay = next(command for command in copy.processes().values() if "-m orbited" in command)
        gate = copy.ports["STOMP_GATE_PORT"]
        assert f"-l stomp://127.0.0.1:{gate} " in relay
        assert f"-a * -> localhost:{gate} " in relay
        socket.create_connection(("127.0.0.1", int(gate))).close()


def test_second_start_keeps_the_data(start):
    first = start("home")
    first.until_ready()
    first.end()
    assert stat.S_IMODE(first.data_dir.stat().st_mode) == 0o700
    with sqlite3.connect(first.data_dir / "orbit-quiz.sqlite3") as database:
        database.execute("UPDATE authoring_quiz SET title = 'Changed by its author'")
        quizzes = database.execute("SELECT id, title FROM authoring_quiz").fetchall()
    second = start("home")
    second.until_ready()
    with sqlite3.connect(first.data_dir / "orbit-quiz.sqlite3") as database:
        assert quizzes
        assert database.execute("SELECT id, title FROM authoring_quiz").fetchall() == quizzes


def test_two_copies_run_side_by_side(start):
    left, right = start("left"), start("right")
    left.until_ready()
    right.until_ready()
    left.process.send_signal(signal.SIGINT)
    left.until_ended()
    assert "Orbit Quiz" in right.get("/")


def test_database_that_does_not_answer_is_named(start):
    copy = start(DATABASE_URL="postgresql://quiz@127.0.0.1:1/quiz")
    output = copy.until_ended()
    assert copy.process.returncode == 1
    assert "DATABASE_URL" in output.splitlines()[-1]


def test_data_folder_that_cannot_be_made_is_named(start, tmp_path):
    (tmp_path / "file").write_text("in the way")
    copy = start("file/below")
    output = copy.until_ended()
    assert copy.process.returncode == 1
    assert "DATA_DIR" in output.splitlines()[-1]


def test_everything_runs_on_postgresql(start, postgresql):
    copy = start(DATABASE_URL=postgresql)
    copy.until_ready()
    assert "Orbit Quiz" in copy.get("/")
    assert not (copy.data_dir / "orbit-quiz.sqlite3").exists()


def test_visitors_do_not_notice_that_postgresql_dropped_its_connections(start, postgresql):
    copy = start(DATABASE_URL=postgresql)
    copy.until_ready()
    for _ in range(REQUESTS):
        assert asks_the_database(copy) == 404
    with psycopg.connect(postgresql, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert {asks_the_database(copy) for _ in range(REQUESTS)} == {404}


def asks_the_database(copy):
    """The status of a page that looks for a game: there is none with that PIN."""
    try:
        copy.get("/join/?pin=123456")
    except urllib.error.HTTPError as error:
        return error.code
    return 200


def test_wrong_setting_stops_the_start_with_one_line(start):
    copy = start(DEBUG="maybe")
    assert copy.until_ended().splitlines() == ["DEBUG is 'maybe': write true or false."]
    assert copy.process.returncode != 0
