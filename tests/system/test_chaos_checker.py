"""The checker of bench/chaos, itself checked: a story that is true finds nothing, and each doctored one is seen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bench.chaos.evidence import checker
from bench.chaos.evidence.checker import (
    ConstituentRow,
    DispatchRow,
    Doubt,
    Evidence,
    ItemRow,
    LetterRow,
    Rows,
    SignatureRow,
    Sort,
    SubscriberRow,
)
from bench.chaos.evidence.ledger import MARK, Act, Answer, CountShown, Kind, Ledger
from bench.chaos.mail_server import Refusal, Taken

ANA, BEN, CAM, READER = (f"{MARK}.{number}@example.org" for number in range(4))
SENT, BACK = "a" * 32, "b" * 32  # letters of Ben: one arrives, one is taken back
MAILS = {
    ANA: "petitions.confirmation.1",
    BEN: "letters.confirmation.2",
    CAM: "supporters.newsletter-confirmation.3",
    READER: "pages.newsletter.4",
}


def act(at: float, kind: Kind, who: str, answer: Answer = Answer.YES, what: str = "") -> Act:
    return Act(kind, who, at, at + 0.1, answer, what=what)


def letter(delivery_id: str = SENT, words: str = BEN) -> Taken:
    text = checker.own_words(words)
    return Taken(60, "s1@office.example", f"<{delivery_id}@example.org>", f"Ben <{words}>", f"Dear Senator,\n{text}")


def story() -> Evidence:
    """Ana signs and confirms, Ben writes and takes one letter back, Cam subscribes, an issue goes to a reader."""
    acts = [
        act(1, Kind.SIGN, ANA),
        act(3, Kind.CONFIRM, ANA, Answer.NONE),
        act(4, Kind.CONFIRM, ANA),
        act(5, Kind.WRITE, BEN),
        act(7, Kind.CONFIRM_LETTERS, BEN),
        act(8, Kind.TAKE_BACK, BEN, what=BACK),
        act(9, Kind.SUBSCRIBE, CAM),
        act(11, Kind.CONFIRM_NEWS, CAM),
        act(12, Kind.SEND_ISSUE, "7"),
    ]
    rows = Rows(
        signatures=[SignatureRow(1, ANA, "confirmed")],
        constituents=[ConstituentRow(BEN, 7.05)],
        letters=[LetterRow(SENT, BEN, "accepted"), LetterRow(BACK, BEN, "withdrawn")],
        subscribers=[SubscriberRow(CAM, "confirmed"), SubscriberRow(READER, "confirmed")],
        dispatches=[DispatchRow(7, READER, "sent")],
        total=1,
        by_country=1,
        audited=[("newsletter.sending", "pages.issue 7")],
    )
    taken = [Taken(2, to, f"<{name}@example.org>") for to, name in MAILS.items()]
    ledger = Ledger(acts, counts=[CountShown(2.9, 0), CountShown(20, 1)], readers={READER})
    return Evidence(ledger, [*taken, letter()], rows=rows, texts={"web.log": "all is well"})


def test_a_true_story_finds_nothing():
    assert checker.check(story()) == []


Doctor = Callable[[Evidence], Evidence]


def with_rows(**changes: Any) -> Doctor:
    return lambda told: replace(told, rows=replace(told.rows, **changes))


def with_mails(*more: Taken) -> Doctor:
    return lambda told: replace(told, taken=[*told.taken, *more])


def without_mails_to(address: str) -> Doctor:
    return lambda told: replace(told, taken=[mail for mail in told.taken if mail.recipient != address])


def with_acts(*more: Act) -> Doctor:
    return lambda told: replace(told, ledger=replace(told.ledger, acts=[*told.ledger.acts, *more]))


def with_ledger(**changes: Any) -> Doctor:
    return lambda told: replace(told, ledger=replace(told.ledger, **changes))


def again(address: str, at: float = 30) -> Taken:
    return Taken(at, address, f"<{MAILS[address]}@example.org>")


LIES: dict[str, tuple[Doctor, Sort]] = {
    "a row is lost": (with_rows(signatures=[], total=0, by_country=0), Sort.LOST),
    "a confirmation is lost": (
        with_rows(signatures=[SignatureRow(1, ANA, "pending")], total=0, by_country=0),
        Sort.LOST,
    ),
    "an address has two rows": (with_rows(signatures=[SignatureRow(n, ANA, "confirmed") for n in (1, 2)]), Sort.TWICE),
    "a row that nobody asked for": (with_rows(signatures=[SignatureRow(9, "", "pending")]), Sort.UNTRUE),
    "a state that no act leads to": (with_rows(signatures=[SignatureRow(1, ANA, "withdrawn")]), Sort.UNTRUE),
    "what was erased is there": (with_acts(act(30, Kind.FORGET, ANA)), Sort.UNTRUE),
    "a withdrawal is lost": (with_acts(act(30, Kind.WITHDRAW, ANA)), Sort.UNTRUE),
    "a row is counted twice": (with_rows(total=2, by_country=2), Sort.UNTRUE),
    "the countries are not the sum": (with_rows(by_country=2), Sort.UNTRUE),
    "recount finds a difference": (with_rows(count_differences=["DE web: 1 rows, 2 shown"]), Sort.UNTRUE),
    "more was shown than could be": (with_ledger(counts=[CountShown(2.0, 1)]), Sort.UNTRUE),
    "no mail for who signed": (without_mails_to(ANA), Sort.LOST),
    "no mail for who wrote": (without_mails_to(BEN), Sort.LOST),
    "no mail for who subscribed": (without_mails_to(CAM), Sort.LOST),
    "the same mail a second time": (with_mails(again(ANA)), Sort.TWICE),
    "a second mail for one request": (with_mails(Taken(2, ANA, "<petitions.confirmation.9@example.org>")), Sort.TWICE),
    "a mail to somebody who asked for none": (with_mails(Taken(2, f"{MARK}.9@example.org", "<x.1@e>")), Sort.UNTRUE),
    "a letter twice": (with_mails(letter()), Sort.TWICE),
    "a letter that nobody got": (without_mails_to("s1@office.example"), Sort.LOST),
    "a letter that arrived and is ready": (with_rows(letters=[LetterRow(SENT, BEN, "ready")]), Sort.UNTRUE),
    "a letter that nobody sends": (with_rows(letters=[LetterRow("c" * 32, BEN, "ready")]), Sort.STUCK),
    "a letter that was taken back": (with_mails(letter(BACK)), Sort.UNTRUE),
    "a letter that is not there": (with_mails(letter("d" * 32)), Sort.UNTRUE),
    "a letter with another's text": (
        lambda told: replace(told, taken=[*told.taken[:-1], letter(words=ANA)]),
        Sort.UNTRUE,
    ),
    "a letter that nobody confirmed": (
        with_ledger(acts=[one for one in story().ledger.acts if one.kind is not Kind.CONFIRM_LETTERS]),
        Sort.UNTRUE,
    ),
    "letters that are gone": (with_rows(constituents=[]), Sort.LOST),
    "letters confirmed a second time": (with_rows(constituents=[ConstituentRow(BEN, 50.0)]), Sort.UNTRUE),
    "letters whose confirmation is lost": (with_rows(constituents=[ConstituentRow(BEN, None)]), Sort.LOST),
    "a subscriber is lost": (with_rows(subscribers=[]), Sort.LOST),
    "an issue that came twice": (with_mails(again(READER)), Sort.TWICE),
    "an issue that did not come": (without_mails_to(READER), Sort.LOST),
    "an issue that came and waits": (with_rows(dispatches=[DispatchRow(7, READER, "waiting")]), Sort.STUCK),
    "an act of staff without an entry": (with_rows(audited=[]), Sort.UNTRUE),
    "work that was given up": (with_rows(stuck_items=[ItemRow(1, "letters.delivery", "dead", "x")]), Sort.STUCK),
    "a name in a log": (lambda told: replace(told, texts={"web.log": f"error: Ana {MARK.title()}"}), Sort.UNTRUE),
    "an error page with another's words": (with_ledger(strange_pages=["503 petitions: ['9']"]), Sort.UNTRUE),
    "a link that does not work any more": (with_acts(act(30, Kind.CONFIRM, ANA, Answer.NO)), Sort.UNTRUE),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_doctored_story_is_seen(lie):
    doctor, sort = LIES[lie]
    assert sort in {finding.sort for finding in checker.check(doctor(story()))}


PENDING = SignatureRow(2, CAM, "pending")
FORGIVEN: dict[str, Doctor] = {
    "an act without an answer that was done": with_acts(act(30, Kind.SIGN, BEN, Answer.NONE)),
    "a mail that its server took without a word": lambda told: replace(
        told, taken=[*told.taken[1:], replace(told.taken[0], is_cut=True), again(ANA)]
    ),
    "a mail that a killed worker may not have noted": lambda told: replace(
        with_mails(again(ANA))(told), doubts=[Doubt(1, 5)]
    ),
    "an address that its server refuses": lambda told: replace(
        with_acts(act(30, Kind.SIGN, CAM))(with_rows(signatures=[*told.rows.signatures, PENDING])(told)),
        refusals=[Refusal(31, CAM, 550)],
    ),
    "a letter of which nobody knows": with_rows(
        letters=[LetterRow(SENT, BEN, "unknown"), LetterRow(BACK, BEN, "withdrawn")]
    ),
    "a letter that could not be taken back any more": with_acts(act(30, Kind.TAKE_BACK, BEN, Answer.NO, what=SENT)),
}  # fmt: skip


@pytest.mark.parametrize("doubt", FORGIVEN)
def test_what_nobody_could_know_is_no_lie(doubt):
    assert checker.check(FORGIVEN[doubt](story())) == []


def test_a_letter_is_never_forgiven_a_repetition():
    told = replace(with_mails(letter())(story()), doubts=[Doubt(0, 100)])
    assert Sort.TWICE in {finding.sort for finding in checker.check(told)}


def test_every_invariant_is_broken_by_some_lie():
    """And by the one that it is about: a check that never says anything is none."""
    silent = {
        invariant.__name__
        for invariant in checker.CHECKS
        if not any(list(invariant(doctor(story()))) for doctor, _sort in LIES.values())
    }
    assert silent == set()
