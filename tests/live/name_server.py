"""A server of names on this machine that says what a test tells it, or nothing at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread

import dns.message
import dns.rcode
import dns.rrset

Records = Mapping[tuple[str, str], list[str]]  # by name and kind; a TXT stands between double quotes


class Question(BaseRequestHandler):
    server: "NameServer"

    def handle(self) -> None:
        data, socket = self.request
        asked = dns.message.from_wire(data)
        name, kind = asked.question[0].name, asked.question[0].rdtype
        answer = dns.message.make_response(asked)
        known = self.server.records.get((name.to_text().rstrip("."), kind.name))
        if known:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind.name, *known))
        elif not any(one == name.to_text().rstrip(".") for one, _ in self.server.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


class NameServer(ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, records: Records) -> None:
        super().__init__(("127.0.0.1", 0), Question)
        self.records = records

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def name_server(records: Records) -> Iterator[NameServer]:
    with NameServer(records) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
