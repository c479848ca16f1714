"""Django's settings, read from the environment; every OBLIK_ name stands in docs/reference/settings.md."""

import os
import secrets
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

SOURCE_DIR = Path(__file__).resolve().parent.parent


def _data_dir() -> Path:
    named = os.environ.get("OBLIK_DATA")
    return Path(named).expanduser().resolve() if named else Path.home() / ".local" / "share" / "oblik"


OBLIK_DATA = _data_dir()
OBLIK_CITY_CODE = os.environ.get("OBLIK_CITY_CODE", "KHA")
OBLIK_MAX_FILE_MB = int(os.environ.get("OBLIK_MAX_FILE_MB", "300"))


def _secret_key() -> str:
    """The key that `oblik init` wrote; before that a passing one, so that no fixed key is ever in use."""
    path = OBLIK_DATA / "secret.key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(48)


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("OBLIK_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("OBLIK_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "oblik.accounts",
    "oblik.journal",
    "oblik.city",
    "oblik.registry",
    "oblik.intake",
    "oblik.inventory",
    "oblik.web.ui",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "oblik.web.ui.middleware.chosen_language",
    "oblik.web.ui.middleware.content_policy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "oblik.config.urls"
WSGI_APPLICATION = "oblik.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_url = os.environ.get("OBLIK_DATABASE_URL") or f"sqlite:///{OBLIK_DATA / 'oblik.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(_url)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 60,
        # Writers queue at the start of a transaction, instead of failing in the middle of it.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "signin"

LANGUAGE_CODE = "uk"
OBLIK_LANGUAGE = os.environ.get("OBLIK_LANGUAGE", LANGUAGE_CODE)  # of the console; pages follow their reader
LANGUAGES = [("uk", _("Ukrainian")), ("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [SOURCE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("OBLIK_TIME_ZONE", "Europe/Kyiv")

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
