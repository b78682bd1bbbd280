"""PostgreSQL and Redis for whoever runs here: the ones that were given, else embedded ones."""

from collections.abc import Mapping

from standalone.paths import Home
from standalone.servers import postgres, redis
from standalone.supervision.supervisor import Supervisor


def start(supervisor: Supervisor, home: Home, settings: Mapping[str, str]) -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL` of servers that answer, when they were given from servers elsewhere."""
    urls = {name: settings[name] for name in ("DATABASE_URL", "REDIS_URL") if name in settings}
    if "DATABASE_URL" in urls:
        postgres.check(urls["DATABASE_URL"])
    else:
        supervisor.start(postgres.server(home, settings, supervisor.run), lambda: postgres.is_ready(home))
    if "REDIS_URL" not in urls:
        supervisor.start(redis.server(home, settings), lambda: redis.is_ready(home))
    supervisor.wait_until_ready(seconds=120)
    if "DATABASE_URL" not in urls:
        postgres.make_database(home)
    return {"DATABASE_URL": postgres.url(home), "REDIS_URL": redis.url(home)} | urls


def two_roles(home: Home, settings: Mapping[str, str]) -> dict[str, str]:
    """`DATABASE_URL` of the application's role in the embedded server, and its owner's; nothing if one was given."""
    if "DATABASE_URL" in settings:
        return {}
    return {"DATABASE_URL": postgres.url(home, role=postgres.APPLICATION), "OWNER_DATABASE_URL": postgres.url(home)}
