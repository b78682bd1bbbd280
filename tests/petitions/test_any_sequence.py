"""Whatever happens in whatever order, the count shown is the number of people who count (cases 20 and 26).

Hypothesis makes up the sequences, over the real database and two connections; a model beside it, of a few lines, says
who counts. `make test ARGS="tests/petitions/test_any_sequence.py --hypothesis-profile=long"` tries thousands more.
"""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Model, Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from campaign.outbox.models import Item
from campaign.protection.models import DomainRule
from petitions.counting import events, recount
from petitions.data_requests import retention, self_service
from petitions.models import CountEvent, Decision, JobState, PaperBatch, Petition, Signature, State, Tally, Total
from petitions.models.moderation.decision import Act
from petitions.models.paper import BatchState
from petitions.moderation import bulk, decisions
from petitions.paper.imports import undo
from petitions.signing import confirming, sign
from tests.conftest import drain
from tests.petitions.factories import make_petition, make_signature, token_of
from tests.petitions.paper import load

SLUGS = st.sampled_from(["one", "two"])
NAMES = ["ana", "bob", "eve", "kim"]
ADDRESSES = st.sampled_from([f"{name}@{domain}" for name in NAMES for domain in ("good.example", "blocked.example")])
COUNTRIES = st.sampled_from(["DE", "JP", "FR"])
TAKEN = {  # by a decision: in which states, and what becomes of them
    "invalidate": ([State.PENDING, State.CONFIRMED, State.HELD], State.INVALIDATED),
    "release": ([State.HELD], State.CONFIRMED),
}
NUMBERS = st.integers(min_value=0, max_value=50)
DEAD_LONG = timedelta(hours=25)
EMPTIED: list[type[Model]] = [CountEvent, Tally, Total, Signature, Decision, PaperBatch, Petition, Item, DomainRule]


class Sequence(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.petitions: dict[str, Petition] = {}
        self.model: dict[int, str] = {}  # the state that each row must have
        self.files = 0

    @initialize()
    def begin(self) -> None:
        """As if nothing had been before."""
        Petition.objects.update(active_key=None, visibility="draft")
        for model in EMPTIED:
            model._default_manager.all().delete()
        DomainRule.objects.create(pattern="blocked.example", verdict="blocked")
        self.petitions = {slug: make_petition(slug) for slug in ("one", "two")}

    def teardown(self) -> None:
        """The counts hold when all of it is added up."""
        events.aggregate()
        self.holds()

    def row(self, slug: str, address: str) -> Signature | None:
        petition = self.petitions[slug]
        return Signature.objects.of(petition, sign.fingerprint_for(petition.pk, address)).first()

    def some(self, number: int) -> list[int]:
        """Up to three rows, chosen by `number`."""
        ids = sorted(self.model)
        return [ids[(number + step) % len(ids)] for step in range(min(3, len(ids)))]

    # What signers do

    @rule(slug=SLUGS, address=ADDRESSES, country=COUNTRIES)
    def sign(self, slug: str, address: str, country: str) -> None:
        petition, known = Petition.objects.get(slug=slug), self.row(slug, address)
        try:
            pk = make_signature(petition, address, country=country).pk
        except sign.NotOpen:
            assert petition.status == "closed"
            return
        if known is None or self.model[pk] == State.WITHDRAWN:
            self.model[pk] = State.PENDING

    @rule(slug=SLUGS, address=ADDRESSES)
    def confirm(self, slug: str, address: str) -> None:
        row = self.row(slug, address)
        if row is None or row.nonce is None:
            return
        is_in_time = Petition.objects.get(slug=slug).takes_confirmations
        confirming.confirm(token_of(row))
        if self.model[row.pk] == State.PENDING and is_in_time:
            self.model[row.pk] = State.HELD if row.hold_reason else State.CONFIRMED

    @rule(slug=SLUGS, address=ADDRESSES)
    def withdraw(self, slug: str, address: str) -> None:
        if row := self_service.find(address, slug):
            self_service.withdraw(row)
            self.model[row.pk] = State.WITHDRAWN

    @rule(slug=SLUGS, address=ADDRESSES)
    def erase(self, slug: str, address: str) -> None:
        if row := self_service.find(address, slug):
            self_service.forget(row)
            del self.model[row.pk]

    @rule(slug=SLUGS, address=ADDRESSES)
    def say_that_it_was_somebody_else(self, slug: str, address: str) -> None:
        row = self.row(slug, address)
        if row and row.nonce is not None:
            confirming.disown(token_of(row), "")
            del self.model[row.pk]

    # What moderators do

    @precondition(lambda self: self.model)
    @rule(number=NUMBERS)
    def release(self, number: int) -> None:
        ids = self.some(number)
        decisions.release(ids, by="ada")
        for pk in ids:
            if self.model[pk] == State.HELD:
                self.model[pk] = State.CONFIRMED

    @precondition(lambda self: self.model)
    @rule(number=NUMBERS)
    def invalidate(self, number: int) -> None:
        ids = self.some(number)
        decisions.invalidate(ids, by="ada")
        for pk in ids:
            if self.model[pk] in {State.PENDING, State.CONFIRMED, State.HELD}:
                self.model[pk] = State.INVALIDATED

    @precondition(lambda self: self.model)
    @rule(number=NUMBERS)
    def validate(self, number: int) -> None:
        ids = self.some(number)
        confirmed = set(Signature.objects.filter(confirmed_on__isnull=False).values_list("pk", flat=True))
        decisions.restore_valid(ids, by="ada")
        for pk in ids:
            if self.model[pk] == State.INVALIDATED and pk in confirmed:
                self.model[pk] = State.CONFIRMED

    @rule(slug=SLUGS, country=COUNTRIES, act=st.sampled_from(sorted(TAKEN)), is_cancelled=st.booleans())
    def decide_on_a_country(self, slug: str, country: str, act: str, is_cancelled: bool) -> None:
        petition, (taken, result) = self.petitions[slug], TAKEN[act]
        job = bulk.propose(Decision(petition=petition, country=country, why="a test", act=act), by="ada")
        drain()
        bulk.start(job, by="ada")
        if is_cancelled:
            bulk.cancel(job, by="ada")
        drain()
        for pk in () if is_cancelled else self.pks(petition=petition, country=country):
            if self.model[pk] in taken:
                self.model[pk] = result

    @rule()
    def take_the_last_of_these_back(self) -> None:
        job = Decision.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED]).first()
        if job is None:
            return
        if job.act == Act.RELEASE:
            former = dict.fromkeys(self.pks(state=State.CONFIRMED, decision=job), State.HELD)
        else:
            former = {row.pk: decisions.former(row) for row in Signature.objects.invalidated().filter(decision=job)}
        bulk.undo_job(job, by="ada")
        drain()
        self.model |= former

    def pks(self, **fields: object) -> list[int]:
        return list(Signature.objects.filter(**fields).values_list("pk", flat=True))

    # What comes on paper

    @rule(slug=SLUGS, address=ADDRESSES, other=ADDRESSES, country=COUNTRIES)
    def load_paper(self, slug: str, address: str, other: str, country: str) -> None:
        self.files += 1
        rows = [f"P,{address},,{country}", f"P,{other},,{country}", f"P,,Street {self.files},{country}"]
        taken_over = {self.row(slug, one) for one in (address, other)} - {None}
        load(self.petitions[slug], *rows)
        for row in taken_over:
            if row and self.model[row.pk] == State.PENDING and not row.hold_reason:
                self.model[row.pk] = State.CONFIRMED
        for pk in Signature.objects.filter(batch__isnull=False).values_list("pk", flat=True):
            self.model.setdefault(pk, State.CONFIRMED)

    @rule(number=NUMBERS)
    def take_a_batch_back(self, number: int) -> None:
        batches = list(PaperBatch.objects.filter(state=BatchState.LOADED))
        if not batches:
            return
        batch = batches[number % len(batches)]
        rows = list(Signature.objects.filter(batch=batch))
        undo.start(batch)
        drain()
        for row in rows:
            if self.model[row.pk] != State.WITHDRAWN:
                del self.model[row.pk]

    # What time does

    @rule(slug=SLUGS, ago=st.sampled_from([timedelta(hours=1), DEAD_LONG, None]))
    def close_or_open_again(self, slug: str, ago: timedelta | None) -> None:
        now = timezone.now()
        closes_at = None if ago is None else now - ago
        Petition.objects.filter(slug=slug).update(closes_at=closes_at, opens_at=now - timedelta(days=9))

    @rule(slug=SLUGS)
    def purge(self, slug: str) -> None:
        retention.clear_petition(self.petitions[slug])

    @rule()
    def forget_the_unconfirmed(self) -> None:
        waiting = Signature.objects.filter(state=State.PENDING, token_expires_at__isnull=False)
        waiting.update(token_expires_at=F("token_expires_at") - timedelta(days=40))
        gone = list(waiting.values_list("pk", flat=True))
        retention.delete_unconfirmed()
        for pk in gone:
            del self.model[pk]

    # What the aggregators do

    @rule()
    def aggregate(self) -> None:
        events.aggregate()

    @rule()
    def one_aggregator_dies_half_way_while_another_tries(self) -> None:
        other = connection.copy()
        try:
            with suppress(ZeroDivisionError):
                self.die_while_aggregating(other)
        finally:
            other.close()

    def die_while_aggregating(self, other: BaseDatabaseWrapper) -> None:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [events.AGGREGATOR])
            cursor.execute(events.AGGREGATE, [events.BATCH])
            assert events.aggregate() == 0
            raise ZeroDivisionError

    @rule()
    def count_anew(self) -> None:
        recount.recount()

    # What must always hold

    @invariant()
    def holds(self) -> None:
        assert dict(Signature.objects.values_list("pk", "state")) == self.model
        assert recount.differences() == []
        assert not Tally.objects.filter(count__lt=0).exists()
        assert not Total.objects.filter(count__lt=0).exists()
        if not CountEvent.objects.exists():
            self.shows_the_truth()

    def shows_the_truth(self) -> None:
        countries = Signature.objects.in_bulk(list(self.model))
        truth = Counter((countries[pk].petition_id, countries[pk].country) for pk in self.counting())
        sums = Tally.objects.values_list("petition", "country").annotate(sum=Sum("count")).filter(sum__gt=0)
        assert {(petition, country): number for petition, country, number in sums} == truth
        for petition in self.petitions.values():
            total = sum(number for (pk, _), number in truth.items() if pk == petition.pk)
            assert Petition.objects.for_display().get(pk=petition.pk).count == total

    def counting(self) -> list[int]:
        return [pk for pk, state in self.model.items() if state == State.CONFIRMED]


@pytest.mark.timeout(0)
@pytest.mark.django_db(transaction=True)
def test_the_count_is_right_after_any_sequence() -> None:
    run_state_machine_as_test(Sequence)
