"""The web process's entry: ``gunicorn quiz.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from quiz.environment import setting_errors_in_one_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quiz.settings")

with setting_errors_in_one_line():
    application = get_wsgi_application()
