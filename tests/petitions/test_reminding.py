"""One reminder (petitions/signing/followups.py), to those who have not confirmed, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from campaign.outbox.models import Item
from campaign.protection.models import Allowance
from petitions.data_requests import self_service
from petitions.models import Petition, Signature
from petitions.moderation import decisions
from petitions.signing import confirming, consent
from petitions.signing.sign import REMINDER
from tests.petitions.factories import make_petition, make_signature, token_of
from tests.petitions.paper import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition() -> Petition:
    return make_petition()


@pytest.fixture
def signature(petition, outbox_drained) -> Signature:
    """Its confirmation mail has gone out."""
    signature = make_signature(petition, language="de")
    outbox_drained()
    mail.outbox.clear()
    return signature


@pytest.fixture
def three_days_later(outbox_drained):
    def later() -> list[str]:
        """The subjects of what goes out then."""
        Item.objects.update(due_at=Now())
        Allowance.objects.all().delete()
        outbox_drained()
        return [str(message.subject) for message in mail.outbox]

    return later


def reminders_waiting() -> int:
    return Item.objects.filter(kind=REMINDER).count()


def test_who_does_not_confirm_is_reminded_once_in_their_language(signature, three_days_later, client):
    assert len(three_days_later()) == 1
    message = mail.outbox[0]
    assert message.to == ["ana@example.org"]
    link = next(word for word in message.body.split() if "/confirm/" in word)
    assert link.startswith("http://testserver/de/")
    assert str(message.subject).startswith("Noch nicht bestätigt: ")
    assert "Der Link gilt bis " in message.body
    assert client.post(link.removeprefix("http://testserver")).status_code == 302
    assert Signature.objects.filter(state="confirmed").exists()
    mail.outbox.clear()
    assert three_days_later() == []


def test_it_waits_for_three_days(signature, outbox_drained):
    Item.objects.update(due_at=Now() + timedelta(days=2, hours=23))
    outbox_drained()
    assert (mail.outbox, reminders_waiting()) == ([], 1)


def test_confirming_takes_it_out_and_with_it_the_address(signature):
    confirming.confirm(token_of(signature))
    assert not Item.objects.exists()


def test_who_counts_by_paper_needs_none(petition, signature):
    load(petition, "Ana,ana@example.org,,DE")
    assert reminders_waiting() == 0


ENDINGS: dict[str, Callable[[Signature], object]] = {
    "confirmed": lambda signature: confirming.confirm(token_of(signature)),
    "not me": lambda signature: confirming.disown(token_of(signature), ""),
    "withdrawn": self_service.withdraw,
    "erased": self_service.forget,
    "invalidated": lambda signature: decisions.invalidate([signature.pk], by="staff"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_whoever_needs_it_no_more_takes_the_address_out_also_after_the_mail_was_sent_again(petition, signature, ending):
    signature = make_signature(petition)
    Petition.objects.update(remind_after_days=5)
    ENDINGS[ending](signature)
    assert reminders_waiting() == 0


def test_who_withdrew_and_signs_anew_is_reminded_once(petition, signature, outbox_drained):
    self_service.withdraw(signature)
    Allowance.objects.all().delete()
    make_signature(petition)
    outbox_drained()
    assert reminders_waiting() == 1


def test_one_that_could_not_be_sent_goes_as_well(signature):
    Item.objects.update(state="dead")
    confirming.confirm(token_of(signature))
    assert not Item.objects.exists()


def test_one_that_the_code_of_the_last_release_put_goes_as_well(signature):
    """That code names no subject."""
    Item.objects.all().delete()
    Item.objects.create(kind=REMINDER, payload={"signature": signature.pk})
    confirming.confirm(token_of(signature))
    assert not Item.objects.exists()


def test_signing_again_while_pending_makes_no_second_one(petition, signature, outbox_drained):
    make_signature(petition)
    outbox_drained()
    assert reminders_waiting() == 1


LEAD_NOWHERE = {
    "expired": lambda: Signature.objects.update(token_expires_at=Now()),
    "removed": lambda: Petition.objects.update(visibility="removed"),
    "closed": lambda: Petition.objects.update(opens_at=Now() - timedelta(days=9), closes_at=Now() - timedelta(days=2)),
}


@pytest.mark.parametrize("link", LEAD_NOWHERE)
def test_nobody_is_reminded_of_a_link_that_leads_nowhere(signature, three_days_later, link):
    LEAD_NOWHERE[link]()
    assert three_days_later() == []


def test_after_it_wasnt_me_another_signing_with_that_address_sends_nothing(petition, signature, three_days_later):
    confirming.disown(token_of(signature), confirming.address_seal("ana@example.org"))
    make_signature(petition)
    assert three_days_later() == []


def test_it_counts_as_a_mail_to_that_address(signature, outbox_drained):
    Item.objects.update(due_at=Now())
    outbox_drained()
    assert mail.outbox == []


def test_a_petition_can_do_without(outbox_drained):
    petition = make_petition(remind_after_days=0)
    make_signature(petition)
    outbox_drained()
    assert reminders_waiting() == 0
    assert "one more email as a reminder" not in consent.wording(petition)
    petition.remind_after_days = 2
    assert "one more email as a reminder" in consent.wording(petition)


def test_switched_off_later_it_sends_nothing_any_more(signature, three_days_later):
    Petition.objects.update(remind_after_days=0)
    assert three_days_later() == []


def test_the_address_stands_encrypted_in_the_outbox_only(petition, outbox_drained):
    make_signature(petition, "canary@example.org")
    outbox_drained()
    item = Item.objects.get(kind=REMINDER)
    assert b"canary" not in bytes(item.sealed_secret or b"")
    assert (item.secret["address"], "canary" in repr(item.payload)) == ("canary@example.org", False)
