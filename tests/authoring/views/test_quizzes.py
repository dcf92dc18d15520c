"""The author's list and the page of one quiz."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from quiz.authoring.models import Quiz
from quiz.authoring.views import quizzes
from tests.authoring.questions import question

EDIT = {"title": "Moons", "language": "it", "description": "All of them."}


def address(name, quiz, *more):
    return reverse(f"authoring:{name}", args=[quiz.pk, *more])


def every_address(quiz):
    first = quiz.questions.first().pk
    own = [(name, address(name, quiz)) for name in ("edit", "delete", "question_new")]
    return own + [(name, address(name, quiz, first)) for name in ("question_edit", "question_delete", "question_move")]


def test_list_without_quizzes_shows_the_way(host):
    html = host.get("/quizzes/").content.decode()
    assert reverse("authoring:new") in html
    assert reverse("authoring:import") in html


def test_list_shows_own_quizzes_only_newest_first(host, stranger, author, quiz):
    Quiz.objects.create_filled(author, "Moons", [question()])
    html = host.get("/quizzes/").content.decode()
    assert html.index("Moons") < html.index("Planets")
    assert "3 questions" in html
    assert "Planets" not in stranger.get("/quizzes/").content.decode()


def test_a_quiz_that_was_just_written_was_changed_now_and_not_0_minutes_ago(host, author, quiz):
    assert re.search(r"changed (now|(a|\d+)\xa0seconds? ago)", host.get("/quizzes/").content.decode())


def test_long_list_has_pages(host, author):
    for number in range(quizzes.QUIZZES_PER_PAGE + 1):
        Quiz.objects.create(owner=author, title=f"Quiz {number}")
    assert ">Quiz 0<" not in host.get("/quizzes/").content.decode()
    assert ">Quiz 0<" in host.get("/quizzes/?page=2").content.decode()


def test_nobody_without_login_gets_in(quiz):
    pages = [("list", "/quizzes/"), ("new", "/quizzes/new/"), ("import", "/quizzes/import/"), *every_address(quiz)]
    for name, url in pages:
        method = Client().post if name == "question_move" else Client().get
        assert method(url)["Location"] == f"{reverse('account_login')}?next={url}", name


def test_nobody_without_login_changes_anything(quiz):
    for name, url in [("new", "/quizzes/new/"), ("import", "/quizzes/import/"), *every_address(quiz)]:
        assert Client().post(url, EDIT)["Location"].startswith(reverse("account_login")), name
    assert quiz.questions.count() == 3


def test_others_learn_not_even_that_a_quiz_is_there(quiz, stranger):
    before = Quiz.objects.values().get()
    for name, url in every_address(quiz):
        assert stranger.post(url, {**EDIT, "direction": "down"}).status_code == 404, name
        if name != "question_move":
            assert stranger.get(url).status_code == 404, name
    assert Quiz.objects.values().get() == before
    assert quiz.questions.count() == 3


def test_question_of_another_quiz_is_not_found(host, author, quiz):
    other = Quiz.objects.create_filled(author, "Other", [question()])
    assert host.get(address("question_edit", quiz, other.questions.get().pk)).status_code == 404


def test_posts_need_the_csrf_token(author, quiz):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(author)
    for name, url in [*every_address(quiz), ("new", "/quizzes/new/"), ("import", "/quizzes/import/")]:
        assert browser.post(url).status_code == 403, name
    assert quiz.questions.count() == 3


def test_new_quiz_belongs_to_its_author(host, author):
    answer = host.post("/quizzes/new/", EDIT)
    quiz = Quiz.objects.get()
    assert (quiz.owner, quiz.title, quiz.language, quiz.description) == (author, "Moons", "it", "All of them.")
    assert answer["Location"] == quiz.get_absolute_url()


@pytest.mark.parametrize(
    "change", [{"title": ""}, {"title": "x" * 121}, {"language": "xx"}, {"description": "x" * 1001}]
)
def test_bad_details_are_refused_beside_their_field(host, quiz, change):
    for url in ("/quizzes/new/", address("edit", quiz)):
        answer = host.post(url, {**EDIT, **change})
        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == list(change)
    assert Quiz.objects.get().title == "Planets"
    assert '<h1 class="quiz-title">Planets</h1>' in answer.content.decode()


def test_details_are_saved(host, quiz):
    host.post(address("edit", quiz), EDIT)
    assert Quiz.objects.values("title", "language", "description").get() == EDIT


def test_page_starts_a_game(host, quiz):
    html = host.get(quiz.get_absolute_url()).content.decode()
    assert '<form method="post" action="/games/">' in html
    assert f'<input type="hidden" name="quiz" value="{quiz.pk}">' in html


def test_quiz_without_questions_offers_no_start(host, author):
    quiz = Quiz.objects.create(owner=author, title="Empty")
    assert "/games/" not in host.get(quiz.get_absolute_url()).content.decode()
    assert "disabled" in host.get("/quizzes/").content.decode()


def test_page_of_many_questions_asks_the_database_a_few_times(host, quiz, django_assert_max_num_queries):
    quiz.append([question(f"Number {number}?") for number in range(quizzes.QUESTIONS_PER_PAGE)])
    with django_assert_max_num_queries(9):
        html = host.get(quiz.get_absolute_url()).content.decode()
    assert "Number 46?" in html
    assert "Number 47?" not in html
    assert "Number 47?" in host.get(quiz.get_absolute_url() + "?page=2").content.decode()


def test_full_quiz_says_so(host, quiz, monkeypatch):
    monkeypatch.setattr("quiz.authoring.rules.MAX_QUESTIONS", 3)
    assert address("question_new", quiz) not in host.get(quiz.get_absolute_url()).content.decode()


def test_what_an_import_kept_is_marked_for_its_author(host, quiz):
    quiz.append([question(wrong=("Mars", "Mars"))])
    assert "This option says the same as option B." in host.get(quiz.get_absolute_url()).content.decode()


def test_text_of_authors_is_never_markup(host, author):
    evil = "<script>alert(1)</script>"
    quiz = Quiz.objects.create_filled(author, evil, [question(evil, right=evil, explanation=evil)])
    first = quiz.questions.get().pk
    for url in ("/quizzes/", quiz.get_absolute_url(), address("question_edit", quiz, first), address("delete", quiz)):
        assert evil not in host.get(url).content.decode()


def test_deleting_asks_first(host, quiz):
    assert host.get(address("delete", quiz)).status_code == 200
    assert Quiz.objects.exists()
    assert host.post(address("delete", quiz))["Location"] == "/quizzes/"
    assert not Quiz.objects.exists()


def test_list_leads_back_to_running_games_of_ones_own(host, stranger, game):
    way_back = reverse("play:host", args=[game.pk])
    assert way_back in host.get("/quizzes/").content.decode()
    assert way_back not in stranger.get("/quizzes/").content.decode()
    game.finish()
    while game.phase != "ended":
        game.next()
    assert way_back not in host.get("/quizzes/").content.decode()
