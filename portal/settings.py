"""Settings, all from the environment; production is the default, `make demo` sets its own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from portal.health.log_lines import logging_of
from portal.kit.language.catalogues import NAMES, has_catalogue

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https:")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tables2",
    "django_filters",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "projects",
    "finance",
    "documents",
    "portal",
]

MIDDLEWARE = [
    "portal.health.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.kit.web.languages.LanguageMiddleware",
    "portal.middleware.RawInputMiddleware",
    "portal.api.limits.ApiMiddleware",
    "portal.middleware.TwinMiddleware",
    "portal.page_cache.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.OfficeMiddleware",
    "portal.accounts.sessions.IdleMiddleware",
    "portal.accounts.second_factor.SecondFactorMiddleware",
    "portal.kit.web.kept_forms.KeptFormMiddleware",
    "portal.kit.web.once.OnceMiddleware",
    "portal.middleware.KeptDatesMiddleware",
    "portal.middleware.ReadingMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "portal.kit.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.about.context_processors.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.templatetags.kit",
            ],
        },
    },
]

FORM_RENDERER = "portal.kit.web.fields.Renderer"

# Two roles on one database: `default` owns nothing and may only append records;
# `owner` migrates. See finance/models/append_only.py and portal/host/grants.py.
DATABASES = {
    "default": env.db_url("DATABASE_URL"),
    "owner": env.db_url("DATABASE_OWNER_URL", default=env.str("DATABASE_URL")),
}
for _database in DATABASES.values():
    _database["ENGINE"] = "django.db.backends.postgresql"
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "projects.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# The link of an invitation proves the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "portal.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "portal.accounts.factor_forms.CodeForm",
    "reauthenticate": "portal.accounts.factor_forms.CodeAgainForm",
    "add_webauthn": "portal.accounts.factor_forms.PasskeyForm",
    "authenticate_webauthn": "portal.accounts.factor_forms.PasskeyCodeForm",
    "login_webauthn": "portal.accounts.factor_forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "portal.accounts.factor_forms.PasskeyAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
# Browsers know no TLS at localhost, and allow passkeys there all the same.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Attempts are counted here, once for all processes and machines, never in local memory.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Pages as they were drawn, in each process for itself; with REDIS_URL once for all machines.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": env.int("PAGES_KEPT", default=500)},
    },
    # What was counted over the whole portfolio (portal/about/versions.py), in each process.
    "counts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "counts",
        "TIMEOUT": None,
    },
}
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES["pages"] = {"BACKEND": "portal.kit.web.redis_memory.Pages", "LOCATION": REDIS_URL}
# The longest that a statement of a page may take, in seconds.
READ_SECONDS = env.int("READ_SECONDS", default=30)
# How much that costs much may be answered at a time (portal/kit/web/places.py): for one visitor
# (0: without any limit), and of files and pages in all processes together. With more on two cores
# the home page takes three times as long as when nothing else is asked for.
HEAVY_PER_VISITOR = env.int("HEAVY_PER_VISITOR", default=2)
HEAVY_FILES = env.int("HEAVY_FILES", default=2)
HEAVY_PAGES = env.int("HEAVY_PAGES", default=3)
# How many pages each process keeps as they were drawn; 0: each is drawn each time.
PAGES_KEPT = env.int("PAGES_KEPT", default=500)
AUTH_PASSWORD_VALIDATORS: list[dict] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
AUTH_PASSWORD_VALIDATORS.append({"NAME": "portal.accounts.passwords.GuessedFirst"})

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
# A language is offered once its catalogue is complete.
LANGUAGES = [
    (code, name)
    for code, name in NAMES.items()
    if code == LANGUAGE_CODE or has_catalogue(LOCALE_PATHS[0], code)
]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
FORMAT_MODULE_PATH = "portal.kit.formats"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
# Files go to S3 or the like where a bucket is named, else below MEDIA_ROOT.
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_STORAGE: dict[str, Any] = {
    "BACKEND": "documents.storage.S3Files",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "region_name": env.str("S3_REGION", default=None),
        "access_key": env.str("S3_ACCESS_KEY", default=None),
        "secret_key": env.str("S3_SECRET_KEY", default=None),
        "addressing_style": env.str("S3_ADDRESSING_STYLE", default="auto"),
        "signature_version": "s3v4",
        "default_acl": None,
        "querystring_auth": True,
        "querystring_expire": 60,
        "file_overwrite": True,
    },
}
_LOCAL_STORAGE = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
STORAGES: dict[str, dict] = {
    "default": S3_STORAGE if S3_BUCKET else _LOCAL_STORAGE,
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_BACKEND",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage",
        )
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
# A task claimed so long ago, whose lock is free, was abandoned by a killed worker.
TASK_GRACE_SECONDS = env.float("TASK_GRACE_SECONDS", default=10)
TASK_RECOVERY_SECONDS = env.float("TASK_RECOVERY_SECONDS", default=60)
# The largest file of a load; beyond it the form says so.
LOAD_MAX_MB = env.int("LOAD_MAX_MB", default=100)
# The largest document; clamd's StreamMaxLength and MaxFileSize must not be below it.
DOCUMENT_MAX_MB = env.int("DOCUMENT_MAX_MB", default=100)
# Who sends documents: empty, this process; a path such as /protected/, nginx by X-Accel-Redirect
# from a location over MEDIA_ROOT; "storage", the S3 server by addresses that live a minute.
DOCUMENTS_SENT_BY = env.str("DOCUMENTS_SENT_BY", default="")
# Where clamd listens, host:port or the path of its socket; empty: documents are not scanned.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
CLAMD_SECONDS = env.float("CLAMD_SECONDS", default=120)

# Pages put mail into a queue in the database; a worker gives it to the server of EMAIL_URL.
_email = env.email_url("EMAIL_URL", default="smtp://localhost:25")
MAIL_QUEUE = EMAIL_BACKEND = "portal.work.mail.Queue"
MAIL_DELIVERY = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email.get("EMAIL_HOST") or ""
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH") or str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
# Where other servers report mail that they could not bring.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")

# Behind a proxy that ends TLS; only trusted when SITE_URL says https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # A browser takes such a name from this very host only, over TLS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
MESSAGE_STORAGE = "portal.kit.web.messages.MessageStorage"
# A session that nobody uses ends, whatever its browser does.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# How many proxies stand in front and append to X-Forwarded-For (0: none is trusted).
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# A rate this many days older than the money that it converts is warned of.
OLD_RATE_DAYS = env.int("OLD_RATE_DAYS", default=45)
FEEDBACK_PER_HOUR = env.int("FEEDBACK_PER_HOUR", default=5)

# The office's private key (Ed25519, PEM), by which it signs its seals; empty: they are not signed.
SEAL_KEY_FILE = env.str("SEAL_KEY_FILE", default="")
# Who stamps each seal (RFC 3161), and root certificates (PEM) by which it is believed; or nobody.
TIME_STAMP_URL = env.str("TIME_STAMP_URL", default="")
TIME_STAMP_CA_FILE = env.str("TIME_STAMP_CA_FILE", default="")
# A static copy of all public pages: where it is written, how old it may become, where it is given.
MIRROR_FOLDER = env.str("MIRROR_FOLDER", default="")
MIRROR_HOURS = env.int("MIRROR_HOURS", default=24)
MIRROR_URL = env.str("MIRROR_URL", default="")
# How many packages of all data are kept; 0: all.
PACKAGES_KEPT = env.int("PACKAGES_KEPT", default=12)
# Requests for data by programs, of one visitor in a minute; 0: any number.
API_PER_MINUTE = env.int("API_PER_MINUTE", default=120)
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["portal.api.answers.Json", "portal.api.answers.CSVRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.api.answers.ByFormat",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.AnswerSchema",
    "EXCEPTION_HANDLER": "portal.api.answers.refused",
    "UNAUTHENTICATED_USER": None,
    # The name is ours: `format` alone decides (portal/api/answers.py).
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Pooled Fund Portal",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Everything that the pages show, to be read by programs; see /api/.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Who may read /metrics: whoever has the token, or comes from one of these networks.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_FROM = env.list("METRICS_FROM", default=[])
# A disk counts as full from so many per cent, a backup as too old after so many hours (0: never).
DISK_FULL_PERCENT = env.int("DISK_FULL_PERCENT", default=90)
BACKUP_HOURS = env.int("BACKUP_HOURS", default=36)
# A public key of GnuPG that backups are encrypted to; empty: they are not.
BACKUP_KEY_FILE = env.str("BACKUP_KEY_FILE", default="")

DJANGO_TABLES2_TEMPLATE = "kit/table.html"
# A PDF of more rows is drawn by the worker; beyond the most a page explains what to do instead.
PDF_AT_ONCE = env.int("PDF_AT_ONCE", default=100)
PDF_MAX_ROWS = env.int("PDF_MAX_ROWS", default=1500)

# A line for each request that was answered; "text" is for people at a terminal.
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=False)
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
# Off: no line names the network address of a visitor.
LOG_ADDRESSES = env.bool("LOG_ADDRESSES", default=True)
LOGGING = logging_of(LOG_FORMAT, env.str("LOG_LEVEL", default="WARNING"))
