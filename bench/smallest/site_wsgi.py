import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.smallest.site_settings"

from campaign.wsgi import application

__all__ = ["application"]
