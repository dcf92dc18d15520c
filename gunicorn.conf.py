"""How gunicorn serves the web process; it reads this file by itself (``gunicorn quiz.wsgi``)."""

from quiz.environment import setting_errors_in_one_line

with setting_errors_in_one_line():
    from quiz import settings

bind = f"0.0.0.0:{settings.WEB_PORT}"
worker_class = "quiz.processes.worker.Worker"  # gthread, whose threads wait for no slow line
workers = 2
threads = 8

# Seconds. Answers go over a page's own line; what is kept here is for calls that follow each other. A worker accepts
# nobody while it keeps 1,000: at 75 s, who came as the 2,000th into a hall waited a minute for a place.
keepalive = 10
# Seconds that a request which runs when gunicorn is told to stop may still take.
graceful_timeout = 10

# Nobody here speaks to it, and two copies would share one.
control_socket_disable = True

LOGGERS = {
    "gunicorn": {"level": "INFO"},
    "gunicorn.access": {"level": "WARNING"},  # The proxy in front writes one, and a PIN stands in paths.
}
logconfig_dict = settings.LOGGING | {"loggers": settings.LOGGING["loggers"] | LOGGERS}
