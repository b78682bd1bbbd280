"""One settings file; what differs between machines comes from the environment (campaign/environment.py)."""

import dj_database_url
import django_stubs_ext
from django.utils.csp import CSP

from campaign import environment, logs, mailers, schedule

django_stubs_ext.monkeypatch()  # lets classes such as ModelAdmin[Petition] say what they are for

env = environment.load()
ROOT = environment.ROOT

SECRET_KEY = env.SECRET_KEY
DEBUG = env.DEBUG
DEMO = env.DEMO
SITE_URL = env.SITE_URL
ALLOWED_HOSTS = env.hosts
TRUSTED_PROXIES = env.TRUSTED_PROXIES
KEEP_SECONDS = env.KEEP_SECONDS
LEAVE_URL = env.LEAVE_URL
ONION_URL = env.ONION_URL
CARD_FRAMED_BY = env.CARD_FRAMED_BY
STAFF_SECOND_FACTOR = env.asks_second_factor
FIELD_KEYS = env.FIELD_KEYS
ADDRESS_HASH_KEY = env.ADDRESS_HASH_KEY

ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "campaign.outbox",
    "campaign.supporters",
    "campaign.protection",
    "campaign.audit",
    "campaign.staff",
    "petitions",
    "letters",
    "pages",
    "pages.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "anymail",
    "crispy_forms",
    "django_otp",
    "django_prose_editor",
]

MIDDLEWARE = [
    "campaign.protection.kept_pages.KeepPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "campaign.errors.ErrorsMiddleware",
    "campaign.languages.LanguageFromPathMiddleware",
    "campaign.staff.middleware.SessionMiddleware",
    "campaign.protection.hostile.RefuseHostileInputMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "campaign.staff.middleware.AuthenticationMiddleware",
    "campaign.staff.middleware.OTPMiddleware",
    "campaign.staff.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaign.context.site",
                "pages.context.menu",
            ],
            "builtins": ["campaign.numbers", "campaign.said_in", "pages.linked_data"],
        },
    },
]

# Data

DATABASES = {
    "default": dj_database_url.parse(
        env.DATABASE_URL, engine="campaign.postgresql", conn_max_age=None, conn_health_checks=True
    ),
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    application_name="campaign",
    server_side_binding=True,
    prepare_threshold=5,  # planning the statement that signs costs as much as running it
)

# Mail: nothing but the outbox sends any (campaign/outbox/mail.py)

MAILERS = {"default": mailers.from_url(env.EMAIL_URL, ROOT)}
EMAIL_PROVIDER = mailers.provider_of(env.EMAIL_URL)
EMAIL_WEBHOOK_SECRET = env.EMAIL_WEBHOOK_SECRET
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.DEFAULT_FROM_EMAIL

# Work that must happen: rows in the outbox, each kind with its handler

OUTBOX_HANDLERS = {
    "petitions.confirmation": "petitions.mails.ConfirmationMail",
    "petitions.reminder": "petitions.mails.ReminderMail",
    "petitions.decision": "petitions.deciding.DecisionHandler",
    "petitions.milestone": "petitions.staff_mails.MilestoneMail",
    "petitions.differences": "petitions.staff_mails.DifferencesMail",
    "petitions.handover-announcement": "petitions.handover.mails.AnnouncementMail",
    "petitions.paper-import": "petitions.paper.handlers.ImportHandler",
    "petitions.paper-undo": "petitions.paper.handlers.UndoHandler",
    "petitions.leaving": "petitions.mails.LeavingMail",
    "letters.confirmation": "letters.mails.ConfirmationMail",
    "letters.reminder": "letters.mails.ReminderMail",
    "letters.delivery": "letters.delivery.DeliveryHandler",
    "letters.delivery-in-turn": "letters.delivery.InTurnHandler",
    "letters.your-letters": "letters.mails.LettersMail",
    "supporters.newsletter-confirmation": "campaign.supporters.mails.NewsletterConfirmationMail",
    "pages.contact": "pages.contact.mails.ContactMail",
    "pages.newsletter": "pages.newsletter.mails.Lane",
    "pages.newsletter-test": "pages.newsletter.mails.TrialMail",
}

CELERY_BROKER_URL = env.REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "retry_on_timeout": False,
    # PostgreSQL redelivers what was lost; Redis never should.
    "visibility_timeout": 24 * 3600,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ROUTES = {
    "petitions.tasks.count": {"queue": "clock"},
    "campaign.protection.tasks.*": {"queue": "clock"},
    "letters.tasks.*": {"queue": "clock"},
    "pages.tasks.*": {"queue": "clock"},
}
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE

# Letters

LETTER_CHANNELS = env.LETTER_CHANNELS
LETTER_WITHDRAWAL_MINUTES = env.LETTER_WITHDRAWAL_MINUTES
SENATE_API = env.group("SENATE_API_")
LETTER_INBOX_URL = env.LETTER_INBOX_URL
LETTER_INBOX_SENDERS = env.LETTER_INBOX_SENDERS
LETTER_INBOX_SERVER = env.LETTER_INBOX_SERVER

# Retention: what each app forgets (campaign/supporters/purging.py)

PURGES = [
    "letters.retention.clear_ended",
    "letters.retention.delete_unconfirmed",
    "petitions.purging.clear_closed",
    "petitions.purging.delete_unconfirmed",
    "campaign.outbox.purging.forget_secrets",
    "campaign.outbox.purging.delete_forgotten",
    "campaign.supporters.retention.delete_unconfirmed",
]

# After a disaster: what waits without work that would do it (campaign/outbox/reconciling.py)

RECONCILES = [
    "letters.reconciling.put_ready_on_their_way",
    "letters.reconciling.call_sending_unknown",
    "petitions.reconciling.go_on_with_decisions",
    "petitions.reconciling.go_on_with_paper",
    "petitions.reconciling.mend_counts",
]

# Languages: English without prefix, others under /<language>/

USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "campaign.formats"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("zh-hant", "繁體中文"),
    ("zh-hans", "简体中文"),
    ("he", "עברית"),
    ("ar", "العربية"),
    ("vi", "Tiếng Việt"),
]
LOCALE_PATHS = [ROOT / "locale"]

# Forms

CRISPY_ALLOWED_TEMPLATE_PACKS = ("campaign",)
CRISPY_TEMPLATE_PACK = "campaign"
CRISPY_FAIL_SILENTLY = False

# Static files, named by their content

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / env.STATIC_FOLDER
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_ROOT = ROOT / "static" / "root"  # what browsers ask for at the root without being told
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "campaign.stylesheets.SiteStorage"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = ROOT / env.MEDIA_FOLDER

# Security

# The nonce is in the header only where a template asks for it: Django's admin does; public pages are cached.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # no other site learns that somebody comes from here
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.is_https
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # from http to https leads the proxy in front (docs/deploy.md)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "campaign.protection.uploads.EncryptedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGGING = logs.LOGGING
