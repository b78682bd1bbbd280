"""Pages for visitors without cookies, from the application server itself; the same for nobody and for ten millions."""

import time
from collections.abc import Iterator
from functools import partial
from itertools import repeat

from bench.load import http
from bench.load.people import COUNTRIES
from bench.report import Figure
from bench.stage import Stage

CONNECTIONS = 64
MILLIONS = 10_000_000
DAYS = 150
PATIENCE = 60  # seconds

# As many tallies as ten millions from everywhere in five months leave, with their total.
FILL = f"""
    INSERT INTO petitions_tally (petition_id, country, channel, day, count)
    SELECT p.id, country, channel, current_date - day, {MILLIONS} / ({len(COUNTRIES)} * 2 * {DAYS})
    FROM petitions_petition p, unnest('{{{{{",".join(COUNTRIES)}}}}}'::text[]) country,
        unnest('{{{{web,paper}}}}'::text[]) channel, generate_series(1, {DAYS}) day
    WHERE p.slug = '{{slug}}' ON CONFLICT DO NOTHING
"""  # noqa: S608  # nothing from outside
TOTAL = """
    INSERT INTO petitions_total (petition_id, count, as_of)
    SELECT p.id, (SELECT coalesce(sum(count), 0) FROM petitions_tally t WHERE t.petition_id = p.id), now()
    FROM petitions_petition p WHERE p.slug = '{slug}'
    ON CONFLICT (petition_id) DO UPDATE SET count = excluded.count, as_of = excluded.as_of
"""
CHANGE = "UPDATE petitions_petition SET asked_by = 'Changed ' || asked_by WHERE slug = '{slug}'"


def requests(host: str, path: str) -> Iterator[bytes]:
    return repeat(http.get(path, host))


def rates(stage: Stage, paths: dict[str, str], seconds: float) -> list[Figure]:
    with stage.web() as port:
        return [figure for name, path in paths.items() for figure in rate(stage, port, name, path, seconds)]


def rate(stage: Stage, port: int, name: str, path: str, seconds: float) -> list[Figure]:
    ask = partial(requests, f"localhost:{port}", path)
    stage.measure(port, ask, connections=CONNECTIONS, seconds=1)
    load = stage.measure(port, ask, connections=CONNECTIONS, seconds=seconds)
    return [
        Figure(name, load.rate, "/s", least=4000),
        Figure(f"{name}: 99 of 100 within", load.percentile(0.99) * 1000, "ms"),
        Figure(f"{name}: errors", load.errors(200), most=0),
    ]


def rates_of_millions(stage: Stage, slug: str, paths: dict[str, str], seconds: float) -> list[Figure]:
    stage.execute(FILL.format(slug=slug), TOTAL.format(slug=slug), "ANALYZE petitions_tally")
    return rates(stage, paths, seconds)


def seconds_until_fresh(stage: Stage, path: str, slug: str) -> Figure:
    """From a change in the database until every process shows it, to a visitor whose browser kept nothing."""
    with stage.web() as port:
        ask = http.get(path, f"localhost:{port}")
        stage.ask_often(port, ask, 50)
        stage.execute(CHANGE.format(slug=slug))
        changed_at = time.perf_counter()
        stage.interruption.wait_until(
            lambda: all(b"Changed " in body for body in stage.ask_often(port, ask, 50)), seconds=PATIENCE
        )
        return Figure("a change is shown by every process after", time.perf_counter() - changed_at, "s", most=10)
