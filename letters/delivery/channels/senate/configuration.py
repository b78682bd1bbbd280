"""How this site may use the Senate's API: the settings SENATE_API_*, checked."""

from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

REQUIRED = ("url", "key", "agent", "ack_email", "contact_name", "contact_email", "contact_phone")


class NotConfigured(Exception):
    """The channel cannot be used; the message says what is missing."""


@dataclass(frozen=True)
class Api:
    url: str
    hosts: tuple[str, ...]
    key: str
    messages_path: str
    offices_path: str
    agent: str
    ack_email: str
    contact_name: str
    contact_email: str
    contact_phone: str
    rate: float
    office_rate: float
    closed: str
    ca_file: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int | None:
        return urlsplit(self.url).port


def load() -> Api:
    """Return the checked configuration. Raises NotConfigured."""
    given: dict[str, Any] = settings.SENATE_API
    api = Api(**{field.name: given[field.name] for field in fields(Api)})
    if missing := [name for name in REQUIRED if not getattr(api, name)]:
        raise NotConfigured(f"missing: {', '.join(f'SENATE_API_{name.upper()}' for name in missing)}")
    if urlsplit(api.url).scheme != "https":
        raise NotConfigured("SENATE_API_URL is not https")
    if api.host not in api.hosts:
        raise NotConfigured(f"{api.host} is not one of SENATE_API_HOSTS")
    return api
