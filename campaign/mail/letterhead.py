"""Who writes: the coalition's name, postal address and mailbox, as staff filled them in. Every mail bears them."""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Letterhead:
    name: str
    language: str  # of the name
    postal_address: str = ""
    reply_to: str = ""

    @property
    def sender(self) -> str:
        """The sender of DEFAULT_FROM_EMAIL, with the coalition's name if it has none of its own."""
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return settings.DEFAULT_FROM_EMAIL if name else str(Address(self.name, addr_spec=address))

    @property
    def headers(self) -> dict[str, str]:
        return {"Reply-To": self.reply_to} if self.reply_to else {}

    def written_above(self, text: str) -> str:
        return f"{self.name}\n\n{text}"

    def imprint(self) -> str:
        """Return the name and postal address for the foot of the mail; nothing if there is no address."""
        return f"{self.name}\n{self.postal_address.strip()}\n" if self.postal_address.strip() else ""


def letterhead() -> Letterhead:
    """Return it in the active language."""
    return source()()


@cache
def source() -> Callable[[], Letterhead]:
    """Return the function that settings.LETTERHEAD names: the texts of staff belong to an app that this one is for."""
    found: Callable[[], Letterhead] = import_string(settings.LETTERHEAD)
    return found
