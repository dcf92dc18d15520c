"""Settings: what the environment may say, and what is said about it when it is wrong."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from quiz.environment import Environment, SettingError

ROOT = Path(__file__).resolve().parent.parent

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "DEBUG": "false",
    "SITE_URL": "https://quiz.example.org",
    "SECRET_KEY": "S7p2Qe9-vXk4Lm1_Tz8Rb5Wn3Yc6Ud0Gf7Jh2Ka9Pq4Es1Vx8Aw",
    "STOMP_PASSCODE": "a-service-secret",
    "STOMP_TICKET_KEY": "Nb5Wn3Yc6Ud0Gf7Jh2Ka9Pq4Es1Vx8S7p2Qe9-vXk4Lm1_Tz8R",
}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def names_that_settings_read() -> set[str]:
    calls = (
        node for node in ast.walk(ast.parse((ROOT / "quiz/settings.py").read_text())) if isinstance(node, ast.Call)
    )
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
    }


def names_that_the_broker_reads() -> set[str]:
    sources = ((ROOT / "stomp_broker" / f"{name}.py").read_text() for name in ("__main__", "service"))
    return {name for source in sources for name in re.findall(r"\"(STOMP_[A-Z_]+)\"", source)}


def test_example_and_readme_name_every_setting_and_no_other():
    named = re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) == names_that_settings_read() | names_that_the_broker_reads()
    told = re.findall(r"^\| `([A-Z][A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(told) == sorted(named)


def test_production_environment_passes_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("debug", ["true", "false"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "STOMP_PASSCODE", "STOMP_TICKET_KEY"])
def test_missing_secret_stops_the_start_with_one_line(name, debug):
    done = manage("check", environment=PRODUCTION | {"DEBUG": debug, name: ""})
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        f"{name} is missing: `make run` writes one into .env, in production set it in the environment."
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("WEB_PORT", "http"),
        ("ORBITED_PORT", "70000"),
        ("STOMP_PORT", "-1"),
        ("SITE_URL", "quiz.example.org"),
        ("SITE_URL", "https://quiz.example.org/quiz"),
        ("SITE_URL", "ftp://quiz.example.org"),
        ("STOMP_DESTINATIONS", "kafka"),
        ("SECRET_KEY", "short"),
        ("STOMP_TICKET_KEY", "short"),
        ("DATABASE_URL", "quiz.sqlite3"),
        ("DATABASE_URL", "postgresql://quiz@localhost:many/quiz"),
        ("EMAIL_URL", "pigeon://loft"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("UNLIMITED_NETWORKS", "10.0.0.1/8"),
        ("GAMES_KEPT_DAYS", "many"),
        ("EVENTS_KEPT_DAYS", "-1"),
        ("NICKNAME_WORDS", "there/is/no/such.txt"),
        ("EMAIL_URL", "smtp://mail:many"),
    ],
)
def test_wrong_value_stops_the_start_with_one_line(name, value):
    done = manage("check", environment=PRODUCTION | {name: value})
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"{name} ")


def test_error_never_shows_a_secret():
    environment = Environment({"SECRET_KEY": "hunter2", "DATABASE_URL": "postgresql://quiz:hunter2@localhost:x/quiz"})
    with pytest.raises(SettingError) as secret:
        environment.secret("SECRET_KEY", min_bytes=32)
    with pytest.raises(SettingError) as database:
        environment.database("DATABASE_URL", default="")
    assert "hunter2" not in f"{secret.value} {database.value}"


def test_values_come_in_python_types():
    environment = Environment({"FLAG": "Yes", "PORT": "8001", "WORDS": "a, b,,c", "ORIGIN": "http://[::1]:8000/"})
    assert environment.flag("FLAG", default=False) is True
    assert environment.port("PORT", default=8000) == 8001
    assert environment.words("WORDS", default=[]) == ["a", "b", "c"]
    assert [str(network) for network in environment.networks("NETS", default=["::1", "10.0.0.0/8"])] == [
        "::1/128",
        "10.0.0.0/8",
    ]
    assert environment.number("DAYS", default=7) == 7
    assert environment.file("FILE", folder=ROOT) == ""
    assert Environment({"FILE": "LICENSE"}).file("FILE", folder=ROOT).startswith("MIT")
    assert environment.origin("ORIGIN") == "http://[::1]:8000"
    assert environment.mail("MAIL", default="smtp+tls://u:p@mail:587")["EMAIL_HOST"] == "mail"
    assert environment.database("DB", default="sqlite:////tmp/x")["NAME"] == "/tmp/x"


def test_web_process_names_a_wrong_setting_and_is_not_started_again():
    done = subprocess.run(
        [sys.executable, "-c", "import quiz.wsgi"],
        cwd=ROOT,
        env=PRODUCTION | {"WEB_PORT": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)


def test_rabbitmq_needs_a_key_to_ask_with():
    environment = PRODUCTION | {"STOMP_DESTINATIONS": "rabbitmq"}
    done = manage("check", environment=environment | {"RABBITMQ_JUDGE_KEY": ""})
    assert done.returncode == 3
    assert done.stderr.startswith("RABBITMQ_JUDGE_KEY is missing: set it to what rabbitmq.conf has")
    done = manage("check", environment=environment | {"RABBITMQ_JUDGE_KEY": "short"})
    assert done.stderr.startswith("RABBITMQ_JUDGE_KEY is too short")
    assert manage("check", environment=environment | {"RABBITMQ_JUDGE_KEY": "x" * 32}).returncode == 0
