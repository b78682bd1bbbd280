"""Signing beside the smallest view that stores something: same server, same database, same connections."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial

from bench.load import http
from bench.load.loop import Load
from bench.load.people import people
from bench.report import Figure
from bench.stage import Stage
from standalone.ports import unused_port

CONNECTIONS = 64
WARM_UP = 1.5  # seconds
TURNS = 4
ROWS = "SELECT count(*) FROM petitions_signature"
Place = tuple[int, str]  # port and path
MARKS = "CREATE TABLE smallest_mark (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)"


def posts(path: str, host: str, seed: str) -> Iterator[bytes]:
    for person in people(seed):
        yield http.post(path, host, person.fields, person.network)


def post_all(stage: Stage, port: int, path: str, seed: str, seconds: float) -> Load:
    requests = partial(posts, path, f"localhost:{port}", seed)
    return stage.measure(port, requests, connections=CONNECTIONS, seconds=seconds)


def smallest(stage: Stage, module: str) -> AbstractContextManager[int]:
    """Its port."""
    return stage.web(f"bench.smallest.{module}", path="", port=unused_port())


def in_turns(stage: Stage, places: Mapping[str, Place], seconds: float) -> dict[str, Load]:
    """Each for `seconds` in all, since the speed of a shared machine changes from one minute to the next."""
    loads = {name: Load() for name in places}
    for turn in range(TURNS):
        for name, (port, path) in places.items():
            loads[name] += post_all(stage, port, path, f"{name}{turn}", seconds / TURNS)
    return loads


def beside_smallest(stage: Stage, path: str, seconds: float) -> list[Figure]:
    """Twice: as a Django site without anything else, and as a page of this site, behind all that a request passes."""
    stage.execute(MARKS)
    before = stage.value(ROWS)
    with stage.web() as port, smallest(stage, "wsgi") as alone, smallest(stage, "site_wsgi") as within:
        places = {"alone": (alone, "/"), "within": (within, "/smallest/"), "signing": (port, path)}
        warm = {name: post_all(stage, *place, f"warm{name}", WARM_UP) for name, place in places.items()}
        loads = in_turns(stage, places, seconds)
    load = loads["signing"]
    missing = len(warm["signing"].times) + len(load.times) - (stage.value(ROWS) - before)
    return [
        Figure("smallest view, alone", loads["alone"].rate, "/s"),
        Figure("smallest view, within the site", loads["within"].rate, "/s"),
        Figure("smallest view: errors", loads["alone"].errors(204) + loads["within"].errors(204), most=0),
        *figures(load, missing),
        Figure("signing / smallest view alone", load.rate / loads["alone"].rate, least=0.5),
        Figure("signing / smallest view within the site", load.rate / loads["within"].rate, least=0.5),
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
