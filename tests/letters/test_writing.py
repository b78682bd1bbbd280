"""Submitting, confirming, taking back (workflow.py): cases 14, 16, 17, and what the database itself forbids."""

from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from campaign.outbox.models import Item
from letters.models import Constituent, Delivery, Letter
from letters.models.delivery_states import NotAllowed, State
from letters.models.sender import fingerprint_of_person
from letters.submission import workflow
from tests.letters.factories import (
    SENDER,
    confirm,
    make_campaign,
    make_confirmed,
    make_office,
    make_offices,
    make_submission,
    states,
)

pytestmark = pytest.mark.django_db


def test_nothing_goes_out_before_the_letters_are_confirmed(outbox_drained):
    constituent = make_submission(make_campaign(), make_offices())
    outbox_drained()
    assert set(states(constituent).values()) == {State.UNCONFIRMED}
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert not Item.objects.exclude(kind="letters.reminder").exists()


def test_confirming_makes_letters_ready_for_after_the_time_in_which_they_can_be_taken_back(settings):
    settings.LETTER_WITHDRAWAL_MINUTES = 15
    constituent = make_confirmed(make_campaign(), make_offices())
    assert set(states(constituent).values()) == {State.READY}
    waits = [(item.due_at - timezone.now()).total_seconds() for item in Item.objects.filter(kind="letters.delivery")]
    assert [round(seconds / 60) for seconds in waits] == [15, 15]


def test_confirming_twice_changes_nothing():
    constituent = make_confirmed(make_campaign(), make_offices())
    confirm(constituent)
    again = Constituent.objects.get()
    assert again.confirmed_at == constituent.confirmed_at
    assert Item.objects.filter(kind="letters.delivery").count() == 2


def test_a_newer_text_replaces_one_that_was_not_confirmed_and_the_link_stays():
    campaign, offices = make_campaign(), make_offices()
    first = make_submission(campaign, offices, body="Dear Senator, the first text of mine.")
    second = make_submission(campaign, offices, body="Dear Senator, a better text of mine.")
    assert first.pk == second.pk
    assert workflow.confirmation_token(first) == workflow.confirmation_token(second)
    assert {letter.content["body"] for letter in Letter.objects.all()} == {"Dear Senator, a better text of mine."}


def test_a_text_that_changed_since_it_was_shown_is_not_confirmed():
    campaign, offices = make_campaign(), make_offices()
    constituent = make_submission(campaign, offices)
    shown = workflow.seal_of(list(Delivery.objects.of_constituent(constituent.pk)))
    make_submission(campaign, offices, body="Dear Senator, somebody else wrote this.")
    with pytest.raises(workflow.Changed):
        workflow.confirm(constituent, shown=shown)
    assert set(states(constituent).values()) == {State.UNCONFIRMED}


def test_writing_again_after_confirming_keeps_the_letters_and_the_mail_tells(outbox_drained, settings):
    settings.LETTER_WITHDRAWAL_MINUTES = 15
    campaign, offices = make_campaign(), make_offices()
    make_confirmed(campaign, offices)
    Item.objects.filter(kind="letters.confirmation").delete()
    make_submission(campaign, offices, body="Dear Senator, a second letter.")
    outbox_drained()
    assert Letter.objects.count() == 2
    assert Constituent.objects.count() == 1
    assert "already written" in mail.outbox[0].subject
    assert "/letters/track/" in mail.outbox[0].body


def test_the_mail_holds_no_word_that_was_typed_and_leads_to_the_page_with_the_button(outbox_drained):
    make_submission(make_campaign(), make_offices())
    outbox_drained()
    body = mail.outbox[0].body
    assert "http://testserver/letters/confirm/" in body
    assert "Núñez" not in body
    assert "nurse" not in body
    assert "Martin Heinrich" in body


def test_the_mail_is_in_the_language_of_the_page(outbox_drained):
    constituent = make_submission(make_campaign(), make_offices())
    Constituent.objects.filter(pk=constituent.pk).update(language="de")
    outbox_drained()
    assert "http://testserver/de/letters/confirm/" in mail.outbox[0].body


def test_two_people_of_one_household_both_write():
    campaign, offices = make_campaign(), make_offices()
    make_submission(campaign, offices)
    make_submission(campaign, offices, first_name="José")
    assert Letter.objects.count() == 4


@pytest.mark.parametrize(
    "same",
    [
        {"email": "Ana@EXAMPLE.org"},
        {"email": "ana+news@example.org"},
        {"first_name": "ANA", "last_name": "Nunez"},
        {"first_name": " Ana ", "city": "Taos"},
    ],
)
def test_other_spellings_of_one_person_are_one_person(same):
    campaign, offices = make_campaign(), make_offices()
    make_submission(campaign, offices)
    make_submission(campaign, offices, **same)
    assert Letter.objects.count() == 2


def test_a_letter_taken_back_is_not_sent_and_can_be_written_anew():
    campaign, offices = make_campaign(), make_offices()
    constituent = make_confirmed(campaign, offices)
    delivery = Delivery.objects.of_constituent(constituent.pk).get(letter__office=offices[1])
    workflow.withdraw(delivery)
    assert states(constituent) == {"H001046": State.WITHDRAWN, "L000570": State.READY}
    assert Item.objects.filter(kind="letters.delivery").count() == 1
    anew = make_submission(campaign, offices, body="Dear Senator, after some thought.")
    assert states(anew) == {"H001046": State.UNCONFIRMED}


def test_a_letter_cannot_be_taken_back_once_delivery_has_begun():
    constituent = make_confirmed(make_campaign(), make_offices())
    delivery = Delivery.objects.of_constituent(constituent.pk)[0]
    delivery.become(State.SENDING, channel="sandbox")
    with pytest.raises(NotAllowed):
        workflow.withdraw(delivery)
    assert not Letter.objects.filter(withdrawn_at__isnull=False).exists()


def test_a_closed_campaign_takes_nothing():
    campaign = make_campaign(is_paused=True)
    with pytest.raises(workflow.NotOpen):
        make_submission(campaign, make_offices())
    assert not Item.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_letter_to_each_senator():
    campaign, offices = make_campaign(), make_offices()
    start = Barrier(2)

    def submit(body):
        start.wait(60)
        make_submission(campaign, offices, body=body)
        connections.close_all()

    threads = [Thread(target=submit, args=[f"Dear Senator, this is text number {n}."]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Constituent.objects.count() == 1
    assert Letter.objects.count() == Delivery.objects.count() == 2
    assert len({letter.content["body"] for letter in Letter.objects.all()}) == 1


def test_the_database_itself_holds_one_letter_for_each_person_campaign_and_office():
    constituent = make_confirmed(make_campaign(), [make_office()])
    letter = Letter.objects.get()
    twin = Letter(
        constituent=constituent, office=letter.office, campaign=letter.campaign, person=letter.person, content={}
    )
    with pytest.raises(IntegrityError, match="letter_one_per_person_campaign_office"), transaction.atomic():
        twin.save()
    Letter.objects.update(withdrawn_at=timezone.now())
    twin.save()


def test_the_database_keeps_names_addresses_and_texts_only_encrypted():
    constituent = make_submission(make_campaign(), [make_office()], body="Dear Senator, my canary sings.")
    for row in (*Constituent.objects.values(), *Letter.objects.values()):
        assert row["person"] is None or bytes(row["person"]) == fingerprint_of_person(SENDER)
    with connections["default"].cursor() as cursor:
        for table in ("letters_constituent", "letters_letter", "letters_delivery", "outbox_item"):
            cursor.execute(f"SELECT string_agg(row::text, '') FROM {table} row")  # noqa: S608  # a constant
            text = cursor.fetchone()[0] or ""
            assert not any(secret in text for secret in ("ana@example", "Núñez", "Example St", "canary"))
    assert constituent.sender == SENDER
