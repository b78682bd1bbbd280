"""The Senate's system: the permitted rate, neither more nor less, however many workers; and what that costs others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.letters.delivering import empty
from bench.report import Figure
from bench.stage import Stage
from standalone import site
from standalone.ports import unused_port
from standalone.supervision.process import Process
from tests.letters.senate_stub import SenateStub

RATE = 10.0
OPEN_OFFICES = """
    INSERT INTO letters_channelstatus (name, paused_because, open_offices, offices_at)
    VALUES ('senate_api', '', '["SNM01", "SNM02"]', now())
    ON CONFLICT (name) DO UPDATE SET open_offices = excluded.open_offices, offices_at = now()
"""
OTHERS = 4000  # letters to the sandbox meanwhile
OTHERS_DONE = "SELECT count(*) FROM letters_delivery WHERE state = 'accepted' AND channel = 'sandbox'"
SPAN = """
    SELECT (extract(epoch FROM max(changed_at) - min(changed_at)) * 1000)::int
    FROM letters_delivery WHERE state = 'accepted' AND channel = 'sandbox'
"""


def figures(stage: Stage, seconds: float) -> list[Figure]:
    with senate(stage, others="sandbox") as (on, stub):
        return [figure for workers in (1, 4) for figure in measured(on, stub, workers, seconds)]


@contextmanager
def senate(stage: Stage, *, others: str) -> Iterator[tuple[Stage, SenateStub]]:
    """The stage on which letters for New Mexico go to the Senate's system, and those to `others` by that channel."""
    with TemporaryDirectory() as folder:
        stub = SenateStub(unused_port(), Path(folder))
        stub.start()
        channels = {"LETTER_CHANNELS": f"senate_api,{others}"}
        on = replace(stage, environment={**stage.environment, **settings(stub), **channels})
        on.execute("UPDATE letters_office SET email = '', email_given_by = '', email_given_on = NULL", OPEN_OFFICES)
        yield on, stub
        stub.stop()


def settings(stub: SenateStub) -> dict[str, str]:
    given = {f"SENATE_API_{name.upper()}": value for name, value in stub.settings.items()}
    given |= {"SENATE_API_HOSTS": "localhost", "SENATE_API_RATE": RATE, "SENATE_API_OFFICE_RATE": RATE}
    return {name: str(value) for name, value in given.items()}


def others_alone(stage: Stage, workers: int) -> float:
    """Letters a second to the sandbox while nothing goes to the Senate."""
    empty(stage)
    stage.run("bench.letters.filling", "--number", str(OTHERS), "--tag", "alone", "--state", "TX")
    with stage.playing(*workers_of(stage, workers)):
        stage.interruption.wait_until(lambda: stage.value(OTHERS_DONE) >= OTHERS, seconds=300)
    return OTHERS / (stage.value(SPAN) / 1000)


def measured(stage: Stage, stub: SenateStub, workers: int, seconds: float) -> list[Figure]:
    alone = others_alone(stage, workers)
    empty(stage)
    stub.received.clear()
    number = int(RATE * seconds)
    stage.run("bench.letters.filling", "--number", str(OTHERS), "--tag", f"others{workers}", "--state", "TX")
    stage.execute("UPDATE outbox_item SET due_at = now() + interval '1 hour'")
    stage.run("bench.letters.filling", "--number", str(number), "--tag", f"senate{workers}")
    with stage.playing(*workers_of(stage, workers)):
        stage.interruption.wait_until(lambda: len(stub.received) > RATE, seconds=60)  # all are in line
        stage.execute("UPDATE outbox_item SET due_at = now() WHERE kind = 'letters.delivery'")
        stage.interruption.wait_until(lambda: len(stub.received) >= number, seconds=seconds * 3 + 60)
        stage.interruption.wait_until(lambda: stage.value(OTHERS_DONE) >= OTHERS, seconds=300)
    times = sorted(at for at, _, _ in stub.received)
    rate = (len(times) - 1) / (times[-1] - times[0])
    meanwhile = OTHERS / (stage.value(SPAN) / 1000)
    name = f"{workers} worker{'s' if workers > 1 else ''}"
    return [
        Figure(f"to the Senate's system, {name}: of the permitted rate", rate / RATE, "", least=0.95, most=1.05),
        Figure(f"most in any one second, {name}", busiest_second(times), "", most=RATE * 2),
        Figure(f"lost, {name}", number - len(set(stub.ids)), "", most=0),
        Figure(f"to the sandbox meanwhile, {name}", meanwhile, "/s"),
        Figure(f"of what goes there alone, {name}", meanwhile / alone, "", least=0.9),
    ]


def workers_of(stage: Stage, number: int) -> list[Process]:
    log = stage.home.log
    beat, relay = site.beat(stage.environment, log), site.relay_process(stage.environment, log)
    return [site.worker(stage.environment, log, concurrency=number), beat, relay]


def busiest_second(times: list[float]) -> int:
    return max(sum(start <= at < start + 1 for at in times) for start in times)
