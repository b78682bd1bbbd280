"""What must hold after any fault, as pure functions of the ledger, of the mail server's record and of the rows.

Nothing here asks the site anything: whatever is checked can be made up, as tests/system/test_chaos_checker.py does.
An act whose answer never came may have been done or not, at any moment from then on, so both are right.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bench.chaos.evidence.ledger import MARK, Act, Answer, Kind, Ledger
from bench.chaos.mail_server import Refusal, Taken

MARGIN = 2.0  # seconds by which clocks of one machine and the moments of noting may differ


class Sort(StrEnum):
    LOST = "lost"
    TWICE = "twice"
    UNTRUE = "untrue"
    STUCK = "stuck"


@dataclass(frozen=True)
class Finding:
    sort: Sort
    what: str

    def __str__(self) -> str:
        return f"{self.sort}: {self.what}"


@dataclass(frozen=True)
class SignatureRow:
    id: int
    address: str  # empty if it is nobody's in the ledger
    state: str


@dataclass(frozen=True)
class ConstituentRow:
    address: str
    confirmed_at: float | None


@dataclass(frozen=True)
class LetterRow:
    delivery_id: str
    address: str
    state: str
    is_held: bool = False


@dataclass(frozen=True)
class SubscriberRow:
    address: str
    state: str


@dataclass(frozen=True)
class DispatchRow:
    issue: int
    address: str
    state: str


@dataclass(frozen=True)
class ItemRow:
    """Work in the outbox that has no reason to be there."""

    id: int
    kind: str
    state: str
    reason: str


@dataclass(frozen=True)
class Rows:
    """What the database says."""

    signatures: Sequence[SignatureRow] = ()
    constituents: Sequence[ConstituentRow] = ()
    letters: Sequence[LetterRow] = ()
    subscribers: Sequence[SubscriberRow] = ()
    dispatches: Sequence[DispatchRow] = ()
    stuck_items: Sequence[ItemRow] = ()
    count_differences: Sequence[str] = ()
    total: int = 0  # that is shown
    by_country: int = 0  # the sum over all countries
    audited: Sequence[tuple[str, str]] = ()  # act, on what


ROWS: Mapping[str, Callable[..., Any]] = {
    "signatures": SignatureRow,
    "constituents": ConstituentRow,
    "letters": LetterRow,
    "subscribers": SubscriberRow,
    "dispatches": DispatchRow,
    "stuck_items": ItemRow,
}


def rows_from_json(text: str) -> Rows:
    """Read what rows.py has written."""
    found = json.loads(text)
    for name, kind in ROWS.items():
        found[name] = [kind(**row) for row in found[name]]
    found["audited"] = [(act, on) for act, on in found["audited"]]
    return Rows(**found)


@dataclass(frozen=True)
class Doubt:
    """A time in which a worker may have sent a mail and lost the chance to note it."""

    start: float
    end: float

    def covers(self, at: float) -> bool:
        return self.start - MARGIN <= at <= self.end + MARGIN


@dataclass(frozen=True)
class Evidence:
    ledger: Ledger = field(default_factory=Ledger)
    taken: Sequence[Taken] = ()
    refusals: Sequence[Refusal] = ()
    rows: Rows = field(default_factory=Rows)
    doubts: Sequence[Doubt] = ()
    texts: Mapping[str, str] = field(default_factory=dict)  # logs, Redis, metrics: where nothing personal may be

    @property
    def letters_taken(self) -> list[Taken]:
        return [mail for mail in self.taken if mail.is_letter]


Change = Mapping[str, str]  # from state to state; what is not named stays
ABSENT = "absent"
SIGNATURE: Mapping[Kind, Change] = {
    Kind.SIGN: {ABSENT: "pending", "withdrawn": "pending"},
    Kind.CONFIRM: {"pending": "confirmed"},
    Kind.WITHDRAW: {"pending": "withdrawn", "confirmed": "withdrawn"},
    Kind.FORGET: dict.fromkeys(("pending", "confirmed", "withdrawn"), ABSENT),
    Kind.DISOWN: dict.fromkeys(("pending", "confirmed", "withdrawn"), ABSENT),
}
SUBSCRIBER: Mapping[Kind, Change] = {
    Kind.SUBSCRIBE: {ABSENT: "pending", "unsubscribed": "pending"},
    Kind.CONFIRM_NEWS: {"pending": "confirmed"},
    Kind.UNSUBSCRIBE: {"pending": "unsubscribed", "confirmed": "unsubscribed"},
}


def possible_states(acts: Iterable[Act], table: Mapping[Kind, Change]) -> set[str]:
    """Return the states in which these acts of one person may have left their row.

    >>> act = lambda kind, answer: Act(kind, "ana@example.org", 0, 1, answer)
    >>> signed, unanswered = act(Kind.SIGN, Answer.YES), act(Kind.CONFIRM, Answer.NONE)
    >>> sorted(possible_states([signed, unanswered], SIGNATURE))
    ['confirmed', 'pending']
    """
    states, open_acts = {ABSENT}, list[Change]()
    for act in acts:
        change = table[act.kind]
        if act.answer is Answer.YES:
            states = {change.get(state, state) for state in states}
        elif act.answer is Answer.NONE:
            open_acts.append(change)
        states = with_late(states, open_acts)
    return states


def with_late(states: set[str], open_acts: Sequence[Change]) -> set[str]:
    """Add what acts that were never answered may still make of these states."""
    grown = states | {change.get(state, state) for state in states for change in open_acts}
    return grown if grown == states else with_late(grown, open_acts)


def each_signature_is_one_row(evidence: Evidence) -> Iterator[Finding]:
    """1 and 3: acknowledged means one row, in the state that the acts lead to; and no row that nobody asked for."""
    rows = grouped((row.address, row.state) for row in evidence.rows.signatures)
    acts = evidence.ledger.acts_of(*SIGNATURE)
    for address, mine in acts.items():
        yield from judged(f"signature of {address}", rows.get(address, []), possible_states(mine, SIGNATURE))
    for row in evidence.rows.signatures:
        if row.address not in acts:
            yield Finding(Sort.UNTRUE, f"signature {row.id} that nobody asked for")


AS_CONFIRMED = {"held", "joining"}  # for a moderator to look at; until others join


def judged(what: str, found: Sequence[str], possible: set[str]) -> Iterator[Finding]:
    if len(found) > 1:
        yield Finding(Sort.TWICE, f"{what}: {len(found)} rows")
    state = found[0] if found else ABSENT
    if ("confirmed" if state in AS_CONFIRMED else state) in possible:
        return
    sort = Sort.LOST if state in {ABSENT, "pending"} else Sort.UNTRUE
    yield Finding(sort, f"{what} is {state}, and not {' or '.join(sorted(possible))}")


def each_subscriber_is_one_row(evidence: Evidence) -> Iterator[Finding]:
    rows = grouped((row.address, row.state) for row in evidence.rows.subscribers)
    for address, mine in evidence.ledger.acts_of(*SUBSCRIBER).items():
        yield from judged(f"subscriber {address}", rows.get(address, []), possible_states(mine, SUBSCRIBER))


# What must be mailed once it was acknowledged, and how the Message-ID of that mail begins.
MAILED = {
    Kind.SIGN: "petitions.confirmation",
    Kind.ASK_LEAVING: "petitions.leaving",
    Kind.WRITE: "letters.confirmation",
    Kind.SUBSCRIBE: "supporters.newsletter-confirmation",
}


def each_acknowledged_act_is_mailed(evidence: Evidence) -> Iterator[Finding]:
    """2: at least one mail, and no more different ones than were asked for."""
    mails = grouped(((mail.recipient, mail.kind), mail.message_id) for mail in evidence.taken)
    refused = refused_for_good(evidence)
    for kind, mailed in MAILED.items():
        for address, acts in evidence.ledger.acts_of(kind).items():
            different = set(mails.get((address, mailed), []))
            is_promised = any(act.answer is Answer.YES for act in acts)
            if is_promised and not different and address not in refused:
                yield Finding(Sort.LOST, f"{mailed} to {address}: no mail")
            if len(different) > len(acts):
                yield Finding(Sort.TWICE, f"{mailed} to {address}: {len(different)} mails for {len(acts)} requests")
    asked = {*evidence.ledger.addresses(), *evidence.ledger.readers}
    for mail in evidence.taken:
        if MARK in mail.recipient and mail.recipient not in asked:
            yield Finding(Sort.UNTRUE, f"{mail.kind} to {mail.recipient}, who asked for nothing")


def refused_for_good(evidence: Evidence) -> set[str]:
    return {refusal.recipient for refusal in evidence.refusals if refusal.is_final}


def no_mail_is_repeated_without_doubt(evidence: Evidence) -> Iterator[Finding]:
    """2: the same mail again only after a time whose result nobody could know; letters and newsletters never."""
    by_message: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    for mail in evidence.taken:
        by_message[mail.message_id, mail.recipient].append(mail)
    for (message_id, recipient), mails in by_message.items():
        ordered = sorted(mails, key=lambda mail: mail.at)
        known = [mail for mail in ordered[:-1] if not is_doubtful(mail, evidence.doubts)]
        if known:
            yield Finding(Sort.TWICE, f"{message_id} to {recipient}: {len(mails)} times")


def is_doubtful(mail: Taken, doubts: Sequence[Doubt]) -> bool:
    if mail.is_letter or mail.is_newsletter:
        return False
    return mail.is_cut or any(doubt.covers(mail.at) for doubt in doubts)


def confirmed_letters_keep_their_time(evidence: Evidence) -> Iterator[Finding]:
    """3, for letters: stored as acknowledged, confirmed when that was asked for and never again."""
    rows = grouped((row.address, row) for row in evidence.rows.constituents)
    confirmations = evidence.ledger.acts_of(Kind.CONFIRM_LETTERS)
    for address, acts in evidence.ledger.acts_of(Kind.WRITE).items():
        found = rows.get(address, [])
        if len(found) > 1:
            yield Finding(Sort.TWICE, f"letters of {address}: {len(found)} constituents")
        if not found and any(act.answer is Answer.YES for act in acts):
            yield Finding(Sort.LOST, f"letters of {address} are not there")
        if found:
            yield from told_time(found[0], confirmations.get(address, []))


def told_time(row: ConstituentRow, confirmations: Sequence[Act]) -> Iterator[Finding]:
    told = [act.answered_at for act in confirmations if act.answer is Answer.YES]
    if row.confirmed_at is None:
        if told:
            yield Finding(Sort.LOST, f"letters of {row.address} are not confirmed")
        return
    if not confirmations:
        yield Finding(Sort.UNTRUE, f"letters of {row.address} are confirmed, which nobody did")
        return
    latest = told[0] if told else float("inf")
    if not confirmations[0].asked_at - MARGIN <= row.confirmed_at <= latest + MARGIN:
        yield Finding(Sort.UNTRUE, f"letters of {row.address} have another time of confirming")


def the_count_is_true(evidence: Evidence) -> Iterator[Finding]:
    """4: the rows, the sums and what is shown are equal; and never was more shown than could be."""
    rows = evidence.rows
    yield from (Finding(Sort.UNTRUE, f"count: {difference}") for difference in rows.count_differences)
    confirmed = sum(row.state == "confirmed" for row in rows.signatures)
    if not confirmed == rows.total == rows.by_country:
        yield Finding(Sort.UNTRUE, f"count: {confirmed} rows, {rows.total} shown, {rows.by_country} by country")
    asked = sorted(acts[0].asked_at for acts in evidence.ledger.acts_of(Kind.CONFIRM).values())
    for shown in evidence.ledger.counts:
        most = sum(at <= shown.at for at in asked)
        if shown.count > most:
            yield Finding(Sort.UNTRUE, f"count: {shown.count} shown when {most} could be confirmed")


def no_letter_is_sent_twice(evidence: Evidence) -> Iterator[Finding]:
    """5: staff sent none again in these runs, so one at most, whatever the state says."""
    for delivery_id, number in Counter(mail.delivery_id for mail in evidence.letters_taken).items():
        if number > 1:
            yield Finding(Sort.TWICE, f"letter {delivery_id}: {number} times")


ARRIVED = {"accepted", "unknown", "rejected"}
OPEN = {"unconfirmed", "ready", "sending"}


def letters_tell_the_truth(evidence: Evidence) -> Iterator[Finding]:
    """6, and what was confirmed and not taken back has been sent, or staff know of it."""
    seen = {mail.delivery_id for mail in evidence.letters_taken}
    confirmed = told(evidence, Kind.CONFIRM_LETTERS)
    for row in evidence.rows.letters:
        if row.state == "accepted" and row.delivery_id not in seen:
            yield Finding(Sort.LOST, f"letter {row.delivery_id} is said to be accepted, and nobody got it")
        if row.delivery_id in seen and row.state not in ARRIVED:
            yield Finding(Sort.UNTRUE, f"letter {row.delivery_id} has arrived, and is {row.state}")
        if row.address in confirmed and row.state in OPEN and not row.is_held:
            yield Finding(Sort.STUCK, f"letter {row.delivery_id} of {row.address} is still {row.state}")


def told(evidence: Evidence, kind: Kind) -> set[str]:
    """Return those who were told that it is done."""
    return {act.who for act in evidence.ledger.of(kind) if act.answer is Answer.YES}


def letters_are_their_writers_own(evidence: Evidence) -> Iterator[Finding]:
    """7: confirmed, not taken back, with the text and the address of who wrote it."""
    rows = {row.delivery_id: row for row in evidence.rows.letters}
    may_go = {act.who for act in evidence.ledger.of(Kind.CONFIRM_LETTERS)}
    taken_back = {act.what for act in evidence.ledger.of(Kind.TAKE_BACK) if act.answer is Answer.YES}
    for mail in evidence.letters_taken:
        row = rows.get(mail.delivery_id)
        if row is None:
            yield Finding(Sort.UNTRUE, f"letter {mail.delivery_id} was sent, and is not there")
            continue
        if row.address not in may_go:
            yield Finding(Sort.UNTRUE, f"letter {mail.delivery_id} was sent, and nobody confirmed it")
        if mail.delivery_id in taken_back:
            yield Finding(Sort.UNTRUE, f"letter {mail.delivery_id} was sent after it was taken back")
        if row.address not in mail.reply_to or own_words(row.address) not in " ".join(mail.text.split()):
            yield Finding(Sort.UNTRUE, f"letter {mail.delivery_id} has another's text or sender")
    for row in evidence.rows.letters:
        if row.delivery_id in taken_back and row.state != "withdrawn":
            yield Finding(Sort.LOST, f"letter {row.delivery_id} was taken back, and is {row.state}")


def own_words(address: str) -> str:
    """Return what a writer adds to the letter, and nobody else."""
    return f"My own words are {address.partition('@')[0]} and no others."


def nothing_is_stuck(evidence: Evidence) -> Iterator[Finding]:
    """8: no lease has run out, nothing is due, nothing was given up."""
    for item in evidence.rows.stuck_items:
        yield Finding(Sort.STUCK, f"{item.kind} {item.id} is {item.state}: {item.reason or 'no reason'}")


def nothing_personal_is_told(evidence: Evidence) -> Iterator[Finding]:
    """9: in logs, Redis, metrics and in error pages of others."""
    for place, text in evidence.texts.items():
        if MARK in text.lower():
            yield Finding(Sort.UNTRUE, f"something personal is in {place}")
    for page in evidence.ledger.strange_pages:
        yield Finding(Sort.UNTRUE, f"an error page shows what somebody else typed: {page}")


def staff_acts_are_audited(evidence: Evidence) -> Iterator[Finding]:
    """10."""
    for act in evidence.ledger.of(Kind.SEND_ISSUE):
        number = sum(entry == ("newsletter.sending", f"pages.issue {act.who}") for entry in evidence.rows.audited)
        if act.answer is Answer.YES and number != 1:
            yield Finding(Sort.UNTRUE, f"issue {act.who} was sent, with {number} entries in the audit")


def newsletters_come_once(evidence: Evidence) -> Iterator[Finding]:
    """As for letters: a recipient who may have it already gets nothing more, and what is said to be sent is."""
    mails = {(mail.message_id, mail.recipient) for mail in evidence.taken if mail.is_newsletter}
    got = Counter(recipient for _message_id, recipient in mails)
    for address, states in grouped((row.address, row.state) for row in evidence.rows.dispatches).items():
        sent = states.count("sent")
        if got[address] < sent:
            yield Finding(Sort.LOST, f"newsletter to {address}: {sent} sent, {got[address]} arrived")
        if got[address] > sum(state in {"sent", "unknown", "refused"} for state in states):
            yield Finding(Sort.UNTRUE, f"newsletter to {address}: {got[address]} arrived, the ledger says {states}")
        for state in states:
            if state in {"waiting", "sending"}:
                yield Finding(Sort.STUCK, f"newsletter to {address} is {state}")


def nobody_is_refused(evidence: Evidence) -> Iterator[Finding]:
    """What people could do before a fault they can do after it: only a letter can be too late to be taken back."""
    for act in evidence.ledger.acts:
        if act.answer is Answer.NO and act.kind is not Kind.TAKE_BACK:
            yield Finding(Sort.UNTRUE, f"{act.kind} of {act.who} was refused with {act.status}")


CHECKS: tuple[Callable[[Evidence], Iterable[Finding]], ...] = (
    each_signature_is_one_row,
    each_subscriber_is_one_row,
    each_acknowledged_act_is_mailed,
    no_mail_is_repeated_without_doubt,
    confirmed_letters_keep_their_time,
    the_count_is_true,
    no_letter_is_sent_twice,
    letters_tell_the_truth,
    letters_are_their_writers_own,
    nothing_is_stuck,
    nothing_personal_is_told,
    staff_acts_are_audited,
    newsletters_come_once,
    nobody_is_refused,
)


def check(evidence: Evidence) -> list[Finding]:
    return [finding for invariant in CHECKS for finding in invariant(evidence)]


def grouped[Key, Value](pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
