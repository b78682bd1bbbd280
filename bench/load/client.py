"""A few kept connections, for requests that come when they come."""

import asyncio

from bench.load.http import HEAD_END, body_length, status_of

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Pool:
    """Opens a connection when none is idle."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[Connection] = []

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. A connection that the server closed while it was idle is replaced once."""
        try:
            return await self.try_exchange(self.idle.pop() if self.idle else await self.open(), request)
        except (ConnectionError, asyncio.IncompleteReadError):
            return await self.try_exchange(await self.open(), request)

    async def open(self) -> Connection:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def try_exchange(self, connection: Connection, request: bytes) -> tuple[int, bytes]:
        reader, writer = connection
        try:
            writer.write(request)
            head = await reader.readuntil(HEAD_END)
            body = await reader.readexactly(body_length(head))
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            raise
        self.idle.append(connection)
        return status_of(head), body
