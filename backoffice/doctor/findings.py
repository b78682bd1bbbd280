"""What a check finds, in words for whoever runs the server."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    GOOD = "good"
    LOOK = "look"  # may be meant so, or could not be looked at
    BAD = "BAD"


@dataclass(frozen=True)
class Finding:
    level: Level
    words: str
    remedy: str = ""


@dataclass(frozen=True)
class Asked:
    """How whoever asks wants it: without the network beyond the site's own servers, with which server of names."""

    is_offline: bool = False
    nameserver: str = ""  # address, or address:port; empty: the machine's own
    dkim_selector: str = ""


def good(words: str) -> Finding:
    return Finding(Level.GOOD, words)


def look(words: str, remedy: str = "") -> Finding:
    return Finding(Level.LOOK, words, remedy)


def bad(words: str, remedy: str) -> Finding:
    return Finding(Level.BAD, words, remedy)
