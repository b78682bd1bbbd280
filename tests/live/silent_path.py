"""A path to PostgreSQL over TCP that can fall silent: connections stay open, are even accepted, and nothing passes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import psycopg


class SilentPath:
    """From `port` on the loopback to the server's unix socket."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.passes = Event()
        self.passes.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.ends: list[socket.socket] = []
        self.connections = 0  # that reached the server

    def fall_silent(self) -> None:
        self.passes.clear()

    def come_back(self) -> None:
        self.passes.set()

    def serve(self) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                client, _ = self.listener.accept()
                Thread(target=self.connect, args=[client], daemon=True).start()

    def connect(self, client: socket.socket) -> None:
        self.passes.wait()
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.target)
        self.connections += 1
        self.ends += [client, server]
        for source, sink in ((client, server), (server, client)):
            Thread(target=self.pump, args=[source, sink], daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self.passes.wait()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.passes.set()
        for end in (self.listener, *self.ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def silent_path(url: str) -> Iterator[tuple[SilentPath, str]]:
    """A path to the database that `url` names, and its own URL."""
    with psycopg.connect(url) as connection:
        info = connection.info
        path = SilentPath(f"{info.host}/.s.PGSQL.{info.port}")
        own_url = f"postgresql://{info.user}@127.0.0.1:{path.port}/{info.dbname}"
    Thread(target=path.serve, daemon=True).start()
    yield path, own_url
    path.close()
