"""A closed loop: so many connections, each with one request under way at any time. In a process of its own."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bench.load.http import HEAD_END, body_length, status_of

PREPARED = 6000  # requests a second that are made beforehand
PATIENCE = 20  # seconds that the last answers may take
Requests = Callable[[], Iterator[bytes]]  # something that another process can be given


@dataclass
class Load:
    """What came back, and how long each took (seconds)."""

    seconds: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    broken: int = 0  # connections that ended without an answer

    def __add__(self, other: "Load") -> "Load":
        return Load(
            self.seconds + other.seconds,
            self.answers + other.answers,
            self.times + other.times,
            self.broken + other.broken,
        )

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, part: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0

    def errors(self, expected: int) -> int:
        return self.broken + sum(number for status, number in self.answers.items() if status != expected)


class Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.head, self.missing = b"", -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """The status, once the whole answer is here."""
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            raise ConnectionResetError
        if self.missing < 0:
            self.head += chunk
            end = self.head.find(HEAD_END)
            if end < 0:
                return None
            self.missing = body_length(self.head[:end]) + end + len(HEAD_END) - len(self.head)
        else:
            self.missing -= len(chunk)
        return None if self.missing > 0 else status_of(self.head)


def drive(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """For `seconds`, or until there are no more requests; answers that are under way then are waited for."""
    load = Load()
    with selectors.EpollSelector() as selector:
        begun_at = time.perf_counter()
        for request in islice(requests, connections):
            connection = Connection(port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request)
        while selector.get_map() and time.perf_counter() < begun_at + seconds + PATIENCE:
            for key, _ in selector.select(timeout=1):
                step(selector, key.data, requests, load, until=begun_at + seconds)
        load.broken += len(selector.get_map())
        load.seconds = time.perf_counter() - begun_at
    return load


def step(
    selector: selectors.BaseSelector, connection: Connection, requests: Iterator[bytes], load: Load, *, until: float
) -> None:
    try:
        status = connection.receive()
    except ConnectionError:
        load.broken += 1
        status = -1
    if status is None:
        return
    now = time.perf_counter()
    if status > 0:
        load.answers[status] += 1
        load.times.append(now - connection.sent_at)
    request = next(requests, None) if now < until and status > 0 else None
    if request:
        connection.send(request)
    else:
        selector.unregister(connection.socket)
        connection.socket.close()


def prepared_and_driven(port: int, requests: Requests, connections: int, seconds: float) -> Load:
    prepared = list(islice(requests(), int(seconds * PREPARED)))
    return drive(port, iter(prepared), connections, seconds)
