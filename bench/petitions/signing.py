"""Signing beside the smallest view that stores something: same server, same database, same connections."""

from collections.abc import Iterator
from functools import partial

from bench.load import http
from bench.load.loop import Load
from bench.load.people import people
from bench.report import Figure
from bench.stage import Stage

CONNECTIONS = 64
WARM_UP = 1.5  # seconds
MARKS = "CREATE TABLE smallest_mark (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)"


def posts(path: str, host: str, seed: str) -> Iterator[bytes]:
    for person in people(seed):
        yield http.post(path, host, person.fields, person.network)


def post_all(stage: Stage, port: int, path: str, seed: str, seconds: float) -> tuple[Load, int]:
    """The load, and how many answers there were with those of the warming up."""
    warm, load = (
        stage.measure(port, partial(posts, path, f"localhost:{port}", name), connections=CONNECTIONS, seconds=time)
        for name, time in ((f"{seed}warm", WARM_UP), (seed, seconds))
    )
    return load, len(warm.times) + len(load.times)


def smallest(stage: Stage, seconds: float) -> Load:
    stage.execute(MARKS)
    with stage.web("bench.smallest.wsgi", path="") as port:
        return post_all(stage, port, "/", "mark", seconds)[0]


def signing(stage: Stage, path: str, seed: str, seconds: float, *, with_mail: bool = False) -> tuple[Load, int]:
    """The load, and how many answers have no row."""
    before = stage.value("SELECT count(*) FROM petitions_signature")
    with stage.web() as port, stage.playing(*(stage.mail_workers() if with_mail else [])):
        load, answers = post_all(stage, port, path, seed, seconds)
    return load, answers - (stage.value("SELECT count(*) FROM petitions_signature") - before)


def beside_smallest(stage: Stage, path: str, seconds: float) -> list[Figure]:
    small = smallest(stage, seconds)
    load, missing = signing(stage, path, "quiet", seconds)
    return [
        Figure("smallest view", small.rate, "/s"),
        Figure("smallest view: errors", small.errors(204), most=0),
        *figures(load, missing),
        Figure("signing / smallest view", load.rate / small.rate, least=0.5),
    ]


def beside_mail(stage: Stage, path: str, seconds: float) -> list[Figure]:
    """The same while confirmation mails go out on the same cores."""
    return figures(*signing(stage, path, "busy", seconds, with_mail=True))


def figures(load: Load, missing: int) -> list[Figure]:
    return [
        Figure("signing: post to answer", load.rate, "/s"),
        Figure("signing: half of all within", load.percentile(0.5) * 1000, "ms"),
        Figure("signing: 99 of 100 within", load.percentile(0.99) * 1000, "ms", most=250),
        Figure("signing: errors", load.errors(302), most=0),
        Figure("signing: answers without a row", missing, most=0),
    ]
