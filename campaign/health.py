"""What monitoring asks: is the process up, can it serve, how far behind is the outbox."""

from ipaddress import ip_address

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from campaign.database import clock
from campaign.journal import recovery
from campaign.outbox import monitoring


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


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return Prometheus text, for the machine itself and private networks only."""
    address = ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    if not address.is_private or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    lines = [
        f'outbox_items{{kind="{row["kind"]}",state="{row["state"]}"}} {row["number"]}\n'
        f'outbox_late_seconds{{kind="{row["kind"]}",state="{row["state"]}"}} {row["late"].total_seconds():.0f}'
        for row in monitoring.summary()
    ]
    lines += [
        f'last_seen_seconds{{part="{part}"}} {(clock.now() - seen).total_seconds():.0f}'
        for part, seen in monitoring.last_seen().items()
        if seen
    ]
    lines.append(f"held_after_restore {int(recovery.is_halted())}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


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
