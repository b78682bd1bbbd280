"""The same view as a page of the site: behind all that each request passes there."""

from campaign.settings import *  # noqa: F403  # the site's, but for what follows
from campaign.settings import INSTALLED_APPS as SITE_APPS

ROOT_URLCONF = "bench.smallest.site_urls"
INSTALLED_APPS = [*SITE_APPS, "bench.smallest"]
