import os

from django.core.wsgi import get_wsgi_application

from campaign.performance import cpu_affinity

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.smallest.settings"

application = get_wsgi_application()
cpu_affinity.pin()
