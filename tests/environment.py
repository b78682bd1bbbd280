"""Settings under which tests run, whatever the shell and `.env` say. Loaded before Django (pytest's `-p`)."""

import os

# Some processes share the work (pytest-xdist); each has its own database, site and folders.
MINE = os.environ.get("PYTEST_XDIST_WORKER", "one")

SETTINGS = {
    "SECRET_KEY": "a-key-of-the-tests-that-signs-nothing-anywhere-else-0123456789",
    "DEBUG": "0",
    "DEMO": "1",
    "OWNER_DATABASE_URL": "",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "EMAIL_URL": f"file://var/tests/{MINE}/mail",
    "DEFAULT_FROM_EMAIL": "campaign@example.org",
    "FIELD_KEYS": "dGhlLWtleS1vZi10aGUtdGVzdHMtMDEyMzQ1Njc4OTA=",
    "ADDRESS_HASH_KEY": "another-key-of-the-tests-0123456789",
    "LETTER_CHANNELS": "sandbox,email",
    "LETTER_WITHDRAWAL_MINUTES": "15",
    "TRUSTED_PROXIES": "",
    "STATIC_FOLDER": f"var/tests/{MINE}/static",
    "MEDIA_FOLDER": f"var/tests/{MINE}/media",
    "KEY_FOLDER": f"var/tests/{MINE}/keys",
    "JOURNAL_FOLDER": f"var/tests/{MINE}/journal",
    "KEEP_SECONDS": "0",
    "NEWSLETTER_WAIT_MINUTES": "0",
    # All tests come from one network; tests/test_mail_budgets.py has budgets of its own.
    "MAIL_NETWORK_BURST": "100000",
    "MAIL_DOMAIN_BURST": "100000",
}

os.environ.update(SETTINGS)
