"""A mail server that accepts everything at once and tells whoever listens what came for whom."""

import asyncio
import threading
from collections.abc import Callable

Listener = Callable[[str, bytes], None]  # recipient, the message


class Session(asyncio.Protocol):
    def __init__(self, sink: "Sink") -> None:
        self.sink, self.received, self.recipient, self.is_data = sink, b"", "", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.say("220 sink")

    def say(self, line: str) -> None:
        self.transport.write(f"{line}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self.received += data
        while (end := self.received.find(b"\r\n.\r\n" if self.is_data else b"\r\n")) >= 0:
            part, self.received = self.received[:end], self.received[end + (5 if self.is_data else 2) :]
            if self.is_data:
                self.take(part)
            else:
                self.obey(part.decode("ascii", "replace"))

    def take(self, message: bytes) -> None:
        self.is_data = False
        self.sink.number += 1
        self.sink.listener(self.recipient, message)
        self.say("250 OK")

    def obey(self, line: str) -> None:
        match line[:4].upper():
            case "RCPT":
                self.recipient = line.partition("<")[2].partition(">")[0]
                self.say("250 OK")
            case "DATA":
                self.is_data = True
                self.say("354 go on")
            case "QUIT":
                self.say("221 bye")
                self.transport.close()
            case _:
                self.say("250 OK")


class Sink:
    """In a thread of its own; `listener` is called there."""

    def __init__(self) -> None:
        self.number = 0
        self.listener: Listener = lambda recipient, message: None
        self.loop = asyncio.new_event_loop()

    def start(self) -> int:
        """The port."""
        server = self.loop.run_until_complete(self.loop.create_server(lambda: Session(self), "127.0.0.1", 0))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return int(server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
