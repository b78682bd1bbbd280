"""What load balancers ask: is the process up, can it serve."""

from functools import cache

import redis
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from campaign.observability import broker

READY = """
    SELECT current_setting('transaction_read_only') = 'off' AND NOT EXISTS (
        SELECT FROM unnest(%(apps)s::text[], %(names)s::text[]) AS needed (app, name)
        WHERE (app, name) NOT IN (SELECT app, name FROM django_migrations)
    )
"""


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 503 without a database that takes writes, or with missing migrations; without Redis 200 and `degraded`."""
    checks = {"database": is_database_ready(), "redis": is_redis_up()}
    status = "ok" if all(checks.values()) else "degraded" if checks["database"] else "down"
    return JsonResponse(
        {"status": status, **checks},
        status=200 if checks["database"] else 503,
        headers={"Cache-Control": "no-store"},
    )


def is_database_ready() -> bool:
    """Return whether the server takes writes (it is no standby, and no primary that was told to take none) and has
    every migration of this release.
    """
    apps, names = zip(*migrations_of_release(), strict=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(READY, {"apps": list(apps), "names": list(names)})
            return cursor.fetchone() == (True,)
    except DatabaseError:
        return False


@cache
def migrations_of_release() -> tuple[tuple[str, str], ...]:
    """Read the files of migrations, once for each process: it takes ten times as long as the rest of a probe."""
    return tuple(MigrationLoader(None).graph.nodes)


def is_redis_up() -> bool:
    try:
        return bool(broker.client(timeout=1).ping())
    except redis.RedisError:
        return False
