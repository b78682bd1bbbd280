"""Ask at each door for people of every state in turn, so that whatever else the machine does happens to all alike."""

import html
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

import httpx

from bench.timings import ranks
from bench.timings.doors import DOORS, Person, new_address

LETTERS = "write letters"
CONFIRM_LETTERS = (
    "UPDATE letters_constituent SET confirmed_at = now() WHERE confirmed_at IS NULL RETURNING id",
    "UPDATE letters_delivery SET state = 'ready', ready_at = now() WHERE state = 'unconfirmed' RETURNING id",
)
NOT_COMPARED = {"date"}
TOKEN = re.compile(r"[\w-]{24,}")  # made anew for each visitor, or from what they typed

People = dict[str, list[Person]]  # by state


@dataclass
class Seen:
    """The answers that people of one state got, each once, and the milliseconds that they took."""

    answers: set[str] = field(default_factory=set)
    took: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """People of one state, compared with those of the first."""

    door: str
    state: str
    median: float
    p: float
    differences: Sequence[str]

    def __str__(self) -> str:
        verdict = "OTHER ANSWER" if self.differences else "same answer"
        return f"  {self.door:<20}  {self.state:<13}{self.median:>9.2f} ms   p {self.p:<7.2g} {verdict}"


def people_from(printed: bytes) -> dict[str, People]:
    """Read what known.py has printed."""
    doors = json.loads(printed.splitlines()[-1])
    return {
        door: {state: [Person(*one) for one in some] for state, some in states.items()}
        for door, states in doors.items()
    }


def rows(url: str, people: Mapping[str, People], execute: Callable[[str], Any]) -> Iterator[Row]:
    """Yield a row for each door and state; `execute` runs a statement in the site's database."""
    with httpx.Client(base_url=url, timeout=30) as http:
        for door, known in people.items():
            written = writers(http, len(known["new"]), execute) if door == LETTERS else {}
            yield from compared(door, ask(http, door, known | written))


def writers(http: httpx.Client, number: int, execute: Callable[[str], Any]) -> People:
    """Let people write, whose letters are then confirmed, and others, whose letters are not."""
    made = {}
    for state, statements in (("confirmed", CONFIRM_LETTERS), ("pending", ())):
        made[state] = [Person(new_address(), "", "") for _ in range(number)]
        for one in made[state]:
            send_timed(http, DOORS[LETTERS](http, one))
        for statement in statements:
            execute(statement)
    return made


def ask(http: httpx.Client, door: str, known: People) -> dict[str, Seen]:
    seen = {state: Seen() for state in known}
    turns = list(zip(*known.values(), strict=True))
    for turn in turns:
        pairs = list(zip(known, turn, strict=True))
        random.shuffle(pairs)
        for state, one in pairs:
            answer, took = send_timed(http, DOORS[door](http, one))
            seen[state].answers.add(told(answer, one))
            seen[state].took.append(took)
    return seen


def send_timed(http: httpx.Client, request: httpx.Request) -> tuple[httpx.Response, float]:
    """Return the answer and its milliseconds. Everybody comes from a network of their own."""
    request.headers["X-Forwarded-For"] = f"11.{random.randrange(256)}.{random.randrange(256)}.1"
    began = time.perf_counter()
    answer = http.send(request)
    return answer, (time.perf_counter() - began) * 1000


def told(answer: httpx.Response, who: Person) -> str:
    """Return all that the answer says, but for the address itself, for tokens, whose lengths stay, and for dates."""
    headers = sorted(f"{name}: {value}" for name, value in answer.headers.items() if name not in NOT_COMPARED)
    whole = "\n".join([str(answer.status_code), *headers, "", answer.text])
    for spelling in {who.address, html.escape(who.address), quote(who.address), quote_plus(who.address)}:
        whole = whole.replace(spelling, "ADDRESS")
    return TOKEN.sub(lambda found: f"TOKEN OF {len(found[0])}", whole)


def compared(door: str, seen: Mapping[str, Seen]) -> Iterator[Row]:
    first = next(iter(seen.values()))
    for state, one in seen.items():
        median, p = statistics.median(one.took), ranks.p_value(first.took, one.took)
        yield Row(door, state, median, p, sorted(one.answers ^ first.answers))
