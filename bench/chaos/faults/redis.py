"""Redis gone, emptied, frozen, too small or cut off: PostgreSQL is the queue of record."""

import signal
from contextlib import suppress

from redis import RedisError

from bench.chaos.faults.base import Fault


class RedisStopped(Fault):
    name = "redis-stopped"

    def inject(self) -> None:
        self.stack.kept_down.add("redis")
        self.stack.send_signal("redis", signal.SIGKILL)

    def heal(self) -> None:
        self.stack.kept_down.discard("redis")


class RedisEmptied(Fault):
    name = "redis-emptied"
    every = 2.0

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        with suppress(RedisError), self.stack.redis_client() as client:
            client.flushall()


class RedisFrozen(Fault):
    name = "redis-frozen"
    seconds = (15.0, 25.0)

    def inject(self) -> None:
        self.stack.send_signal("redis", signal.SIGSTOP)

    def heal(self) -> None:
        self.stack.send_signal("redis", signal.SIGCONT)


class RedisTooSmall(Fault):
    """It throws out what it was given to keep."""

    name = "redis-too-small"

    def inject(self) -> None:
        with self.stack.redis_client() as client:
            client.config_set("maxmemory-policy", "allkeys-random")
            client.config_set("maxmemory", "1mb")

    def heal(self) -> None:
        with self.stack.redis_client() as client:
            client.config_set("maxmemory", "0")


class RedisPathCut(Fault):
    name = "redis-path-cut"
    every = 2.0

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        self.stack.backstage.call(self.stack.redis_path.cut)


class RedisPathSilent(Fault):
    name = "redis-path-silent"
    seconds = (15.0, 25.0)

    def inject(self) -> None:
        self.stack.backstage.call(self.stack.redis_path.fall_silent)

    def heal(self) -> None:
        self.stack.backstage.call(self.stack.redis_path.mend)


FAULTS = (RedisStopped, RedisEmptied, RedisFrozen, RedisTooSmall, RedisPathCut, RedisPathSilent)
