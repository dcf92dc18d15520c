"""Models whose changes are published: ``register(Model, may_read)`` and every save goes to ``/<app>/<model>/<pk>``.

A page that got ``readable(user, *instances)`` into its ticket may subscribe to just these. Nothing is readable without
a rule, and nothing is told but the key unless ``describe`` says more. As Django's signals, it hears of ``save()`` and
``delete()``, not of ``update()`` and ``bulk_create()``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from quiz.live.errors import LiveError
from quiz.live.publisher import publish

User = AbstractBaseUser | AnonymousUser


class RegistrationError(LiveError):
    """A model that is registered twice, or was asked for and is not registered."""


@dataclass(frozen=True)
class Registration:
    """Who may read a model's changes, and what they are told."""

    may_read: Callable[[Any, Any], bool]
    describe: Callable[[Any], dict[str, Any]]


_registrations: dict[type[Model], Registration] = {}


def register(
    model: type[Model],
    may_read: Callable[[Any, Any], bool],
    describe: Callable[[Any], dict[str, Any]] = lambda instance: {},
) -> None:
    """Publish ``<model>.created``, ``.saved`` and ``.deleted`` with ``{"pk": …}`` and what ``describe(instance)`` adds.

    ``may_read(user, instance)`` says who may read them. Call it when the app is ready.
    """
    if model in _registrations:
        raise RegistrationError(f"{model._meta.label} is registered already")
    _registrations[model] = Registration(may_read, describe)
    post_save.connect(_saved, sender=model, dispatch_uid=_uid(model))
    post_delete.connect(_deleted, sender=model, dispatch_uid=_uid(model))


def unregister(model: type[Model]) -> None:
    """Publish the model's changes no more."""
    _registration(model)
    post_save.disconnect(sender=model, dispatch_uid=_uid(model))
    post_delete.disconnect(sender=model, dispatch_uid=_uid(model))
    del _registrations[model]


def destination(instance: Model) -> str:
    """Where the changes of this instance go."""
    return f"/{instance._meta.app_label}/{instance._meta.model_name}/{instance.pk}"


def readable(user: User, *instances: Model) -> list[str]:
    """The destinations of those instances whose changes this user may read."""
    return [destination(one) for one in instances if _registration(type(one)).may_read(user, one)]


def _registration(model: type[Model]) -> Registration:
    try:
        return _registrations[model]
    except KeyError:
        raise RegistrationError(f"{model._meta.label} is not registered") from None


def _saved(instance: Model, created: bool, raw: bool, **signal: object) -> None:
    if not raw:  # A fixture is being loaded: what it refers to may not be there yet.
        _publish(instance, "created" if created else "saved")


def _deleted(instance: Model, **signal: object) -> None:
    _publish(instance, "deleted")


def _publish(instance: Model, change: str) -> None:
    data = {"pk": instance.pk}
    if change != "deleted":
        data |= _registration(type(instance)).describe(instance)
    publish(destination(instance), f"{instance._meta.model_name}.{change}", data)


def _uid(model: type[Model]) -> str:
    return f"live:{model._meta.label}"
