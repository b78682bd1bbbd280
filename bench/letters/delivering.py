"""Letters through outbox, Celery and rendering: to the sandbox, and to a mail server beside a bare loop."""

import re
import time
from collections import Counter
from dataclasses import replace

from bench.report import Figure
from bench.stage import Stage
from standalone.paths import Trouble

PATIENCE = 600  # seconds for all of them
ACCEPTED = "SELECT count(*) FROM letters_delivery WHERE state = 'accepted'"
SPAN = """
    SELECT (extract(epoch FROM max(changed_at) - min(changed_at)) * 1000)::int FROM letters_delivery
    WHERE state = 'accepted'
"""
GIVE = """
    UPDATE letters_office SET email = 'mail@office.example', email_given_by = 'x', email_given_on = now()
    WHERE state = %s RETURNING id
"""
MESSAGE_ID = re.compile(rb"^Message-ID: <([0-9a-f]{32})[.@]", re.MULTILINE | re.IGNORECASE)


def empty(stage: Stage) -> None:
    stage.execute("TRUNCATE letters_constituent, outbox_item CASCADE")


def give_addresses(stage: Stage, state: str) -> None:
    stage.rows(GIVE, state)


def deliver(stage: Stage, number: int) -> float:
    """Letters a second, from the first accepted to the last."""
    with stage.playing(*stage.mail_workers()):
        if not stage.interruption.wait_until(lambda: stage.value(ACCEPTED) >= number, seconds=PATIENCE):
            raise Trouble(f"only {stage.value(ACCEPTED)} of {number} letters were accepted")
    return number / (stage.value(SPAN) / 1000)


def to_sandbox(stage: Stage, number: int) -> list[Figure]:
    empty(stage)
    stage.run("bench.letters.filling", "--number", str(number), "--tag", "sandbox")
    rate = deliver(stage, number)
    messages = stage.value("SELECT count(*) FROM letters_sandboxmessage")
    attempts = stage.value("SELECT count(*) FROM letters_attempt")
    return [
        Figure(f"{number:,} letters to the sandbox", rate, "/s", least=200),
        Figure("lost", number - messages, "", most=0),
        Figure("attempts beyond one each", attempts - number, "", most=0),
    ]


def to_mail_server(stage: Stage, number: int) -> list[Figure]:
    """The bare loop first, on the same letters: renders and sends them over one connection, and does nothing else."""
    mailed = replace(stage, environment={**stage.environment, "LETTER_CHANNELS": "email"})
    empty(mailed)
    give_addresses(mailed, "NM")
    mailed.run("bench.letters.filling", "--number", str(number), "--tag", "mail")
    seen: Counter[bytes] = Counter()
    mailed.sink.listener = lambda recipient, message: seen.update(MESSAGE_ID.findall(message)[:1])
    begun = time.perf_counter()
    mailed.run("bench.letters.bare_loop")
    bare = sum(seen.values()) / (max(took(mailed, begun), 0.001))
    seen.clear()
    rate = deliver(mailed, number)
    return [
        Figure(f"{number:,} letters to a mail server", rate, "/s"),
        Figure("a bare loop over one connection", bare, "/s"),
        Figure("of the bare loop", rate / bare, "", least=0.5),
        Figure("lost", number - len(seen), "", most=0),
        Figure("twice", sum(seen.values()) - len(seen), "", most=0),
    ]


def took(stage: Stage, begun: float) -> float:
    """Without the time that Python and Django take to start."""
    idle = time.perf_counter()
    stage.run("bench.letters.bare_loop", "--number", "0")
    return (idle - begun) - (time.perf_counter() - idle)
