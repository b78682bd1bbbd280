"""A new Congress while letters go out: 34 seats change, and what becomes of every letter is true, told, and done once.

Letters of all states wait for all offices. The list is imported while workers hand letters over; then workers,
scheduler and relay are killed, and started again.
"""

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from bench.letters.delivering import MESSAGE_ID, empty
from bench.report import Figure
from bench.stage import Stage
from standalone.paths import Trouble

PATIENCE = 900
LATE = 5  # seconds for what a worker had begun to hand over before the import
ACCEPTED = "SELECT count(*) FROM letters_delivery WHERE state = 'accepted'"
AT_WORK = """
    SELECT count(*) FROM outbox_item
    WHERE kind LIKE 'letters.%%' AND state IN ('waiting', 'published', 'running')
        AND due_at < now() + interval '2 minutes'
"""
OUTCOMES = """
    SELECT d.state || CASE
            WHEN d.printed_at IS NOT NULL THEN ', printed' WHEN d.sent_by_hand_at IS NOT NULL THEN ', sent by hand'
            WHEN d.has_senator_left THEN ', told' ELSE '' END,
        count(*)
    FROM letters_delivery d JOIN letters_letter l ON l.id = d.letter_id JOIN letters_office o ON o.id = l.office_id
    WHERE NOT o.is_current GROUP BY 1
"""
# As docs/letters.md says. Unconfirmed letters have become ones to the successors.
TRUE = {"withdrawn, told", "accepted", "unknown", "ready, printed", "needs_constituent, sent by hand"}
CANCELLED = "SELECT delivery_id FROM letters_delivery WHERE has_senator_left"
READDRESSED = """
    SELECT count(*) FROM letters_delivery d JOIN letters_letter l ON l.id = d.letter_id
    WHERE l.former_office_id IS NOT NULL AND d.state = 'unconfirmed'
"""
HANDED_OVER_AFTER = """
    SELECT count(*) FROM letters_attempt a JOIN letters_delivery d ON d.id = a.delivery_id
        JOIN letters_letter l ON l.id = d.letter_id JOIN letters_office o ON o.id = l.office_id
    WHERE NOT o.is_current AND a.handed_over_at > (SELECT applied_at FROM letters_officeimport ORDER BY id DESC LIMIT 1)
        + interval '1 second' * %s
"""
FORMER = "SELECT lower(bioguide) FROM letters_office WHERE NOT is_current"
OFFER = re.compile(rb"/([0-9a-f]{32})/to-successor/")


class Post:
    """What the mail server took: letters and offers by the letters' ids, and when for which office."""

    def __init__(self) -> None:
        self.letters: Counter[bytes] = Counter()
        self.offers: Counter[str] = Counter()
        self.last_to: dict[str, float] = {}

    def take(self, recipient: str, message: bytes) -> None:
        if recipient.endswith("@office.example"):
            self.letters.update(MESSAGE_ID.findall(message)[:1])
            self.last_to[recipient.partition("@")[0]] = time.time()
        elif offer := OFFER.search(message.replace(b"=\r\n", b"")):
            self.offers[offer[1].decode()] += 1


def figures(stage: Stage, number: int) -> list[Figure]:
    mailed = replace(stage, environment={**stage.environment, "LETTER_CHANNELS": "email,contact_form"})
    post, path = Post(), stage.home.log / "congress.json"
    empty(mailed)
    mailed.run("bench.letters.seats", "--number", str(number), "--list", str(path))
    stood = mailed.value("SELECT count(*) FROM letters_delivery")
    mailed.sink.listener = post.take
    already = mailed.value(ACCEPTED)
    workers = mailed.mail_workers()
    with mailed.playing(*workers):
        wait(mailed, lambda: mailed.value(ACCEPTED) > already + stood // 20, "no letter goes out")
        if mailed.manage("import_senators", str(path), "--no-input", "--sure"):
            raise Trouble("the list could not be imported")
        imported = time.time()
        for worker in workers:
            worker.kill_all()
    with mailed.playing(*mailed.mail_workers()):
        wait(mailed, lambda: not mailed.value(AT_WORK), "letters are left")
    took = time.time() - imported
    outcomes = {state: int(count) for state, count in mailed.rows(OUTCOMES)}
    cancelled = {row[0] for row in mailed.rows(CANCELLED)}
    former = {row[0] for row in mailed.rows(FORMER)}
    late = [office for office, moment in post.last_to.items() if office in former and moment > imported + LATE]
    return [
        Figure(f"seats that changed, {number:,} letters", len(former), "", least=34),
        Figure("letters to former senators, in all", sum(outcomes.values()), ""),
        *(Figure(f"  of these {state}", count, "") for state, count in sorted(outcomes.items())),
        Figure("in a state that is not true", sum(n for state, n in outcomes.items() if state not in TRUE), "", most=0),
        Figure("unconfirmed, now to the successor", mailed.value(READDRESSED), "", least=1),
        Figure("cancelled and not told", len(cancelled - post.offers.keys()), "", most=0),
        Figure("told and not cancelled", len(post.offers.keys() - cancelled), "", most=0),
        Figure("told more than once", sum(times > 1 for times in post.offers.values()), "", most=0),
        Figure("handed over for a former senator after the import", mailed.value(HANDED_OVER_AFTER, LATE), "", most=0),
        Figure("offices that got a letter too late", len(late), "", most=0),
        Figure("sent twice", sum(post.letters.values()) - len(post.letters), "", most=0),
        Figure("lost", stood - mailed.value("SELECT count(*) FROM letters_delivery"), "", most=0),
        Figure("from the import until all is settled", took, "s"),
    ]


def wait(stage: Stage, is_so: Callable[[], bool], trouble: str) -> None:
    if not stage.interruption.wait_until(is_so, seconds=PATIENCE):
        raise Trouble(trouble)
