"""Work: is everything running, and does anything wait for a person?"""

from collections.abc import Iterator
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from backoffice import alerts
from backoffice.doctor.findings import Asked, Finding, bad, good, look
from campaign.database import clock
from campaign.observability import broker
from campaign.outbox import monitoring

LATE = timedelta(minutes=5)


def check(asked: Asked) -> Iterator[Finding]:
    yield redis_server()
    try:
        yield from processes()
        yield from queue()
        yield from what_waits_for_staff()
    except DatabaseError as error:
        yield look(f"not looked at: {str(error).splitlines()[0]}")


def redis_server() -> Finding:
    try:
        client = broker.client(timeout=2)
        client.ping()
        is_kept = client.config_get("appendonly").get("appendonly") == "yes"
    except redis.ResponseError:
        return good("Redis answers")  # it does not tell its settings
    except redis.RedisError as error:
        return bad(
            f"Redis cannot be reached: {error}", "Look at REDIS_URL and at the server. Nothing is lost meanwhile."
        )
    if is_kept:
        return look("Redis writes down what it holds, which nothing needs", "Set appendonly no.")
    return good("Redis answers")


def processes() -> Iterator[Finding]:
    silent = monitoring.silent_parts()
    for part, seen in silent.items():
        since = f"since {seen:%Y-%m-%d %H:%M} UTC" if seen else "ever"
        yield bad(
            f"the {part.value} has not been seen {since}", "systemctl status campaign-* shows why it does not run."
        )
    if not silent:
        yield good("relay, scheduler and workers are at work")


def queue() -> Iterator[Finding]:
    oldest = monitoring.oldest_due_at()
    if oldest and oldest < clock.now() - LATE:
        late = (clock.now() - oldest).total_seconds() / 60
        yield bad(f"work has been due for {late:.0f} minutes", "Look at “Outbox” in the admin, which names the cause.")
    else:
        yield good("nothing is late")


def what_waits_for_staff() -> Iterator[Finding]:
    """Pass on what the first page of the admin says to whoever may see all of it."""
    with translation.override("en"):
        for _permission, find in alerts.NEEDS:
            for need in find():
                yield look(need.text, settings.SITE_URL + need.url if need.url else "")
