"""Paths over TCP from the site to its servers, that can be cut, slowed and silenced, or led to another server."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Backstage:
    """A thread with an event loop, in which all of a run lives that is not the site: paths, mail server, people."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do[Result](self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.begin(work).result()

    def begin[Result](self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        self.loop.call_soon_threadsafe(function, *arguments)

    def stop(self) -> None:
        self.do(self.end_all())
        self.call(self.loop.stop)
        self.thread.join()

    async def end_all(self) -> None:
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)


@dataclass
class NetworkPath:
    """From `port` on the loopback to `target`: a unix socket, or a port."""

    target: Path | int
    port: int = 0
    delay: float = 0.0  # seconds for each piece
    is_closed: bool = False  # every connection is ended at once
    passing: asyncio.Event = field(default_factory=asyncio.Event)
    open_ends: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> None:
        self.passing.set()
        server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_closed:
            writer.transport.abort()
            return
        self.open_ends.add(writer)
        try:
            await self.passing.wait()
            there, onwards = await self.open_target()
        except OSError:
            self.end(writer)
            return
        self.open_ends.add(onwards)
        await asyncio.gather(self.pump(reader, onwards), self.pump(there, writer))
        self.end(writer)
        self.end(onwards)

    async def open_target(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, int):
            return await asyncio.open_connection("127.0.0.1", self.target)
        return await asyncio.open_unix_connection(self.target)

    async def pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(1 << 16):
                await asyncio.sleep(self.delay)
                await self.passing.wait()
                sink.write(data)
                await sink.drain()
            if sink.can_write_eof():
                sink.write_eof()
        except OSError:
            self.end(sink)

    def end(self, writer: asyncio.StreamWriter) -> None:
        self.open_ends.discard(writer)
        if not writer.is_closing():
            writer.transport.abort()

    def cut(self) -> None:
        """End every connection without a word."""
        for writer in list(self.open_ends):
            self.end(writer)

    def fall_silent(self) -> None:
        """Connections stay open and are even accepted, and nothing passes."""
        self.passing.clear()

    def close(self) -> None:
        self.is_closed = True
        self.cut()

    def mend(self) -> None:
        self.is_closed, self.delay = False, 0.0
        self.passing.set()

    def lead_to(self, target: Path | int) -> None:
        self.target = target
        self.cut()
