"""All settings of the Django side, read from the environment once (names as in ``.env.example``)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ

from quiz.environment import MIN_KEY_BYTES, Environment
from quiz.languages import offered

BASE_DIR = Path(__file__).resolve().parent.parent

environ.Env.read_env(BASE_DIR / ".env")  # What the environment says already wins.
env = Environment(os.environ)

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", min_bytes=MIN_KEY_BYTES)
SITE_URL = env.origin("SITE_URL")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
LOOPBACK = ["127.0.0.0/8", "::1/128"]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=[*LOCAL_HOSTS, *filter(None, [urlsplit(SITE_URL).hostname])])
WEB_PORT = env.port("WEB_PORT", default=8000)
REFEREE_PORT = env.port("REFEREE_PORT", default=0)
ORBITED_ADMIN_PORT = env.port("ORBITED_ADMIN_PORT", default=0)

DATA_DIR = BASE_DIR / env.text("DATA_DIR", default="data")
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'orbit-quiz.sqlite3'}")}
# A kept connection may have died with the database's last restart: a request looks before it trusts one.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write takes its place in the queue at once, so that what it reads stays true.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# allauth counts failed logins in it, so it has to be one for all web processes. Its default of 300 entries would let
# whoever fills them be forgotten.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What each process may work out for itself, and should not for each page that is opened.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200}},
}

# Whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", default=LOOPBACK)
# Who may join and type PINs without a limit: a school behind one address, this machine's own programs.
UNLIMITED_NETWORKS = env.networks("UNLIMITED_NETWORKS", default=LOOPBACK)
# More words that are not wanted in nicknames, one a line.
NICKNAME_WORDS = env.file("NICKNAME_WORDS", folder=BASE_DIR)
# Days after a game's end. Events and who came from where are of use for days, results for a term.
EVENTS_KEPT_DAYS = env.number("EVENTS_KEPT_DAYS", default=7)
GAMES_KEPT_DAYS = env.number("GAMES_KEPT_DAYS", default=180)

# What the author `demo` logs in with; empty: no demo author is made.
DEMO_PASSWORD = env.text("DEMO_PASSWORD", default="")

# Where browsers find the relay; an empty host is the host that the page came from.
ORBITED_HOST = env.text("ORBITED_HOST", default="")
ORBITED_PORT = env.port("ORBITED_PORT", default=8080)
ORBITED_MEDIA_URL = env.text("ORBITED_MEDIA_URL", default="/static/orbited/")

# Where the broker is, as seen from this process and from the relay alike.
STOMP_HOST = env.text("STOMP_HOST", default="localhost")
STOMP_PORT = env.port("STOMP_PORT", default=61613)
STOMP_LOGIN = env.text("STOMP_LOGIN", default="web")
STOMP_PASSCODE = env.secret("STOMP_PASSCODE")
STOMP_TICKET_KEY = env.secret("STOMP_TICKET_KEY", min_bytes=MIN_KEY_BYTES)
# Where the broker in the relay's process keeps its queues; empty: in memory.
STOMP_STORE = str(DATA_DIR / store) if (store := env.text("STOMP_STORE", default="queues.sqlite3")) else ""
STOMP_DESTINATIONS = env.choice("STOMP_DESTINATIONS", ["plain", "rabbitmq", "activemq"], default="plain")
# With activemq: where pages reach the gate before it, in the relay's process.
STOMP_GATE_PORT = env.port("STOMP_GATE_PORT", default=61614)
# What RabbitMQ shows when it asks us who may do what; without RabbitMQ nobody may ask.
RABBITMQ_JUDGE_KEY = (
    env.secret(
        "RABBITMQ_JUDGE_KEY",
        min_bytes=MIN_KEY_BYTES,
        remedy="set it to what rabbitmq.conf has in the place of JUDGE_KEY, letters, digits, '_' and '-'.",
    )
    if STOMP_DESTINATIONS == "rabbitmq"
    else ""
)
# With rabbitmq: where its management listens at STOMP_HOST, by which connections are ended.
RABBITMQ_API_PORT = env.port("RABBITMQ_API_PORT", default=15672)
# Destinations that end so are queues: each message goes to one reader.
LIVE_QUEUE_ENDINGS = ["answers"]
# Where no ticket counts: who gets hold of one must not be able to take the account over with it.
LIVE_LOGIN_ONLY = ["/admin/", "/accounts/"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "quiz.live",
    "quiz.authoring",
    "quiz.play",
    "quiz.community",
    # Kinds of question of other apps (docs/decisions/0046).
    *env.words("QUESTION_KINDS", default=[]),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "quiz.live.middleware.ServerTimeMiddleware",
    "csp.middleware.CSPMiddleware",
    "quiz.live.middleware.RelayPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "quiz.live.middleware.TicketMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quiz.live.middleware.TicketUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "quiz.urls"
WSGI_APPLICATION = "quiz.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"assets": "quiz.assets.tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quiz.live.context_processors.live",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "authoring:list"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "quiz.community.adapter.AccountAdapter"

vars().update(env.mail("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Orbit Quiz <quiz@localhost>")

LANGUAGE_CODE = "en"
# Translations of the operator's own, beside ours and before them: another language is a folder there.
LOCALE_PATHS = [BASE_DIR / folder for folder in (env.text("LOCALE_DIR", default=""), "quiz/locale") if folder]
LANGUAGES = offered(LOCALE_PATHS)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("orbited", BASE_DIR / "orbited" / "static")]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "quiz.assets.storage.CollectedFiles"},
}
# Until they have been collected (`manage.py up` does it), files are found where they lie.
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

# Over plain http (a local network) a browser would drop secure cookies, so https decides.
HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$", r"^rabbitmq/"]  # Asked for on the machine itself, without TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536

# One plain form for every process. Whoever runs them adds the time: journald, Docker, or `manage.py up`.
# To stderr, because a command's stdout is its result (`manage.py ticket` prints a ticket and nothing else).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"one_line": {"()": "quiz.logs.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one_line"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # A late answer or a wrong PIN is an answer with 4xx, not a fault of the server.
        "django.request": {"level": "ERROR"},
    },
}
