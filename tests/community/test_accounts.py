"""Authors register, log in and out, change and reset passwords, on pages of ours."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse

PASSWORD = "far-side-of-the-moon"
SIGNUP = {"username": "ada", "email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada", "ada@example.org", PASSWORD)


def login(client, name="ada", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": name, "password": password, **more})


@pytest.mark.django_db
def test_registering_leads_to_the_list_of_quizzes(client):
    answer = client.post(reverse("account_signup"), SIGNUP)
    assert answer["Location"] == reverse("authoring:list")
    assert client.get("/quizzes/").status_code == 200
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "a b"}, "username"),
        ({"email": "nowhere"}, "email"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"password2": "other-side-of-it"}, "password2"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client, change, field):
    answer = client.post(reverse("account_signup"), {**SIGNUP, **change})
    assert list(answer.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not User.objects.exists()


def test_name_is_taken_once(client, ada):
    answer = client.post(reverse("account_signup"), {**SIGNUP, "email": "other@example.org"})
    assert "username" in answer.context["form"].errors


@pytest.mark.parametrize("name", ["ada", "ada@example.org"])
def test_author_logs_in_by_name_or_address(client, ada, name):
    assert login(client, name)["Location"] == reverse("authoring:list")


def test_login_leads_back_to_where_one_wanted_to_go(client, ada):
    wanted = client.get("/quizzes/import/")["Location"]
    assert wanted == "/accounts/login/?next=/quizzes/import/"
    assert login(client, next="/quizzes/import/")["Location"] == "/quizzes/import/"


def test_login_leads_to_no_other_site(client, ada):
    assert login(client, next="https://evil.example/")["Location"] == reverse("authoring:list")


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("nobody", PASSWORD)])
def test_wrong_password_and_unknown_name_get_the_same_answer(client, ada, name, password):
    answer = login(client, name, password)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["The username and/or password you specified are not correct."]


def test_guessing_passwords_is_slowed_down(client, ada):
    answers = [login(client, password=f"guess {number}") for number in range(12)]
    assert any(answer.status_code == 429 or "Too many" in answer.content.decode() for answer in answers)
    assert "sessionid" not in client.cookies


def test_logging_out_is_a_post(client, ada):
    client.force_login(ada)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/quizzes/").status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == reverse("home")
    assert client.get("/quizzes/").status_code == 302


def test_forgotten_password_is_reset_by_mail(client, ada):
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]
    page = client.get(link, follow=True)
    new = "near-side-of-the-moon"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert login(client, password=new)["Location"] == reverse("authoring:list")


def test_password_is_changed_with_the_old_one(client, ada):
    client.force_login(ada)
    new = "near-side-of-the-moon"
    url = reverse("account_change_password")
    wrong = client.post(url, {"oldpassword": "wrong", "password1": new, "password2": new})
    assert "oldpassword" in wrong.context["form"].errors
    client.post(url, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    ada.refresh_from_db()
    assert ada.check_password(new)


ENTRANCES = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
ROOMS = ["account_logout", "account_email", "account_change_password"]


def is_our_page(answer):
    html = answer.content.decode()
    return answer.status_code == 200 and 'href="#main"' in html and html.count("<h1") == 1 and "<script" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ENTRANCES)
def test_entrances_are_pages_of_ours(client, name):
    assert is_our_page(client.get(reverse(name)))


@pytest.mark.parametrize("name", ROOMS)
def test_rooms_are_pages_of_ours(client, ada, name):
    client.force_login(ada)
    assert is_our_page(client.get(reverse(name)))


def test_list_of_quizzes_leads_to_the_account(client, ada):
    client.force_login(ada)
    html = client.get("/quizzes/").content.decode()
    assert reverse("account_change_password") in html
    assert reverse("account_email") in html


@pytest.mark.django_db
def test_the_admin_has_no_door_of_its_own_at_which_passwords_could_be_tried(client):
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    answer = client.post("/admin/login/?next=/admin/", {"username": boss.username, "password": PASSWORD})
    assert answer["Location"] == f"{reverse('account_login')}?next=%2Fadmin%2F"
    assert login(client, boss.username, next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_an_author_who_is_no_operator_is_told_so_at_the_admin(client, ada):
    client.force_login(ada)
    assert client.get("/admin/", follow=True).status_code == 403
