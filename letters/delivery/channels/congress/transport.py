"""HTTPS to the Senate's API: no redirects, small answers, and the moment known from which a message may have left."""

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from letters.delivery.channels.congress.configuration import Api

HTTP_TIMEOUT = 20  # seconds
LARGEST_ANSWER = 200_000  # bytes


class NotSent(Exception):
    """The connection could not be made: nothing has left."""


class NoReply(Exception):
    """The message may have left, and no answer came."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    retry_after: int | None = None


@cache
def trust(ca_file: str) -> ssl.SSLContext:
    """Return the TLS context, cached because reading the machine's certificates takes longer than sending a letter."""
    return ssl.create_default_context(cafile=ca_file or None)


class Transport:
    def __init__(self, api: Api) -> None:
        self.api = api
        trusted = trust(api.ca_file)
        self.connection = http.client.HTTPSConnection(api.host, api.port, timeout=HTTP_TIMEOUT, context=trusted)

    def post(self, document: bytes, hand_over: Callable[[], None]) -> Reply:
        """Post a message. Raises NotSent or NoReply."""
        self.connect()
        hand_over()
        return self.exchange("POST", self.api.messages_path, document)

    def get_offices(self) -> Reply:
        """Fetch the list of offices. Raises NotSent or NoReply."""
        self.connect()
        return self.exchange("GET", self.api.offices_path)

    def connect(self) -> None:
        """Connect anew for each message: a kept connection that the server closed would look like a lost answer."""
        self.close()
        try:
            self.connection.connect()
        except OSError as error:
            raise NotSent(f"{type(error).__name__}: {error}") from error

    def exchange(self, method: str, path: str, body: bytes | None = None) -> Reply:
        headers = {"Content-Type": "application/xml", "Accept": "*/*"} if body else {"Accept": "application/json"}
        try:
            self.connection.request(method, f"{path}?apikey={quote(self.api.key)}", body, headers)
            answer = self.connection.getresponse()
            wait = answer.getheader("Retry-After", "")
            return Reply(answer.status, answer.read(LARGEST_ANSWER), int(wait) if wait.isdecimal() else None)
        except (OSError, http.client.HTTPException) as error:
            raise NoReply(type(error).__name__) from error
        finally:
            self.close()

    def close(self) -> None:
        self.connection.close()
