"""Settings, all from the environment. ``./lab`` sets every variable; docs/operating.md lists them."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from labportal.logs import logging_config
from labportal.whole_requests import LONGEST_ROSTER

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("LAB_STATE", BASE_DIR / ".lab"))


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SystemExit(f"{name} is not set. Start the portal with ./lab, or see docs/operating.md.")
    return value


DEBUG = os.environ.get("LAB_DEBUG", "") == "1"
SECRET_KEY = _required("LAB_SECRET_KEY")
SEALING_KEYS = _required("LAB_SEALING_KEYS")  # "id:base64,id:base64": the first seals, all open
DIGEST_KEY = _required("LAB_DIGEST_KEY")
ALLOWED_HOSTS = os.environ.get("LAB_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("LAB_TRUSTED_ORIGINS", "").split(",") if origin]
HTTPS_ONLY = os.environ.get("LAB_HTTPS_ONLY", "") == "1"

# One address for redis-py (unix:///path?db=0); Celery spells the same socket differently.
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
PRACTICE_PROXY = os.environ.get("LAB_PRACTICE_PROXY", "")  # http://127.0.0.1:8101
PRACTICE_CA = os.environ.get("LAB_PRACTICE_CA", "")  # path of the practice cloud's CA certificate
PRACTICE_CONTROL = os.environ.get("LAB_PRACTICE_CONTROL", "")  # http://127.0.0.1:8102

INSTALLED_APPS = [
    "labportal.accounts",
    "labportal.connections",
    "labportal.labs",
    "labportal.runs",
    "labportal.ledger",
    "labportal.standings",
    "labportal.classes",
    "labportal.board",
    "labportal.support",
    "labportal.rounds",
    "labportal.results",
    "labportal.rehearsal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "labportal.results.other_problems.OtherProblems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "labportal.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Immediate transactions and WAL: docs/decisions/0009-sqlite-one-writer.md
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}
_database = dj_database_url.parse(
    os.environ.get("DATABASE_URL") or f"sqlite:///{STATE_DIR / 'portal.sqlite3'}", conn_max_age=600
)
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = dict(_SQLITE_OPTIONS)
else:
    _database["CONN_HEALTH_CHECKS"] = True  # a restarted PostgreSQL costs one request one extra round trip, no error
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "labs:overview"
LOGOUT_REDIRECT_URL = "home"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
DATA_UPLOAD_MAX_MEMORY_SIZE = LONGEST_ROSTER  # labportal.whole_requests has stopped what is longer
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# How long after a worker's death its attempts are taken up by another. A worker that lives renews in time.
LEASE_SECONDS = float(os.environ.get("LAB_LEASE_SECONDS", "12"))
ROUND_STUDENTS_AT_ONCE = int(os.environ.get("LAB_ROUND_STUDENTS_AT_ONCE", "8"))

LOGGING_CONFIG = None
logging_config(level=os.environ.get("LAB_LOG_LEVEL", "INFO"))

# Celery: the database is the truth, Redis only carries ids. No results, no ETA, no retries (docs/decisions/0005).
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_connections": 200,
    # Redis need not remember what a worker has taken: the sweeper finds what is lost, and remembering costs the worker
    # a fifth of its time. It still takes no more ahead than the prefetch multiplier says.
    "ack_emulation": False,
}
