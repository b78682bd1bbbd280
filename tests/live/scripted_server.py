"""A mail server that says what a test tells it at every step: `script` goes by the command that it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

WILLING = {
    "HELLO": "220 here",  # before any command
    "EHLO": "250-here\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "TEXT": "250 queued",  # after the text
    "QUIT": "221 goodbye",
}


class Conversation(StreamRequestHandler):
    server: "ScriptedServer"

    def handle(self) -> None:
        self.server.met += 1
        self.say("HELLO")
        for line in self.rfile:
            command = line[:4].decode().strip().upper()
            self.server.heard.append(command)
            self.say(command)
            if command == "DATA" and self.server.script["DATA"].startswith("354"):
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                self.say("TEXT")

    def say(self, command: str) -> None:
        self.wfile.write(f"{self.server.script.get(command, '250 OK')}\r\n".encode())


class ScriptedServer(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.script = dict(WILLING)
        self.heard: list[str] = []
        self.met = 0  # connections
        self.url = f"smtp://ana:secret@127.0.0.1:{self.server_address[1]}"


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
