"""Signing beside the smallest view that stores something: same server, same database, same connections."""

from collections.abc import Iterator
from functools import partial

from bench.load import http
from bench.load.loop import Load
from bench.load.people import people
from bench.report import Figure
from bench.stage import Stage, free_port

CONNECTIONS = 64
WARM_UP = 1.5  # seconds
TURNS = 4
ROWS = "SELECT count(*) FROM petitions_signature"
MARKS = "CREATE TABLE smallest_mark (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)"


def posts(path: str, host: str, seed: str) -> Iterator[bytes]:
    for person in people(seed):
        yield http.post(path, host, person.fields, person.network)


def post_all(stage: Stage, port: int, path: str, seed: str, seconds: float) -> Load:
    requests = partial(posts, path, f"localhost:{port}", seed)
    return stage.measure(port, requests, connections=CONNECTIONS, seconds=seconds)


def in_turns(stage: Stage, port: int, path: str, small_port: int, seconds: float) -> tuple[Load, Load, int]:
    """The smallest view and signing, each for `seconds` in all, since the speed of a shared machine changes from one
    minute to the next; and how many signings were answered before."""
    post_all(stage, small_port, "/", "markwarm", WARM_UP)
    warm = post_all(stage, port, path, "signwarm", WARM_UP)
    small, load = Load(), Load()
    for turn in range(TURNS):
        small += post_all(stage, small_port, "/", f"mark{turn}", seconds / TURNS)
        load += post_all(stage, port, path, f"sign{turn}", seconds / TURNS)
    return small, load, len(warm.times)


def beside_smallest(stage: Stage, path: str, seconds: float) -> list[Figure]:
    stage.execute(MARKS)
    before = stage.value(ROWS)
    with stage.web() as port, stage.web("bench.smallest.wsgi", path="", port=free_port()) as small_port:
        small, load, warm = in_turns(stage, port, path, small_port, seconds)
    missing = warm + len(load.times) - (stage.value(ROWS) - before)
    return [
        Figure("smallest view", small.rate, "/s"),
        Figure("smallest view: errors", small.errors(204), most=0),
        *figures(load, missing),
        Figure("signing / smallest view", load.rate / small.rate, least=0.5),
    ]


def beside_mail(stage: Stage, path: str, seconds: float) -> list[Figure]:
    """The same while confirmation mails go out on the same cores."""
    before = stage.value(ROWS)
    with stage.web() as port, stage.playing(*stage.mail_workers()):
        warm = post_all(stage, port, path, "busywarm", WARM_UP)
        load = post_all(stage, port, path, "busy", seconds)
    return figures(load, len(warm.times) + len(load.times) - (stage.value(ROWS) - before))


def figures(load: Load, missing: int) -> list[Figure]:
    return [
        Figure("signing: post to answer", load.rate, "/s"),
        Figure("signing: half of all within", load.percentile(0.5) * 1000, "ms"),
        Figure("signing: 99 of 100 within", load.percentile(0.99) * 1000, "ms", most=250),
        Figure("signing: errors", load.errors(302), most=0),
        Figure("signing: answers without a row", missing, most=0),
    ]
