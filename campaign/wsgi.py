"""The WSGI application that granian serves."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from campaign import affinity, environment
from campaign.protection.bodies import await_whole
from campaign.protection.networks import believe_scheme

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")

site = get_wsgi_application()
environment.forget()
affinity.pin()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    believe_scheme(environ)
    await_whole(environ)
    return site(environ, start_response)
