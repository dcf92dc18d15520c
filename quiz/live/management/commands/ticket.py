"""``manage.py ticket``: a ticket for a person's own programs, or for a service."""

from argparse import ArgumentParser, ArgumentTypeError

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError

from quiz.live import tickets

DEFAULT_HOURS = 12

# A year: a ticket cannot be called back before its time, short of changing the key.
MAX_HOURS = 8_760


class Command(BaseCommand):
    help = "Print a ticket that acts as a user over HTTP (Authorization: Bearer) and STOMP (passcode), or as a service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--user", metavar="NAME", help="act as this user, with what the user may read and write now")
        who.add_argument("--service", metavar="NAME", help="act as a service, which may read and write everything")
        parser.add_argument("--hours", type=_hours, default=DEFAULT_HOURS, help="how long, by default %(default)s")

    def handle(self, *args: str, user: str | None, service: str | None, hours: int, **options: object) -> None:
        try:
            if user is None:
                ticket = tickets.make(f"service:{service}", read=[], write=[], seconds=hours * 3600)
            else:
                ticket = tickets.make_for_user(_user(user), seconds=hours * 3600)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(ticket)


def _hours(text: str) -> int:
    """A whole number of hours, 1 to ``MAX_HOURS``."""
    if not (text.isdecimal() and 1 <= int(text) <= MAX_HOURS):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MAX_HOURS}")
    return int(text)


def _user(name: str) -> AbstractBaseUser:
    users = get_user_model()
    user = users._default_manager.filter(**{users.USERNAME_FIELD: name}, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {name!r}.")
    return user
