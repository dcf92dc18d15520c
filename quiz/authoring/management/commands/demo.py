"""``manage.py demo``: something to play right after installing."""

import secrets

from django.conf import settings
from django.core.management.base import BaseCommand

from quiz.authoring import demo

PASSWORD_BYTES = 9  # 72 random bits, twelve characters to copy


class Command(BaseCommand):
    help = (
        "Create the author `demo` and the demo quizzes, once. The password is DEMO_PASSWORD from the environment,"
        " or a fresh one; it is printed here and nowhere else."
    )

    def handle(self, *args: object, **options: object) -> None:
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(PASSWORD_BYTES)
        quizzes = demo.create(password)
        if not quizzes:
            self.stdout.write(f"author: {demo.AUTHOR} (already there; nothing was changed)")
            return
        self.stdout.write(f"author: {demo.AUTHOR}")
        self.stdout.write(f"password: {password}")
        for quiz in quizzes:
            self.stdout.write(f"quiz {quiz.pk}: {quiz.questions.count()} questions ({quiz.title})")
