import os

from django.core.wsgi import get_wsgi_application

from campaign import affinity

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.smallest.settings"

application = get_wsgi_application()
affinity.pin()
