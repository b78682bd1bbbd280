"""The broker, asked directly whether it answers and how it is set up; work reaches it through Celery alone."""

from functools import cache

import redis
from django.conf import settings


def client(*, timeout: float) -> redis.Redis:
    """Return a client of Redis that waits so many seconds at most; its errors are redis.RedisError."""
    return connected(settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1), timeout)


@cache
def connected(url: str, timeout: float) -> redis.Redis:
    """Stay connected: for each new connection the library reads its own version from its package's files."""
    return redis.Redis.from_url(url, socket_connect_timeout=timeout, socket_timeout=timeout)
