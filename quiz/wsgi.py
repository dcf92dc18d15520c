"""The web process's entry: ``gunicorn quiz.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from quiz.environment import setting_errors_in_one_line
from quiz.refusals import Utf8Only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quiz.settings")

with setting_errors_in_one_line():
    application = Utf8Only(get_wsgi_application())
