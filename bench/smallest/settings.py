"""The database as the site uses it, and nothing else."""

from campaign.settings import ALLOWED_HOSTS, DATABASES, DEFAULT_AUTO_FIELD, SECRET_KEY, USE_TZ

__all__ = ["ALLOWED_HOSTS", "DATABASES", "DEFAULT_AUTO_FIELD", "SECRET_KEY", "USE_TZ"]

ROOT_URLCONF = "bench.smallest.urls"
INSTALLED_APPS = ["bench.smallest"]
MIDDLEWARE: list[str] = []
LOGGING_CONFIG = None
