"""What became of everybody: the visitors, what they were told, and what the database says in the end."""

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import psycopg
from lxml import etree
from redis import RedisError

from bench.chaos.evidence import checker
from bench.chaos.evidence.checker import Doubt, Evidence, Finding
from bench.chaos.evidence.ledger import MARK, Act, Answer, Kind, Ledger
from bench.chaos.mail_server import Taken
from bench.chaos.running_site import RunningSite
from bench.chaos.visitors import Visitors

READERS = 60  # subscribers from the beginning
TAKEN_BACK_FOR = 8  # seconds after confirming; the shortest that the site can be told is a minute
SETTLED = 480.0  # seconds until everything that was acknowledged must have had its effect

ADDRESS = re.compile(rf"{MARK}[\w.]*@[\w.-]+\w")

LET_LETTERS_GO = f"""
    UPDATE outbox_item SET due_at = now()
    WHERE kind = 'letters.delivery' AND state = 'waiting' AND attempts = 0 AND reason = ''
        AND due_at > now() + interval '1 second' AND created_at < now() - interval '{TAKEN_BACK_FOR} seconds'
"""  # noqa: S608  # a number from above
# Once nobody comes any more: pauses before another try, of hours at most, are not waited for; leases are.
HURRY = (
    """
    UPDATE outbox_item SET due_at = now()
    WHERE state = 'waiting' AND due_at BETWEEN now() + interval '2 seconds' AND now() + interval '12 hours'
        AND kind <> 'letters.delivery-in-turn'
    """,
    "UPDATE letters_channelstatus SET quiet_until = NULL WHERE quiet_until > now()",
    "UPDATE pages_dispatch SET due_at = now() WHERE state = 'waiting' AND due_at > now()",
    # Nobody is sending it any more: a worker waits 20 seconds for a mail server.
    """
    UPDATE pages_dispatch SET begun_at = now() - interval '1 hour'
    WHERE state = 'sending' AND begun_at BETWEEN now() - interval '50 minutes' AND now() - interval '90 seconds'
    """,
)
# What stands in line for a channel is among the letters; the work of one that was taken back there goes in hours.
UNSETTLED = """
    SELECT (SELECT count(*) FROM outbox_item
            WHERE state IN ('published', 'running')
                OR state = 'waiting' AND due_at < now() + interval '12 hours' AND kind <> 'letters.delivery-in-turn')
        + (SELECT count(*) FROM letters_delivery WHERE state IN ('ready', 'sending') AND held_because = '')
        + (SELECT count(*) FROM pages_dispatch WHERE state IN ('waiting', 'sending'))
        + (SELECT count(*) FROM petitions_countevent)
"""


class Witness:
    def __init__(self, stack: RunningSite, *, seed: int) -> None:
        self.stack = stack
        self.ledger = Ledger()
        self.doubts: list[Doubt] = []
        self.known: set[Finding] = set()
        self.visitors = Visitors(stack.address, self.ledger, random.Random(seed), seed)
        stack.mail.listener, stack.mail.on_refusal = self.visitors.mail_came, self.visitors.send_home
        self.ledger.readers = {f"{MARK}reader.{number}@example.org" for number in range(READERS)}
        stack.within("bench.chaos.staff", "join", *sorted(self.ledger.readers))

    def send_issue(self) -> None:
        asked_at = time.time()
        number = self.stack.within("bench.chaos.staff", "send").strip()
        self.ledger.acts.append(Act(Kind.SEND_ISSUE, number, asked_at, time.time(), Answer.YES))

    @contextmanager
    def letters_leaving(self) -> Iterator[None]:
        """Meanwhile the time for taking a letter back is seconds."""
        is_over = threading.Event()

        def let_go() -> None:
            while not is_over.wait(1):
                with suppress(psycopg.Error):
                    self.stack.execute(LET_LETTERS_GO)

        thread = threading.Thread(target=let_go, daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def is_back(self, healed_at: float) -> bool:
        """Whether somebody who came after the fault has signed, got the mail and confirmed."""
        return any(came_at > healed_at for came_at, _confirmed_at in list(self.visitors.finished))

    def is_settled(self) -> bool:
        try:
            self.stack.execute(*HURRY)
            unsettled = self.stack.rows(UNSETTLED)[0][0]
        except psycopg.Error:
            return False
        return not unsettled and not self.visitors.people

    def unsettled(self) -> str:
        waiting = ", ".join(list(self.visitors.people)[:5])
        items = self.stack.rows("SELECT kind, state, count(*), max(reason) FROM outbox_item GROUP BY 1, 2")
        return f"{len(self.visitors.people)} people wait ({waiting}); {items}"

    def history(self, finding: Finding) -> list[str]:
        """Return what is known of the people in a finding, for whoever must find out how it came to that."""
        mails = list(self.stack.mail.taken)
        return [
            line
            for who in sorted(set(ADDRESS.findall(finding.what)))
            for line in (
                f"{who}: {self.ledger.story_of(who)}",
                *(f"mail at {mail.at:.1f}: {mail.message_id}" for mail in mails if mail.recipient == who),
            )
        ]

    def evidence(self) -> Evidence:
        given = {"addresses": self.ledger.addresses(), "readers": sorted(self.ledger.readers)}
        found = checker.rows_from_json(self.stack.within("bench.chaos.evidence.rows", given=json.dumps(given)))
        mail = self.stack.mail
        taken = [*mail.taken, *map(as_taken, list(self.stack.senate.received))]
        return Evidence(self.ledger, taken, list(mail.refusals), found, self.doubts, self.texts())

    def texts(self) -> dict[str, str]:
        """Whatever nothing personal may be in."""
        logs = sorted(self.stack.home.log.glob("*.log"))
        found = {log.name: log.read_text(errors="replace") for log in logs}
        with suppress(httpx.HTTPError):
            found["the metrics"] = httpx.get(f"{self.stack.address}/metrics", timeout=20).text
        with suppress(RedisError), self.stack.redis_client() as client:
            lists = [key for key in client.scan_iter() if client.type(key) == b"list"]
            found["Redis"] = " ".join(str(client.lrange(key, 0, -1)) for key in lists)
        return found


def as_taken(received: tuple[float, str, bytes]) -> Taken:
    """Return what the Senate's system has in the form of what the mail server has."""
    at, delivery_id, document = received
    tree = etree.fromstring(document)
    office, address = tree.findtext(".//MemberOffice") or "", tree.findtext(".//Constituent/Email") or ""
    return Taken(at, office, delivery_id, reply_to=address, text=" ".join(map(str, tree.itertext())))
