"""Requests that no page of ours sends get one clear answer, and leave one line in the log."""

import json
import logging
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from quiz.logs import OneLine

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PATHS = ["/join/", "/resume/", "/accounts/login/", "/admin/login/", "/games/1/answer/", "/i18n/setlang/"]


@pytest.fixture
def stranger():
    """Has a CSRF cookie, so that Django looks for the token in the body."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    return client


def send(client, path, body, kind=FORM, **headers):
    """Post the bytes as they are: the client's own ``post`` would spell them in the charset."""
    return client.generic("POST", path, body, content_type=kind, headers=headers)


@pytest.fixture
def limit(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize("path", PATHS)
def test_an_oversize_form_is_413(stranger, limit, path):
    answer = send(stranger, path, "nickname=" + "x" * limit)
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_too_many_fields_are_413(stranger):
    assert send(stranger, "/join/", "a=1&" * 2_000).status_code == 413


def test_a_program_is_told_in_json(stranger, limit):
    answer = send(stranger, "/join/", "x" * (limit + 1), Accept="application/json")
    assert answer.json() == {"error": "too-large", "message": "This is too much at once."}


def through_wsgi(kind):
    """The answer of what the server runs, down to Django's making of the request object."""
    from quiz.wsgi import application

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/nowhere/", "QUERY_STRING": "pin=1", "CONTENT_TYPE": kind}
    setup_testing_defaults(environ)
    answers = []
    body = b"".join(application(environ, lambda status, headers: answers.append(status[:3])))
    return answers[0], body.decode()


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "application/json", "text/plain"])
@pytest.mark.parametrize("charset", ["hex", "utf-16", "idna", "latin-1", "no-such-thing", ""])
def test_what_is_not_utf_8_is_415(kind, charset):
    status, body = through_wsgi(f"{kind}; charset={charset}")
    assert status == "415"
    assert json.loads(body)["error"] == "not-utf-8"


@pytest.mark.parametrize("kind", ["", FORM, "text/plain; charset=UTF-8", 'text/plain; charset="utf-8"'])
def test_everything_else_reaches_the_site(kind):
    assert through_wsgi(kind)[0] in ("403", "404")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\xe9"])
def test_a_body_that_cannot_be_read_is_400(stranger, kind):
    answer = send(stranger, "/join/", b"x", kind)
    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()


def test_a_foreign_host_is_400(client):
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_refusal_leaves_one_line_and_a_fault_its_traceback(client, caplog):
    handler = caplog.handler
    handler.addFilter(OneLine())
    try:
        client.get("/", headers={"Host": "evil.example"})
        try:
            raise ValueError("ours")
        except ValueError:
            logging.getLogger("quiz").exception("fault")
    finally:
        handler.removeFilter(handler.filters[-1])
    assert "evil.example" in caplog.text
    assert caplog.text.count("Traceback") == 1
