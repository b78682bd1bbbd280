"""Reminding, expiring, forgetting (letters/submission/retention.py): cases 15 and 26."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from campaign.outbox.models import Item
from letters.delivery import metrics, staff_actions
from letters.models import Attempt, Constituent, Delivery, Letter, LetterCampaign, SandboxMessage
from letters.models.delivery_states import State
from letters.submission import retention, workflow
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_due,
    make_office,
    make_offices,
    make_ready,
    make_submission,
    states,
)
from tests.letters.pages import form_of, press

pytestmark = pytest.mark.django_db
SECRETS = ("ana@example.org", "Núñez", "Example St", "nurse", "Santa Fe")


def stored() -> str:
    """All that the tables of letters hold, decrypted."""
    rows = [*Constituent.objects.all(), *Letter.objects.all(), *SandboxMessage.objects.all(), *Attempt.objects.all()]
    return " ".join(str(vars(row)) for row in rows) + " ".join(str(item.secret) for item in Item.objects.all())


def long_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def end(days_ago: int) -> None:
    LetterCampaign.objects.update(opens_at=long_ago(99), closes_at=long_ago(days_ago))


def test_who_has_not_confirmed_is_reminded_once(outbox_drained):
    make_submission(make_campaign(), make_offices())
    outbox_drained()
    mail.outbox.clear()
    Item.objects.update(due_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM protection_allowance")  # three days later
    outbox_drained()
    (reminder,) = mail.outbox
    assert "This is the only reminder" in reminder.body
    assert "/letters/confirm/" in reminder.body
    assert not Item.objects.exists()


def test_who_has_confirmed_is_not_reminded(outbox_drained):
    make_confirmed(make_campaign(), make_offices())
    Item.objects.exclude(kind="letters.reminder").delete()
    make_due()
    outbox_drained()
    assert not mail.outbox


def test_submitting_again_brings_no_second_reminder():
    campaign, offices = make_campaign(), make_offices()
    for _ in range(3):
        make_submission(campaign, offices)
    assert Item.objects.filter(kind="letters.reminder").count() == 1


def test_a_link_lives_for_seven_days_and_the_reminder_comes_after_three():
    constituent = make_submission(make_campaign(), make_offices())
    assert round((constituent.expires_at - timezone.now()) / timedelta(days=1)) == 7
    assert round((Item.objects.get(kind="letters.reminder").due_at - timezone.now()) / timedelta(days=1)) == 3


def test_letters_that_nobody_confirmed_are_deleted_once_the_link_has_ended():
    campaign, offices = make_campaign(), make_offices()
    make_submission(campaign, offices)
    confirmed = make_confirmed(campaign, offices, email="bo@example.org")
    assert retention.delete_unconfirmed() == 0
    Constituent.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert retention.delete_unconfirmed() == 1
    assert Constituent.objects.get() == confirmed


def test_28_days_after_the_end_text_and_address_are_gone_and_the_numbers_stay(outbox_drained):
    campaign = make_campaign()
    constituent = make_confirmed(campaign, make_offices())
    make_due()
    outbox_drained()
    before = states(constituent)
    end(days_ago=27)
    assert retention.clear_ended() == 0
    end(days_ago=29)
    assert retention.clear_ended() == 1
    assert not any(secret in stored() for secret in SECRETS)
    assert states(constituent) == before
    assert retention.clear_ended() == 0


@pytest.mark.parametrize("visibility", ["removed", "draft"])
def test_a_campaign_that_was_hidden_ends_28_days_after_the_last_that_was_written_for_it(visibility):
    make_confirmed(make_campaign(visibility="published"), make_offices())
    LetterCampaign.objects.update(visibility=visibility)
    Constituent.objects.update(created_at=long_ago(40), confirmed_at=long_ago(27))
    assert retention.clear_ended() == 0
    Constituent.objects.update(confirmed_at=long_ago(29))
    assert retention.clear_ended() == 1
    assert not any(secret in stored() for secret in SECRETS)


def test_a_campaign_that_goes_on_keeps_what_was_written_long_ago():
    make_confirmed(make_campaign(), make_offices())
    Constituent.objects.update(created_at=long_ago(400), confirmed_at=long_ago(399))
    assert retention.clear_ended() == 0


def test_a_letter_still_waiting_then_is_given_up_and_never_sent(outbox_drained):
    campaign = make_campaign()
    constituent = make_confirmed(campaign, [make_office()])
    end(days_ago=29)
    retention.clear_ended()
    assert states(constituent) == {"H001046": State.DEAD}
    make_due()
    outbox_drained()
    assert not SandboxMessage.objects.exists()


@pytest.mark.parametrize("state", [State.UNKNOWN, State.REJECTED, State.DEAD])
def test_an_erased_letter_needs_nobody_any_more_whatever_became_of_it(state):
    make_confirmed(make_campaign(), [make_office()])
    Delivery.objects.update(state=state, channel="sandbox", queued_for="")
    assert (Delivery.objects.stuck().count(), open_letters(state)) == (1, 1)
    end(days_ago=29)
    retention.clear_ended()
    assert (Delivery.objects.stuck().count(), open_letters(state)) == (0, 0)
    assert Delivery.objects.summary() == []
    assert staff_actions.possible_for(Delivery.objects.get()) == set()


def open_letters(state: State) -> float:
    """Return how many letters of this state the metrics tell of."""
    family = next(metric for metric in metrics.collect() if metric.name == "letters_open")
    return next(sample.value for sample in family.samples if sample.labels == {"state": state})


def test_an_erased_letter_that_is_sent_again_all_the_same_is_taken_back(outbox_drained):
    delivery = make_ready()
    Item.objects.all().delete()
    Delivery.objects.update(state=State.REJECTED, channel="sandbox", queued_for="")
    end(days_ago=29)
    retention.clear_ended()
    delivery.refresh_from_db()
    staff_actions.retry(delivery)
    outbox_drained()
    assert Delivery.objects.get().state == State.WITHDRAWN
    assert not Item.objects.exists()
    assert not SandboxMessage.objects.exists()


def test_the_mailed_page_shows_what_is_stored_and_deletes_it_at_once(client, outbox_drained):
    campaign, offices = make_campaign(), make_offices()
    constituent = make_confirmed(campaign, offices)
    sent = Delivery.objects.of_constituent(constituent.pk)[0]
    Item.objects.exclude(payload={"delivery": sent.pk}).filter(kind="letters.delivery").update(
        due_at=timezone.now() + timedelta(days=1)
    )
    Item.objects.filter(payload={"delivery": sent.pk}).update(due_at=timezone.now())
    outbox_drained()
    page = client.get(f"/letters/mine/{workflow.confirmation_token(constituent)}/")
    assert all(secret in page.content.decode() for secret in ("ana@example.org", "Núñez", "Example St"))
    assert press(client, form_of(page, "erase")).status_code == 200
    assert not any(secret in stored() for secret in SECRETS)
    assert sorted(states(constituent).values()) == [State.ACCEPTED, State.WITHDRAWN]
    for token in (workflow.confirmation_token(constituent), workflow.track_token(constituent)):
        for path in ("mine", "track", "confirm"):
            assert client.get(f"/letters/{path}/{token}/").status_code == 404
    make_due()
    outbox_drained()
    assert SandboxMessage.objects.count() == 1


def test_deleting_takes_the_mail_that_was_refused_as_well():
    constituent = make_confirmed(make_campaign(), make_offices())
    Item.objects.filter(kind="letters.confirmation").update(state="refused")
    retention.erase(constituent)
    assert not any(secret in stored() for secret in SECRETS)


def test_a_letter_that_a_worker_has_just_begun_does_not_keep_the_rest_from_being_deleted():
    constituent = make_confirmed(make_campaign(), [make_office()])
    waiting = list(Delivery.objects.ready())
    Delivery.objects.get().become(State.SENDING, channel="sandbox")
    retention.give_up_unsent(waiting, State.WITHDRAWN)
    assert states(constituent) == {"H001046": State.SENDING}


def test_who_submits_again_while_old_letters_are_deleted_keeps_the_new_ones():
    campaign, offices = make_campaign(), make_offices()
    constituent = make_submission(campaign, offices)
    Constituent.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    expired = [constituent.pk]
    make_submission(campaign, offices)
    retention.delete_expired(expired)
    assert set(states(constituent).values()) == {State.UNCONFIRMED}


def test_who_has_deleted_everything_can_write_again():
    campaign, offices = make_campaign(), make_offices()
    retention.erase(make_confirmed(campaign, offices))
    anew = make_submission(campaign, offices)
    assert set(states(anew).values()) == {State.UNCONFIRMED}


def test_the_tracking_page_mails_the_way_to_ones_letters(client, outbox_drained):
    constituent = make_confirmed(make_campaign(), make_offices())
    Item.objects.all().delete()
    page = client.get(f"/letters/track/{workflow.track_token(constituent)}/")
    press(client, form_of(page, "mail-again"))
    outbox_drained()
    assert f"/letters/mine/{workflow.confirmation_token(constituent)}/" in mail.outbox[0].body


def test_the_pages_of_ones_own_open_by_no_other_link(client):
    constituent = make_confirmed(make_campaign(), make_offices())
    mine = f"/letters/mine/{workflow.track_token(constituent)}/"
    assert client.get(mine).status_code == 404
    assert client.post(f"{mine}erase/").status_code == 404
    unconfirmed = make_submission(make_campaign("other"), [make_office("X000001", area="AZ")], email="bo@example.org")
    assert client.get(f"/letters/mine/{workflow.confirmation_token(unconfirmed)}/").status_code == 404
    assert Letter.objects.filter(content__isnull=False).count() == 3
