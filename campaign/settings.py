"""The only settings file; what differs between machines comes from the environment (campaign/environment.py)."""

import django_stubs_ext
from django.utils.csp import CSP

from campaign import database, environment, media_storage, schedule
from campaign.mail import mailers
from campaign.observability import logs, sentry, tracing

django_stubs_ext.monkeypatch()  # allows ModelAdmin[Petition] and its like at run time

env = environment.load()
ROOT = environment.ROOT

SECRET_KEY = env.SECRET_KEY
DEBUG = env.DEBUG
DEMO = env.DEMO
SITE_URL = env.SITE_URL
ALLOWED_HOSTS = env.hosts
TRUSTED_PROXIES = env.TRUSTED_PROXIES
KEEP_SECONDS = env.KEEP_SECONDS
PIN_PROCESSES = env.PIN_PROCESSES
LEAVE_URL = env.LEAVE_URL
ONION_URL = env.ONION_URL
CARD_FRAMED_BY = env.CARD_FRAMED_BY
STAFF_SECOND_FACTOR = env.asks_second_factor
SECURITY_CONTACT = env.security_contact
HANDOVER_WAIT_DAYS = env.HANDOVER_WAIT_DAYS
DUAL_CONTROL_WAIT_HOURS = env.DUAL_CONTROL_WAIT_HOURS
NEWSLETTER_WAIT_MINUTES = env.NEWSLETTER_WAIT_MINUTES
FIELD_KEYS = env.FIELD_KEYS
ADDRESS_HASH_KEY = env.ADDRESS_HASH_KEY
KEY_FOLDER = ROOT / env.KEY_FOLDER

ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "campaign.database",
    "campaign.backups",
    "campaign.secrecy",
    "campaign.journal",
    "campaign.outbox",
    "campaign.supporters",
    "campaign.protection",
    "campaign.audit",
    "campaign.staff",
    "campaign.revisions",
    "petitions",
    "letters",
    "pages",
    "backoffice",
    "backoffice.apps.StaffSiteConfig",
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
    "campaign.observability.requests.CountAnswersMiddleware",
    "campaign.observability.request_ids.RequestIdMiddleware",
    "campaign.web.page_cache.KeepPagesMiddleware",
    "campaign.observability.tracing.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "campaign.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below those that set headers, so that files have them too
    "campaign.web.middleware.ErrorsMiddleware",
    "campaign.web.languages.LanguageFromPathMiddleware",
    "campaign.web.middleware.SessionMiddleware",
    "campaign.staff.languages.middleware.StaffLanguageMiddleware",
    "campaign.web.middleware.RefuseHostileInputMiddleware",
    "campaign.web.middleware.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "campaign.web.middleware.AuthenticationMiddleware",
    "campaign.web.middleware.OTPMiddleware",
    "campaign.web.middleware.MessageMiddleware",
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
                "campaign.web.context_processors.site",
                "pages.content.context_processors.menu",
            ],
            "builtins": [
                "campaign.templatetags.numbers",
                "campaign.templatetags.language_links",
                "campaign.templatetags.monograms",
                "campaign.templatetags.permitted_links",
                "pages.templatetags.structured_data",
            ],
        },
    },
]

# Data

DATABASES = {"default": database.database_from_url(env.DATABASE_URL)}
OWNER_DATABASE = database.database_from_url(env.OWNER_DATABASE_URL) if env.OWNER_DATABASE_URL else None
REPLICA_DATABASE = database.database_from_url(env.REPLICA_URL) if env.REPLICA_URL else None
APPEND_ONLY_TABLES = [
    "audit_entry",
    "audit_link",
]  # what the application's role may read and add to (campaign/database/grants.py)

BACKUP_KEY = env.BACKUP_KEY

# In each process: pictures beside links for an hour, and for a moment the parts that pages have in common (of which
# a preview keeps nothing)

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},
    "nothing": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}

# Mail: only the outbox sends any (campaign/mail/handler.py)

MAILERS = {"default": mailers.mailer_from_url(env.EMAIL_URL, ROOT)}
EMAIL_PROVIDER = mailers.provider_of(env.EMAIL_URL)
EMAIL_WEBHOOK_SECRET = env.EMAIL_WEBHOOK_SECRET
MAIL_NETWORK_BURST, MAIL_NETWORK_SECONDS = env.MAIL_NETWORK_BURST, env.MAIL_NETWORK_SECONDS
MAIL_DOMAIN_BURST, MAIL_DOMAIN_SECONDS = env.MAIL_DOMAIN_BURST, env.MAIL_DOMAIN_SECONDS
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.DEFAULT_FROM_EMAIL
LETTERHEAD = "pages.content.letterhead.letterhead"

METRICS = [  # what /metrics tells
    "campaign.outbox.monitoring.metrics.collect",
    "petitions.counting.metrics.collect",
    "letters.delivery.metrics.collect",
]

# Work that must happen: rows in the outbox, each kind with its handler

OUTBOX_HANDLERS = {
    "staff.account-changed": "campaign.staff.accounts.mails.AccountChangedMail",
    "staff.verify-address": "campaign.staff.accounts.mails.AddressMail",
    "staff.invitation": "campaign.staff.invitations.mails.InvitationMail",
    "staff.administrator-made": "campaign.staff.accounts.mails.AdministratorMadeMail",
    "staff.night": "campaign.staff.accounts.nightly.NightMail",
    "staff.dual-control": "campaign.staff.dual_control.mails.NoticeMail",
    "staff.new-device": "campaign.staff.login.mails.NewDeviceMail",
    "petitions.confirmation": "petitions.signing.mails.ConfirmationMail",
    "petitions.reminder": "petitions.signing.mails.ReminderMail",
    "petitions.decision": "petitions.moderation.bulk.DecisionHandler",
    "petitions.milestone": "petitions.counting.mails.MilestoneMail",
    "petitions.differences": "petitions.counting.mails.DifferencesMail",
    "petitions.handover-announcement": "petitions.handover.mails.AnnouncementMail",
    "petitions.paper-import": "petitions.paper.imports.handlers.ImportHandler",
    "petitions.paper-undo": "petitions.paper.imports.handlers.UndoHandler",
    "petitions.leaving": "petitions.data_requests.mails.LeavingMail",
    "letters.confirmation": "letters.submission.mails.LetterConfirmationMail",
    "letters.reminder": "letters.submission.mails.LetterReminderMail",
    "letters.delivery": "letters.delivery.handler.DeliveryHandler",
    "letters.delivery-in-turn": "letters.delivery.handler.InTurnHandler",
    "letters.your-letters": "letters.submission.mails.LettersMail",
    "letters.cancelled": "letters.submission.mails.CancelledMail",
    "letters.changeover": "letters.succession.handler.ChangeoverHandler",
    "letters.senator-left": "letters.succession.mails.SenatorLeftMail",
    "supporters.import": "campaign.supporters.lists.handlers.ListImportHandler",
    "supporters.import-undo": "campaign.supporters.lists.handlers.ListUndoHandler",
    "supporters.join": "campaign.supporters.joining.JoinHandler",
    "supporters.wish": "campaign.supporters.joining.WishHandler",
    "supporters.newsletter-confirmation": "campaign.supporters.mails.NewsletterConfirmationMail",
    "supporters.newsletter-leaving": "campaign.supporters.mails.LeavingMail",
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
    "campaign.audit.tasks.*": {"queue": "clock"},
    "campaign.protection.tasks.*": {"queue": "clock"},
    "campaign.staff.tasks.report_night": {"queue": "celery"},
    "campaign.staff.tasks.*": {"queue": "clock"},
    "letters.tasks.measure_likeness": {"queue": "celery"},
    "letters.tasks.*": {"queue": "clock"},
    "pages.tasks.*": {"queue": "clock"},
}
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE
CELERY_BEAT_SCHEDULER = "campaign.celery:Scheduler"

# Letters

LETTER_CHANNELS = env.LETTER_CHANNELS
LETTER_WITHDRAWAL_MINUTES = env.LETTER_WITHDRAWAL_MINUTES
SENATORS_LIST_URL = env.SENATORS_LIST_URL
SENATE_API = env.group("SENATE_API_")
HOUSE_API = env.group("HOUSE_API_")
LETTER_RETURN_ADDRESS = env.LETTER_RETURN_ADDRESS
LETTER_INBOX_URL = env.LETTER_INBOX_URL
LETTER_INBOX_SENDERS = env.LETTER_INBOX_SENDERS
LETTER_INBOX_SERVER = env.LETTER_INBOX_SERVER

# Reports of the mail provider about mail that is not to a supporter (campaign/supporters/provider_reports/): each is
# asked, in this order, whether the report is its own.

MAIL_REPORT_TAKERS = ["letters.delivery.returned_mail.returns.take_report"]

# Retention: what each app deletes (campaign/supporters/purges.py)

PURGES = [
    "letters.submission.retention.clear_ended",
    "letters.submission.retention.delete_unconfirmed",
    "petitions.data_requests.retention.clear_closed",
    "petitions.data_requests.retention.delete_unconfirmed",
    "petitions.data_requests.retention.forget_refused",
    "petitions.paper.imports.uploads.discard_unseen",
    "campaign.outbox.maintenance.purge.forget_secrets",
    "campaign.outbox.maintenance.purge.delete_forgotten",
    "campaign.outbox.rehearsals.forget",
    "campaign.supporters.retention.delete_unconfirmed",
    "campaign.supporters.lists.uploads.discard_unseen",
    "campaign.staff.accounts.former_contacts.forget",
    "campaign.staff.invitations.workflow.forget",
    "campaign.secrecy.periods.rotation.forget",
    "campaign.journal.files.purge",
]

# Staff: what each role may do, in words, and what somebody who leaves may have begun (campaign/staff/accounts/)

ROLE_SENTENCES = "backoffice.roles.SENTENCES"
ROLE_NAMES = "backoffice.roles.NAMES"
BELONGINGS = ["campaign.revisions.belongings.Drafts", "pages.newsletter.belongings.ScheduledIssues"]

# What a restored backup does not know (campaign/journal/): kinds of lines, and who does again what they tell, in this
# order. Where the journal cannot tell which letters may have gone out, they are left to staff one by one.

JOURNAL_FOLDER = ROOT / env.JOURNAL_FOLDER
JOURNAL_DAYS = env.JOURNAL_DAYS
JOURNAL_REPLAYS = {
    "suppression": "campaign.outbox.maintenance.replay.suppress_again",
    "unsubscribed": "campaign.supporters.replay.unsubscribe_again",
    "signature": "petitions.data_requests.replay.leave_again",
    "silenced": "petitions.data_requests.replay.silence_again",
    "letter": "letters.submission.replay.settle_again",
    "constituent": "letters.submission.replay.erase_again",
    "newsletter": "pages.newsletter.replay.enter_again",
    "mailed": "campaign.outbox.maintenance.replay.mark_mailed",
    "rehearsal": "campaign.outbox.maintenance.replay.rehearse_again",
}
RECONCILES_RESTORED = ["letters.delivery.reconcile.hold_ready", "letters.delivery.reconcile.call_begun_unknown"]

# After a disaster (campaign/outbox/maintenance/reconcile.py): work that nothing carries

RECONCILES = [
    "letters.delivery.reconcile.put_ready_on_their_way",
    "letters.delivery.reconcile.call_sending_unknown",
    "petitions.moderation.bulk.put_missing_work",
    "petitions.paper.imports.handlers.put_missing_work",
    "campaign.supporters.lists.handlers.put_missing_work",
    "petitions.counting.monitoring.mend_counts",
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
STAND_INS = {"zh-hant": "zh-hans", "zh-hans": "zh-hant"}  # read where a text of staff is missing, before the original
LOCALE_PATHS = [ROOT / "locale"]
STAFF_LANGUAGES = ["en", "de", "fr", "ja", "zh-hant"]  # of the admin and of mails to staff (backoffice/locale)

# Forms

CRISPY_ALLOWED_TEMPLATE_PACKS = ("campaign",)
CRISPY_TEMPLATE_PACK = "campaign"
CRISPY_FAIL_SILENTLY = False

# Static files, named by their content

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / env.STATIC_FOLDER
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_ROOT = ROOT / "static" / "root"  # what browsers fetch from the root by themselves
STORAGES = {
    "default": media_storage.setting(env.MEDIA_BUCKET),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "campaign.web.static_storage.SiteStorage"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = ROOT / env.MEDIA_FOLDER
MEDIA_BUCKET = env.MEDIA_BUCKET

# Security

# The nonce is in the header only where a template uses it: Django's admin does; public pages are cached.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "media-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # other sites do not learn that somebody comes from here
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_AGE = None  # it ends with the browser, as the session does
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.is_https
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # the proxy in front redirects from http to https (docs/deploy.md)
CSRF_FAILURE_VIEW = "campaign.staff.login.views.csrf_failure"  # keeps what staff typed
CSRF_TRUSTED_ORIGINS = [SITE_URL]
READ_SPREADSHEET = "pages.uploads.spreadsheets.csv_of"  # an XLSX or ODS file as CSV; bytes to bytes
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "campaign.protection.inputs.encrypted_uploads.EncryptedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # a letter campaign with its texts in all languages and fifty stands
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGGING = logs.config(env.LOG_FORMAT)
sentry.begin(env.SENTRY_DSN)
OTLP_ENDPOINT = env.OTLP_ENDPOINT
tracing.begin(OTLP_ENDPOINT)
