"""A worker that was overtaken: its lease ran out, another has its items, and then it goes on as if nothing had been.

Each step that it takes must have no effect: the mail, letter or decision is the other worker's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F

from campaign.mail.handler import Mail
from campaign.outbox import claims, execution
from campaign.outbox.handlers import OVERTAKEN, Done, handler_for
from campaign.outbox.maintenance import sweep
from campaign.outbox.models import Item
from campaign.protection.models import Allowance
from campaign.supporters import subscriptions
from campaign.supporters.mails import NewsletterConfirmationMail
from campaign.supporters.models import Subscriber, SubscriberState
from letters.models import Attempt, Delivery
from letters.models.delivery_states import State
from pages.models import Dispatch
from pages.models.newsletter import DispatchState
from pages.newsletter import sending
from petitions.models import Decision, JobState, Signature
from petitions.moderation import bulk
from petitions.paper.imports import uploads
from tests.letters.factories import make_ready
from tests.outbox.factories import expire_leases, make_due
from tests.pages.test_newsletter import make_issue, make_subscribers
from tests.petitions.factories import make_petition
from tests.petitions.paper import make_batch, make_file

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=60)
ADDRESS = "ana@example.org"


@pytest.fixture(autouse=True)
def obedient_handler() -> None:
    """The kinds of the site, and not that of the tests."""


def begin(kind: str) -> list[Item]:
    pairs = [(pk, token) for pk, token, _ in claims.claim(kind, limit=10, lease=LEASE)]
    return claims.begin(pairs, lease=LEASE)


def overtake(kind: str) -> list[Item]:
    """Have another worker win what is in hand."""
    expire_leases()
    sweep.sweep()
    make_due()
    return begin(kind)


def go_on(kind: str, items: list[Item]) -> None:
    """As `execution.execute` once the items are won."""
    handler = handler_for(kind)
    for result in handler.run(items):
        execution.settle_result(result, handler, Counter())


class OvertakenWhileComposing(NewsletterConfirmationMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for item, mail_of_item in super().compose(items):
            overtake(item.kind)
            yield item, mail_of_item


def test_a_mail_whose_first_worker_was_overtaken_is_sent_once():
    kind = "supporters.newsletter-confirmation"
    subscriptions.ask(address=ADDRESS, language="en")
    first = begin(kind)
    second = overtake(kind)
    go_on(kind, first)
    go_on(kind, second)
    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_an_overtaken_worker_takes_no_allowance():
    kind = "supporters.newsletter-confirmation"
    subscriptions.ask(address=ADDRESS, language="en")
    first = begin(kind)
    overtake(kind)
    go_on(kind, first)
    assert not Allowance.objects.exists()


def test_a_worker_overtaken_after_its_allowance_leaves_the_mail_to_the_other():
    kind = "supporters.newsletter-confirmation"
    subscriptions.ask(address=ADDRESS, language="en")
    first = begin(kind)
    NewsletterConfirmationMail().admitted(first)
    second = overtake(kind)
    go_on(kind, first)
    assert mail.outbox == []
    go_on(kind, second)
    assert len(mail.outbox) == 1


def test_a_worker_overtaken_while_it_composes_sends_nothing():
    kind = "supporters.newsletter-confirmation"
    subscriptions.ask(address=ADDRESS, language="en")
    first = begin(kind)
    list(OvertakenWhileComposing().run(first))
    assert mail.outbox == []


def test_an_overtaken_worker_brings_back_nobody_who_has_left():
    kind = "supporters.newsletter-confirmation"
    subscriptions.ask(address=ADDRESS, language="en")
    first = begin(kind)
    go_on(kind, overtake(kind))
    Subscriber.objects.all().unsubscribe()
    list(NewsletterConfirmationMail().compose(first))
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED


@pytest.mark.parametrize("has_left_before", [False, True])
def test_a_mail_that_is_tried_again_brings_back_nobody_who_has_left(has_left_before):
    """The line was cut after the mail had arrived: its reader has used the way out before it is sent again."""
    kind = "supporters.newsletter-confirmation"
    if has_left_before:
        subscriptions.join(address=ADDRESS, language="en")
        Subscriber.objects.all().unsubscribe()
    subscriptions.ask(address=ADDRESS, language="en")
    first = begin(kind)
    list(NewsletterConfirmationMail().compose(first))
    Subscriber.objects.all().unsubscribe()
    go_on(kind, overtake(kind))
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.address) == (SubscriberState.UNSUBSCRIBED, None)
    assert mail.outbox == []


def test_an_overtaken_worker_begins_no_attempt_at_a_letter():
    make_ready()
    make_due()
    kind = "letters.delivery"
    first = begin(kind)
    overtake(kind)
    go_on(kind, first)
    assert not Attempt.objects.exists()
    assert Delivery.objects.get().state == State.READY


def test_an_overtaken_worker_decides_nothing():
    job = bulk.propose(Decision(petition=make_petition(), why="a test"), by="ada")
    first = begin(bulk.DECISION)
    overtake(bulk.DECISION)
    go_on(bulk.DECISION, first)
    job.refresh_from_db()
    assert job.state == JobState.COUNTING


def test_an_overtaken_worker_loads_no_paper():
    content = make_file("Ana,ana@example.org,Street 1,CH")
    batch = make_batch(make_petition(), content)
    uploads.keep(batch, [content])
    uploads.put(batch)
    first = begin(uploads.IMPORT_KIND)
    second = overtake(uploads.IMPORT_KIND)
    go_on(uploads.IMPORT_KIND, first)
    assert not Signature.objects.exists()
    go_on(uploads.IMPORT_KIND, second)
    assert Signature.objects.count() == 1


def test_an_overtaken_lane_of_the_newsletter_sends_to_nobody():
    kind = "pages.newsletter"
    make_subscribers("ana")
    sending.start(make_issue(), by=None)
    first = begin(kind)
    overtake(kind)
    go_on(kind, first)
    assert mail.outbox == []


class FirstOvertakenWhileComposing(NewsletterConfirmationMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        for number, composed in enumerate(super().compose(items)):
            if not number:
                Item.objects.filter(pk=composed[0].pk).update(token=F("token") + 1)
            yield composed


def test_an_overtaken_mail_does_not_keep_the_rest_of_its_batch_from_being_sent():
    for address in (ADDRESS, "bea@example.org"):
        subscriptions.ask(address=address, language="en")
    items = begin("supporters.newsletter-confirmation")
    (_, overtaken), (_, sent) = FirstOvertakenWhileComposing().run(items)
    assert (overtaken, sent) == (OVERTAKEN, Done())
    assert [message.to for message in mail.outbox] == [[items[1].secret["address"]]]


def test_what_became_of_a_recipient_is_not_changed_by_a_lane_that_comes_too_late():
    make_subscribers("ana")
    issue = make_issue()
    sending.start(issue, by=None)
    dispatch = Dispatch.objects.take(issue.pk)
    assert dispatch is not None
    Dispatch.objects.update(state=DispatchState.UNKNOWN)
    sending.settle_dispatch(dispatch, DispatchState.WAITING)
    sending.give_back_dispatch(dispatch)
    assert Dispatch.objects.get().state == DispatchState.UNKNOWN
