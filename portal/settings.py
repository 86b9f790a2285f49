"""All settings; the environment alone decides (deploy/env.example lists every name).

Nothing set: the embedded demonstration on loopback, on SQLite and a broker of its own. A DATABASE_URL
makes it a server, which then asks for a SECRET_KEY and for ALLOWED_HOSTS.
"""

from pathlib import Path
from zoneinfo import available_timezones

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import background, databases, environment, logs
from portal.identity import configuration

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")
DATABASE_URL = environment.address("DATABASE_URL", "", ("sqlite", "postgres", "postgresql"))
IS_SERVER = bool(DATABASE_URL)

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key(VAR_DIR / "secret_key", is_server=IS_SERVER)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", [])

# Where and how wide `manage.py portal` serves
HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.number("PORT", 8000, least=1, most=65535)
WEB_PROCESSES = environment.number("WEB_PROCESSES", 2, least=1)
WEB_THREADS = environment.number("WEB_THREADS", 4, least=1)
WORKER_PROCESSES = environment.number("WORKER_PROCESSES", 2, least=1)
BASE_URL = environment.address("BASE_URL", f"http://127.0.0.1:{PORT}", ("http", "https")).rstrip("/")

INSTALLED_APPS = [
    "portal.apps.PortalConfig",  # first: its commands on accounts stand in for Django's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "portal.apps.PortalAdminConfig",
    *configuration.LIBRARY_APPS,
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "guardian",
    "import_export",
    "units",
    "reports.campaigns",
    "reports.statistics",
    "reports.records",
    "reports.weekly",
    "reports.digests",
    "reports.reorganisation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.uploads.RequestSizeMiddleware",
    "portal.policies.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "units.middleware.AuditOriginMiddleware",
    "portal.identity.gates.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.identity.gates.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.identity.gates.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]

CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.context.frame",
            ],
        },
    },
]

DATABASES = {
    "default": environment.env.db_url_config(DATABASE_URL)
    if DATABASE_URL
    # Not as a URL: a folder's name may hold a # or a %.
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "portal.sqlite3"}
}
DATABASES["default"] |= databases.connected(str(DATABASES["default"]["ENGINE"]))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts and signing in
AUTH_USER_MODEL = "units.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_POLICY = environment.choice("PASSWORD_POLICY", "asvs", ("asvs", "mlps"))
PASSWORD_MAX_AGE_DAYS = configuration.max_age_days(PASSWORD_POLICY)
AUTH_PASSWORD_VALIDATORS = configuration.password_validators(PASSWORD_POLICY)
REQUIRE_SECOND_FACTOR = environment.choice(
    "REQUIRE_SECOND_FACTOR", "staff" if IS_SERVER else "none", ("none", "staff", "all")
)
SOCIALACCOUNT_PROVIDERS = configuration.identity_providers()
SESSION_IDLE_MINUTES = environment.number("SESSION_IDLE_MINUTES", 30, least=1, most=24 * 60)
SESSION_HOURS = environment.number("SESSION_HOURS", 12, least=1, most=24)
SESSIONS_PER_ACCOUNT = environment.number("SESSIONS_PER_ACCOUNT", 3, least=1, most=50)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
# Object permissions are asked through units/scope.py alone, never through `user.has_perm(…, object)`.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Over HTTPS, as a server is, unless it says otherwise
IS_HTTPS = environment.flag("HTTPS", default=IS_SERVER)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
BEHIND_PROXY = environment.number("BEHIND_PROXY", 0, most=5)
PROXY_ADDRESSES = environment.words("PROXY_ADDRESSES", [])
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE.insert(0, "portal.proxy.ProxyAddressMiddleware")
X_FRAME_OPTIONS = "DENY"
vars().update(configuration.library_settings(is_https=IS_HTTPS))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# A probe asks over plain HTTP, from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("TIME_ZONE", "Asia/Shanghai")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"TIME_ZONE={TIME_ZONE!r} is no time zone; write one like Asia/Shanghai.")
PORTAL_NAME = _("Reporting portal")

# Files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # Files are named by what they hold: one of the same name has the same bytes.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"allow_overwrite": True, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The embedded portal serves the files where they lie; a server collects them first.
WHITENOISE_USE_FINDERS = not IS_SERVER
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.uploads.IncomingUploadHandler",
]
REQUEST_MB = environment.number("REQUEST_MB", 32, least=21, most=2048)
ATTACHMENT_QUOTA_MB = environment.number("ATTACHMENT_QUOTA_MB", 5000, least=1)
CLAMD_ADDRESS = environment.address("CLAMD_ADDRESS", "", ("unix", "tcp"))
AUDIT_ANCHOR = VAR_DIR / "audit-seals.log"

# Mail
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "portal@localhost")
EMAIL_URL = environment.address("EMAIL_URL", "", ("smtp", "smtp+tls", "smtp+ssl", "smtps"))
if EMAIL_URL:
    vars().update(environment.env.email_url_config(EMAIL_URL))
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "portal.mailbox.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
# Robots of group chats are posted to at these hosts and nowhere else.
ROBOT_HOSTS = environment.words("ROBOT_HOSTS", ["qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"])

# Broker, cache
BROKER_SOCKET = environment.socket_path(VAR_DIR / "broker" / "valkey.sock")
REDIS_URL = environment.address("REDIS_URL", "", ("redis", "rediss", "unix"))
BROKER_URL = environment.address("BROKER_URL", REDIS_URL, ("redis", "rediss", "unix", "amqp", "amqps"))
CELERY_BROKER_URL = (BROKER_URL or f"unix://{BROKER_SOCKET}").replace("unix:", "redis+socket:", 1)
if BROKER_URL.startswith("amqp") and not REDIS_URL:
    raise ImproperlyConfigured(
        "REDIS_URL: with RabbitMQ as the broker the cache needs a Redis or Valkey of its own."
    )
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or BROKER_URL or f"unix://{BROKER_SOCKET}",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

# Work in the background; the numbers lost no task on kill -9 when they were measured
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_IMPORTS = background.IMPORTS
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker that is told to stop gives its tasks this many seconds and then hands them back to the broker.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = background.transport_options(BROKER_URL)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = background.SCHEDULE

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"

LOGGING = logs.configuration(environment.text("LOG_LEVEL", "INFO"), environment.text("LOG_FORMAT", "line"))
