"""The two systems of Congress, and how this site may use them: the settings SENATE_API_* and HOUSE_API_*, checked."""

import re
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from letters.models import ChannelName

REQUIRED = (
    "url",
    "key",
    "messages_path",
    "offices_path",
    "agent",
    "ack_email",
    "contact_name",
    "contact_email",
    "contact_phone",
)


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


@dataclass(frozen=True)
class System:
    """A chamber's own system. Both take the same messages; address, key, hours and codes of offices are its own."""

    channel: ChannelName
    setting: str
    office_code: re.Pattern[str]

    @property
    def given(self) -> dict[str, Any]:
        """Return its settings; who sends the letters is the same for both, and stands among the Senate's."""
        own: dict[str, Any] = getattr(settings, self.setting)
        return {**settings.SENATE_API, **own}


SENATE = System(ChannelName.SENATE_API, "SENATE_API", re.compile(r"S[A-Z]{2}0[123]"))
HOUSE = System(ChannelName.HOUSE_API, "HOUSE_API", re.compile(r"H[A-Z]{2}\d{2}", re.ASCII))
SYSTEMS = (SENATE, HOUSE)


def load(system: System = SENATE) -> Api:
    """Return the checked configuration. Raises NotConfigured."""
    given = system.given
    api = Api(**{field.name: given[field.name] for field in fields(Api)})
    if missing := [name for name in REQUIRED if not getattr(api, name)]:
        raise NotConfigured(f"missing: {', '.join(f'{system.setting}_{name.upper()}' for name in missing)}")
    if urlsplit(api.url).scheme != "https":
        raise NotConfigured(f"{system.setting}_URL is not https")
    if api.host not in api.hosts:
        raise NotConfigured(f"{api.host} is not one of {system.setting}_HOSTS")
    return api
