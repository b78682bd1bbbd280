"""Who writes: what a constituent says about themself, and the fingerprint that stands for the person."""

import unicodedata
from dataclasses import dataclass

from campaign.secrecy.addresses import keyed_hash, normalise
from letters.places import name_of

PURPOSE = "letters-person"


@dataclass(frozen=True)
class Sender:
    """`state` is that of the address; `residence`, the state whose senators are written to, can be another.

    `prefix` is asked for only where an office's channel requires one.
    """

    first_name: str
    last_name: str
    email: str
    street: str
    city: str
    state: str
    zip: str
    residence: str
    prefix: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def lines(self) -> list[str]:
        """Name and address as they stand under a letter; English, since it goes into letters."""
        lines = [self.full_name, self.street, f"{self.city}, {self.state} {self.zip}", self.email]
        return lines if self.state == self.residence else [*lines, f"Legal residence: {name_of(self.residence)}"]


def fingerprint(sender: Sender) -> bytes:
    """16 bytes, the same for every spelling of one person's address and name."""
    return keyed_hash(f"{normalise(sender.email)}\0{fold(sender.full_name)}", PURPOSE)


def fold(name: str) -> str:
    """Without case, accents and the difference between kinds of space or apostrophe.

    >>> fold("  José O’Brien ") == fold("jose o'brien")
    True
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
