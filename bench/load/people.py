"""People who do not exist, each from a network of their own, and what they type into the form."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import count

COUNTRIES = "US DE FR GB ES IT JP KR TW CA AU AT CH SE NO NL BE PL CZ IL BR AR MX IN ID VN NZ IE DK FI".split()
COMMON_DOMAINS = "gmail.com outlook.com yahoo.com icloud.com gmx.de web.de orange.fr naver.com".split()
NAMES = (
    "Ana López;Jürgen Weiß;王小明;田中さくら;Nguyễn Văn An;Marie-Thérèse Lefèvre;John Smith;Олена Коваль;דנה כהן".split(
        ";"
    )
)
COMMON = 0.6  # this part of all people uses one of COMMON_DOMAINS; the others have thousands


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    country: str
    network: str

    @property
    def fields(self) -> dict[str, str]:
        return {"name": self.name, "email": self.email, "country": self.country}


def people(seed: str) -> Iterator[Person]:
    """The same for the same `seed`, without end, no address twice."""
    chance = random.Random(seed)
    for number in count():
        is_common = chance.random() < COMMON
        domain = chance.choice(COMMON_DOMAINS) if is_common else f"mail{chance.randrange(5000)}.example.org"
        yield Person(
            name=chance.choice(NAMES),
            email=f"{seed}.{number}@{domain}",
            country=chance.choice(COUNTRIES),
            network=str(IPv4Address(chance.randrange(0x0B000000, 0x7E000000))),
        )
