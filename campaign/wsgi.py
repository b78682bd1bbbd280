"""The WSGI application that granian serves."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from campaign import environment
from campaign.performance import cpu_affinity
from campaign.performance.postgresql.base import DatabaseWrapper
from campaign.protection.inputs.truncated_bodies import await_whole
from campaign.protection.networks import believe_scheme

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")

DatabaseWrapper.limits_waiting = True
django_site = get_wsgi_application()
environment.forget()

from campaign.journal import recovery  # noqa: E402  # its models can be imported only now

recovery.look_at_start()
if settings.PIN_PROCESSES:
    cpu_affinity.pin()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    believe_scheme(environ)
    await_whole(environ)
    return django_site(environ, start_response)
