"""Who writes: what constituents say about themselves, and the fingerprint that identifies the person."""

import unicodedata
from dataclasses import asdict, dataclass

from campaign.secrecy.addresses import keyed_hash, normalise
from campaign.web import countries, postal_addresses
from letters.models.recipients.us_states import name_of

PURPOSE = "letters-person"


@dataclass(frozen=True)
class Sender:
    """What a constituent says about themselves.

    `state` is that of the address; `residence`, the state whose senators are written to, may differ. Abroad both are
    empty, and `country` has its code. Of the address there may be as little as a campaign asks for.
    `prefix` is asked for only if an office's channel requires one.
    """

    first_name: str
    last_name: str
    email: str
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    residence: str = ""
    prefix: str = ""
    country: str = ""

    @property
    def lives_in(self) -> str:
        """Return the code of the country, as far as it is known."""
        return self.country or ("US" if self.state else "")

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def lines(self, language: str = "en") -> list[str]:
        """Return name and address as they stand under a letter in this language."""
        lines = [self.full_name, *self.address(language), self.email]
        return lines if self.state == self.residence else [*lines, f"Legal residence: {name_of(self.residence)}"]

    def address(self, language: str = "en") -> list[str]:
        """Return street, town and country, as far as they are known, in the order of that country's post."""
        if self.state:
            return [self.street, f"{self.city}, {self.state} {self.zip}"]
        town = postal_addresses.town_lines(self.country, self.zip, self.city)
        country = countries.name_in(self.country, language) if self.country else ""
        return [line for line in (self.street, *town, country) if line]

    def stored(self) -> dict[str, str]:
        """Return it as it is kept; what the release before does not know stands there only where it says something."""
        return {name: value for name, value in asdict(self).items() if value or name != "country"}


def fingerprint_of_person(sender: Sender) -> bytes:
    """Return 16 bytes that are the same for every spelling of one person's address and name."""
    return keyed_hash(f"{normalise(sender.email)}\0{fold(sender.full_name)}", PURPOSE)


def fold(name: str) -> str:
    """Return the name without case, accents and differences of spacing or apostrophes.

    >>> fold("  José O’Brien ") == fold("jose o'brien")
    True
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
