"""middleware.py: who a ticket makes you, and what a page may connect to."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect

from quiz.live import tickets

pytestmark = pytest.mark.urls(__name__)


def whoami(request):
    subject = request.ticket and request.ticket.subject
    return JsonResponse({"ticket": subject, "user": request.user.get_username()})


async def whoami_async(request):
    user = await request.auser()
    return JsonResponse({"user": user.get_username()})


def policy_of_its_own(request):
    response = HttpResponse("page")
    response._csp_update = {"connect-src": "https://elsewhere.example", "img-src": ["blob:"]}
    return response


urlpatterns = [
    path("whoami/", csrf_protect(whoami)),
    path("whoami-async/", whoami_async),
    path("own/", policy_of_its_own),
    path("", include("quiz.urls")),
]


def bearer(subject, seconds=60, scheme="Bearer"):
    return {"Authorization": f"{scheme} {tickets.make(subject, read=[], write=[], seconds=seconds)}"}


@pytest.fixture
def user(django_user_model, db):
    return django_user_model.objects.create_user("ada")


@pytest.fixture
def other(client, django_user_model, db):
    """Somebody else, logged in in this browser."""
    other = django_user_model.objects.create_user("bob")
    client.force_login(other)
    return other


def test_request_without_a_ticket_is_the_sessions(client, other):
    assert client.get("/whoami/").json() == {"ticket": None, "user": "bob"}


def test_user_ticket_acts_as_that_user_whoever_is_logged_in(client, user, other):
    headers = bearer(f"user:{user.pk}")
    assert client.get("/whoami/", headers=headers).json() == {"ticket": f"user:{user.pk}", "user": "ada"}
    assert client.get("/whoami-async/", headers=headers).json() == {"user": "ada"}


@pytest.mark.parametrize("subject", ["player:1", "service:web", "user:999999", "user:ada", "user:" + "9" * 30])
def test_other_tickets_are_nobody_even_beside_a_session(client, other, subject):
    assert client.get("/whoami/", headers=bearer(subject)).json() == {"ticket": subject, "user": ""}


def test_ticket_of_a_user_who_was_deactivated_is_nobody(client, user):
    user.is_active = False
    user.save()
    assert client.get("/whoami/", headers=bearer(f"user:{user.pk}")).json()["user"] == AnonymousUser().get_username()


def test_scheme_is_read_in_any_case(client, user):
    assert client.get("/whoami/", headers=bearer("player:1", scheme="bearer")).json()["ticket"] == "player:1"


def test_other_schemes_are_no_ticket(client, db):
    assert client.get("/whoami/", headers={"Authorization": "Basic YTpi"}).json()["ticket"] is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_bad_ticket_is_answered_401(client, token):
    answer = client.get("/whoami/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json()["error"] == "bad-ticket"
    assert "get a new one" in answer.json()["message"]
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_expired_ticket_is_answered_401_even_beside_a_session(client, other):
    assert client.get("/whoami/", headers=bearer("player:1", seconds=-1)).status_code == 401


def test_post_with_a_ticket_needs_no_csrf_token_and_without_one_does(db):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/whoami/", headers=bearer("player:1")).status_code == 200
    assert client.post("/whoami/").status_code == 403
    assert client.post("/whoami/", headers={"Authorization": "Basic YTpi"}).status_code == 403


@pytest.mark.parametrize("path", ["/admin/", "/admin/auth/user/add/", "/accounts/email/", "/accounts/logout/"])
def test_account_and_admin_take_no_ticket_even_beside_a_session(client, path, django_user_model, db):
    boss = django_user_model.objects.create_superuser("boss")
    client.force_login(boss)
    for ask in (client.get, client.post):
        answer = ask(path, headers=bearer(f"user:{boss.pk}"))
        assert (answer.status_code, answer.json()["error"]) == (403, "login-required")
    assert client.get("/whoami/").json()["user"] == "boss"


def policy(answer):
    directives = (directive.split() for directive in answer["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in directives}


@pytest.fixture
def relay(settings):
    settings.ORBITED_HOST, settings.ORBITED_PORT, settings.ORBITED_MEDIA_URL = "", 8080, "/static/orbited/"
    settings.ALLOWED_HOSTS = ["quiz.example", "[::1]"]
    return settings


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("quiz.example", "quiz.example"),
        ("quiz.example:8000", "quiz.example"),
        ("[::1]:8000", "[::1]"),
        ("[::1]", "[::1]"),
    ],
)
def test_page_may_connect_to_the_relay_on_its_own_host(client, db, relay, host, origin):
    allowed = policy(client.get("/whoami/", headers={"Host": host}))
    assert allowed["connect-src"] == ["'self'", f"ws://{origin}:8080", f"http://{origin}:8080"]
    assert allowed["script-src"] == ["'self'"]


def test_secure_page_may_connect_securely_only(client, db, relay):
    allowed = policy(client.get("/whoami/", headers={"Host": "quiz.example"}, secure=True))
    assert allowed["connect-src"] == ["'self'", "wss://quiz.example:8080", "https://quiz.example:8080"]


def test_relay_elsewhere_and_its_scripts_are_allowed(client, db, relay):
    relay.ORBITED_HOST, relay.ORBITED_MEDIA_URL = "relay.example", "https://media.example:9/orbited/"
    allowed = policy(client.get("/whoami/", headers={"Host": "quiz.example"}))
    assert allowed["connect-src"] == ["'self'", "ws://relay.example:8080", "http://relay.example:8080"]
    assert allowed["script-src"] == ["'self'", "https://media.example:9"]


def test_what_a_view_added_to_its_policy_stays(client, db, relay):
    allowed = policy(client.get("/own/", headers={"Host": "quiz.example"}))
    assert allowed["connect-src"] == [
        "'self'",
        "https://elsewhere.example",
        "ws://quiz.example:8080",
        "http://quiz.example:8080",
    ]
    assert "blob:" in allowed["img-src"]


def test_host_that_is_not_ours_is_refused_and_gets_into_no_policy(client, db, relay):
    answer = client.get("/whoami/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in str(answer.headers)
