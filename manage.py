#!/usr/bin/env python
"""Django's command line for Orbit Quiz."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from quiz.environment import setting_errors_in_one_line
from quiz.processes.dotenv import add_missing_secrets

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quiz.settings")
    if sys.argv[1:2] == ["up"]:  # The settings, which every command reads first, ask for the secrets.
        add_missing_secrets(Path(__file__).resolve().parent / ".env")
    with setting_errors_in_one_line():
        execute_from_command_line(sys.argv)
