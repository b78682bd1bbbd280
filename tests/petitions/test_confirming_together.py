"""Links that are used at the same moment are confirmed together (campaign/group_commit.py); each as if alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models.functions import Now

from campaign.outbox.receipts import allowance_key, seal_for
from campaign.protection import allowances
from campaign.standalone.process import wait_until
from campaign.supporters.models import Subscriber
from campaign.supporters.subscribing import wish_for
from petitions import confirming, counting, recounting
from petitions.models import Petition, Signature
from tests.petitions.factories import make_petition, make_signature, token_of

pytestmark = pytest.mark.django_db(transaction=True)


def confirm(token: str, **came_along: str) -> Signature | None:
    try:
        return confirming.confirm(token, **came_along)
    finally:
        connection.close()


def confirm_together(*links: dict[str, str]) -> list[Signature | None]:
    confirming.confirm_together.is_led = True  # as if another were being confirmed
    with ThreadPoolExecutor(len(links)) as pool:
        answers = [pool.submit(confirm, **link) for link in links]
        assert wait_until(lambda: len(confirming.confirm_together.waiting) == len(links), seconds=20)
        confirming.confirm_together.lead()
    return [answer.result() for answer in answers]


def test_each_is_counted_held_or_refused_as_it_would_be_alone():
    one, other = make_petition("one"), make_petition("other")
    counted, elsewhere = make_signature(one, "a@example.org", country="DE"), make_signature(other, "a@example.org")
    held, late = make_signature(one, "held@example.org"), make_signature(one, "late@example.org")
    Signature.objects.filter(pk=held.pk).update(hold_reason="network")
    Signature.objects.filter(pk=late.pk).update(token_expires_at=Now())
    answers = confirm_together(*({"token": token_of(one)} for one in (counted, elsewhere, held, late)), {"token": "x"})
    assert [answer and answer.pk for answer in answers] == [counted.pk, elsewhere.pk, held.pk, None, None]
    states = dict(Signature.objects.values_list("pk", "state"))
    assert states == {counted.pk: "confirmed", elsewhere.pk: "confirmed", held.pk: "held", late.pk: "pending"}
    counting.aggregate()
    assert {petition.slug: petition.count for petition in Petition.objects.for_display()} == {"one": 1, "other": 1}


def test_a_link_used_twice_counts_once():
    token = token_of(make_signature(make_petition()))
    first, second = confirm_together({"token": token}, {"token": token})
    assert first == second
    counting.aggregate()
    assert recounting.differences() == []
    assert Petition.objects.for_display().get().count == 1


def test_what_came_along_is_done_for_each():
    petition, emails = make_petition(), ["a@example.org", "b@example.org"]
    allowances.take_each({allowance_key(email) for email in emails}, allowances.CONFIRMATION_MAIL)
    confirm_together(
        *(
            {
                "token": token_of(make_signature(petition, email)),
                "receipt": seal_for(email),
                "wish": wish_for(email, language="en"),
            }
            for email in emails
        )
    )
    assert sorted(str(one.address) for one in Subscriber.objects.confirmed()) == emails
    assert all(allowances.take(allowance_key(email), allowances.CONFIRMATION_MAIL) for email in emails)
