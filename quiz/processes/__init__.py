"""Running the Procfile's processes on one machine, for ``manage.py up``. Knows nothing of quizzes."""
