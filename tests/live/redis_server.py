"""A Redis of one's own that can be stopped, started again (empty, as it keeps nothing) and emptied."""

import os

import redis

from standalone.paths import Home
from standalone.servers import redis as embedded
from standalone.supervision.process import wait_until


class RedisServer:
    def __init__(self, home: Home) -> None:
        self.home = home
        self.url = embedded.url(home)
        self.process = embedded.server(home, os.environ)

    def start(self) -> None:
        self.process.start()
        assert wait_until(lambda: embedded.is_ready(self.home), seconds=60), self.process.last_lines()

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        """As a machine that loses its power would: no time to say goodbye."""
        assert self.process.running
        self.process.running.kill()
        self.process.running.wait()

    def empty(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()
