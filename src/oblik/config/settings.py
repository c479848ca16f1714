"""Django's settings, read from the environment; every OBLIK_ name stands in docs/reference/settings.md."""

import os
import secrets
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from oblik.config.mail import mail_settings
from oblik.config.maps import map_style

SOURCE_DIR = Path(__file__).resolve().parent.parent


def _data_dir() -> Path:
    named = os.environ.get("OBLIK_DATA")
    return Path(named).expanduser().resolve() if named else Path.home() / ".local" / "share" / "oblik"


OBLIK_DATA = _data_dir()
OBLIK_CITY_CODE = os.environ.get("OBLIK_CITY_CODE", "KHA")
OBLIK_PERSON = os.environ.get("OBLIK_PERSON", "")  # in whose name and with whose rights commands act
OBLIK_KEYS = os.environ.get("OBLIK_KEYS", "")  # empty: the folder keys in OBLIK_DATA
OBLIK_CHECKPOINTS = os.environ.get("OBLIK_CHECKPOINTS", "")  # empty: the folder checkpoints in OBLIK_DATA
OBLIK_CHECKPOINT_ENTRIES = int(os.environ.get("OBLIK_CHECKPOINT_ENTRIES", "1000"))
OBLIK_CHECKPOINT_MINUTES = int(os.environ.get("OBLIK_CHECKPOINT_MINUTES", "60"))
OBLIK_SECRET_LOOKS = int(os.environ.get("OBLIK_SECRET_LOOKS", "30"))  # cameras an hour whose secrets a person opens
OBLIK_MAP_STYLE = map_style(os.environ.get("OBLIK_MAP_STYLE", ""))  # a foreign base map where none is drawn
OBLIK_MAX_FILE_MB = int(os.environ.get("OBLIK_MAX_FILE_MB", "300"))


def _listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _secret_key() -> str:
    """The key that `oblik init` wrote; before that a passing one, so that no fixed key is ever in use."""
    path = OBLIK_DATA / "secret.key"
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(48)


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("OBLIK_DEBUG", "") == "1"
_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
# Traces show settings and values: with them on, no other name is answered than this machine's own.
ALLOWED_HOSTS = _LOOPBACK if DEBUG else _listed("OBLIK_HOSTS") or _LOOPBACK

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
    "oblik.coverage",
    "oblik.intake",
    "oblik.inventory",
    "oblik.web.ui",
    # After our pages, whose templates stand in for theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "oblik.web.ui.middleware.content_policy",
    "oblik.web.ui.middleware.real_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "oblik.web.ui.middleware.chosen_language",
    "oblik.web.ui.bodies.bounded_body",
    "oblik.web.api.answers.problems_only",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "oblik.web.desk.presence.session_that_ends",
    "oblik.web.desk.presence.second_factor",
    "oblik.web.ui.refusals.refusals_noted",
    "oblik.web.desk.presence.enrolment_first",
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
OBLIK_OWNER_DATABASE_URL = os.environ.get("OBLIK_OWNER_DATABASE_URL", "")
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
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Length and a list of known passwords, no rules about digits and signs: OWASP ASVS 5.0, 6.2.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "oblik.accounts.passwords.LongestPassword", "OPTIONS": {"max_length": 128}},
]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "signin"

# Signing in (django-allauth): by name, no accounts that nobody invited.
ACCOUNT_ADAPTER = "oblik.web.desk.signin_rules.SignInRules"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # at sign-in; a mailed reset asks for a confirmed address by itself
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Oblik: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True  # the session has its own two ends, see oblik.web.desk.presence
ACCOUNT_FORMS = {
    "login": "oblik.web.desk.signin.SignInForm",
    "reset_password": "oblik.web.desk.signin.LostPasswordForm",
}
# Failures of one name and of one address; the lock of an account (oblik.accounts.signin) comes on top.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key"}
MFA_ADAPTER = "oblik.web.desk.signin_rules.SecondFactorRules"
MFA_FORMS = {"authenticate": "oblik.web.desk.signin.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Oblik"
MFA_TOTP_TOLERANCE = 1  # half a minute of a wrong clock to either side
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody registers here with another's address
OBLIK_SECOND_FACTOR = os.environ.get("OBLIK_SECOND_FACTOR", "for-secrets")
OBLIK_IDLE_MINUTES = int(os.environ.get("OBLIK_IDLE_MINUTES", "30"))

SOCIALACCOUNT_ADAPTER = "oblik.web.desk.signin_rules.ForeignIdentityRules"
# Our content policy lets no form end at another host; a link may. All that it can do is sign in who already is.
SOCIALACCOUNT_LOGIN_ON_GET = True
OBLIK_OIDC_SERVER = os.environ.get("OBLIK_OIDC_SERVER", "")
OBLIK_OIDC_NAME = os.environ.get("OBLIK_OIDC_NAME") or "OpenID Connect"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OBLIK_OIDC_NAME,
                "client_id": os.environ.get("OBLIK_OIDC_CLIENT", ""),
                "secret": os.environ.get("OBLIK_OIDC_SECRET", ""),
                "settings": {"server_url": OBLIK_OIDC_SERVER, "fetch_userinfo": False},
            }
        ]
        if OBLIK_OIDC_SERVER
        else [],
    }
}

globals().update(mail_settings(os.environ.get("OBLIK_MAIL", "")))
OBLIK_ADDRESS = os.environ.get("OBLIK_ADDRESS", "")
DEFAULT_FROM_EMAIL = os.environ.get("OBLIK_MAIL_FROM", "oblik@localhost")

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

# What a browser keeps and how it is reached. OBLIK_HTTPS=1 says that people reach the pages by TLS only.
OBLIK_HTTPS = os.environ.get("OBLIK_HTTPS", "") == "1"
OBLIK_PROXIES = _listed("OBLIK_PROXIES")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = OBLIK_HTTPS
if OBLIK_HTTPS:
    # The prefix lets a browser refuse such a cookie from a neighbouring name or from plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    if OBLIK_PROXIES:  # web.ui.middleware.real_address removes the header from everybody else
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Preloading writes a city's internal name into every browser of the world, and takes months to undo.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# How much one request may carry and how often somebody may ask (web.ui.limits); files that are handed in have
# OBLIK_MAX_FILE_MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
OBLIK_LIMITS = os.environ.get("OBLIK_LIMITS", "1") == "1"
CACHES = {
    "default": {
        # Shared by all worker processes. Not in the database: on SQLite a sign-in would wait until a list is read.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": OBLIK_DATA / "cache",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    }
}

DEFAULT_EXCEPTION_REPORTER = "oblik.config.veils.VeiledReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "oblik.config.veils.NothingShown"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"veiled": {"()": "oblik.config.veils.VeiledFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "veiled"}},
    # Django's own handlers, which know nothing of secrets, make way for ours.
    "loggers": {"django": {"handlers": [], "level": "WARNING"}, "django.server": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
