"""Somebody writes to each database server directly, past HAProxy: what one acknowledged must be there in the end.

Two servers that take writes at once would each acknowledge some, and one of them loses its own.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from itertools import count

import psycopg

MAKE = "CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY)"
PAUSE = 0.3  # seconds between two tries


class Writers:
    def __init__(self, urls: Mapping[str, str], primary: str) -> None:
        self.urls = urls
        self.numbers = count()
        self.acknowledged: dict[int, str] = {}
        self.is_over = threading.Event()
        with psycopg.connect(urls[primary], autocommit=True) as connection:
            connection.execute(MAKE)

    def start(self) -> None:
        for name in self.urls:
            threading.Thread(target=self.write, args=[name], daemon=True).start()

    def write(self, name: str) -> None:
        """Without a limit: whoever writes to a server that is frozen gets the answer when it goes on."""
        while not self.is_over.is_set():
            with suppress(psycopg.Error), psycopg.connect(self.urls[name], autocommit=True, connect_timeout=2) as there:
                while not self.is_over.is_set():
                    number = next(self.numbers)
                    there.execute("INSERT INTO written VALUES (%s)", [number])
                    self.acknowledged[number] = name
                    self.is_over.wait(PAUSE)
            self.is_over.wait(PAUSE)

    def lost(self, url: str) -> list[str]:
        """Return what was acknowledged and is not there, by server."""
        self.is_over.set()
        acknowledged = dict(self.acknowledged)  # before looking: a thread may still be writing
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            there = {number for (number,) in connection.execute("SELECT number FROM written")}
        return [f"{name}: {number}" for number, name in sorted(acknowledged.items()) if number not in there]
