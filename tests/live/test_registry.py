"""registry.py: changes of registered models are published, to those who may read them."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core import serializers

from quiz.live import registry
from quiz.live.models import Event
from quiz.live.registry import RegistrationError

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered():
    registry.register(
        Group,
        may_read=lambda user, group: user.get_username() == group.name,
        describe=lambda group: {"name": group.name},
    )
    yield
    registry.unregister(Group)


def published():
    return [(event.destination, event.type, event.payload) for event in Event.objects.order_by("pk")]


def test_creating_saving_and_deleting_are_published(registered):
    group = Group.objects.create(name="ada")
    group.name = "bob"
    group.save()
    pk = group.pk
    group.delete()
    assert published() == [
        (f"/auth/group/{pk}", "group.created", {"pk": pk, "name": "ada"}),
        (f"/auth/group/{pk}", "group.saved", {"pk": pk, "name": "bob"}),
        (f"/auth/group/{pk}", "group.deleted", {"pk": pk}),
    ]


def test_only_the_key_is_told_unless_more_is_described():
    registry.register(User, may_read=lambda user, instance: False)
    try:
        user = User.objects.create_user("ada", password="secret")
    finally:
        registry.unregister(User)
    assert published()[0][2] == {"pk": user.pk}


def test_unregistered_models_are_silent(registered):
    User.objects.create_user("ada")
    registry.unregister(Group)
    Group.objects.create(name="ada")
    registry.register(Group, may_read=lambda user, group: True)
    assert published() == []


def test_fixtures_are_loaded_in_silence(registered):
    text = serializers.serialize("json", [Group(pk=7, name="ada")])
    for loaded in serializers.deserialize("json", text):
        loaded.save()
    assert Group.objects.filter(pk=7).exists()
    assert published() == []


def test_user_may_read_what_the_rule_says_and_nothing_else(registered):
    own, foreign = Group.objects.create(name="ada"), Group.objects.create(name="bob")
    assert registry.readable(User(username="ada"), own, foreign) == [f"/auth/group/{own.pk}"]
    assert registry.readable(AnonymousUser(), own, foreign) == []


def test_model_without_a_rule_is_readable_by_nobody():
    with pytest.raises(RegistrationError, match=r"auth\.Group is not registered"):
        registry.readable(User(username="ada"), Group(pk=1))


def test_model_is_registered_once(registered):
    with pytest.raises(RegistrationError, match=r"auth\.Group is registered already"):
        registry.register(Group, may_read=lambda user, group: True)
