"""Settings and fixtures that every test may use: a host, a player and a stranger to try each call."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

WAITING = ("tests/browser/", "tests/system/")
WAITING_BEGUN = 0.8
"""The share of the other files among which those in these folders lie: what comes after is in small pieces."""

# How long an example takes, says how busy the machine is.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for browsers and processes lie between those that reckon: there is always something to do.

    In the end no worker has one that waits left for itself alone.
    """
    files = dict.fromkeys(item.nodeid.partition("::")[0] for item in items)
    waiting = [file for file in files if file.startswith(WAITING)]
    reckoning = [file for file in files if not file.startswith(WAITING)]
    place = {file: (n + 0.5) / len(waiting) * WAITING_BEGUN for n, file in enumerate(waiting)}
    place |= {file: n / len(reckoning) for n, file in enumerate(reckoning)}
    items.sort(key=lambda item: place[item.nodeid.partition("::")[0]])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite's test database in a file, as in real life: threads then meet as processes do."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


T0 = 1_800_000_000_000
"""When the lobby of the tests' game opened, in ms."""


@pytest.fixture(autouse=True)
def memory_backend(settings: Any) -> Iterator[list[Any]]:
    """Messages go into ``live.outbox`` instead of to a broker, as mail does in Django's tests."""
    from quiz.live import memory

    settings.LIVE_BACKEND = "quiz.live.memory.deliver"
    memory.outbox.clear()
    yield memory.outbox
    memory.outbox.clear()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps of a game is not of the next test's game, which has the same key."""
    from django.core.cache import caches

    caches["process"].clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing that is slow on purpose would be most of the tests' time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def author(db: None) -> Any:
    """The user who wrote the quiz and hosts the game."""
    from django.contrib.auth.models import User

    return User.objects.create_user("author", "author@example.org", "a good password")


@pytest.fixture
def quiz(author: Any) -> Any:
    """Three questions: single, several right, true or false; 20 s and 1,000 points each."""
    from quiz.authoring.models import Quiz

    quiz = Quiz.objects.create(owner=author, title="Sky", language="en")
    content = [
        ("Which planet is the largest?", [("Mars", False), ("Jupiter", True), ("Venus", False)]),
        ("Which of these are moons?", [("Io", True), ("Titan", True), ("Sirius", False), ("Ceres", False)]),
        ("The Sun is a star.", [("True", True), ("False", False)]),
    ]
    for n, (text, choices) in enumerate(content, start=1):
        question = quiz.questions.create(position=n, text=text, explanation="Because.", time_limit_s=20, points=1000)
        for m, (choice, right) in enumerate(choices, start=1):
            question.choices.create(position=m, text=choice, right=right)
    return quiz


@pytest.fixture
def game(quiz: Any) -> Any:
    """A game of that quiz in its lobby, opened at T0."""
    from quiz.play.models import Game

    return Game.open_lobby(quiz, now=T0)


@pytest.fixture
def join(game: Any) -> Callable[[str], Any]:
    """Make a player of the game who is here for a day from T0 on."""
    from quiz.play import joining

    def join(nickname: str) -> Any:
        player, _ = joining.join(game.pin, nickname)
        player.here_until = T0 + 24 * 3600 * 1000
        player.save(update_fields=["here_until"])
        return player

    return join


@pytest.fixture
def host(author: Any) -> Any:
    """A browser in which the game's author is logged in."""
    from django.test import Client

    client = Client()
    client.force_login(author)
    return client


@pytest.fixture
def player(game: Any) -> Any:
    """A browser that joined the game as Ada."""
    from django.test import Client

    client = Client()
    client.post("/join/", {"pin": game.pin, "nickname": "Ada"})
    return client


@pytest.fixture
def stranger(db: None) -> Any:
    """A browser in which another author is logged in."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create_user("stranger", "stranger@example.org", "a good password"))
    return client
