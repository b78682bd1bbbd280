"""What load balancers ask: is the process up, can it serve."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


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
    try:
        if not is_writable():
            return False
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def is_writable() -> bool:
    """Return whether the server takes writes: it is no standby, and no primary that was told to take none."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone() == ("off",)


def is_redis_up() -> bool:
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
