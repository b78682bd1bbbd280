"""What a restored database makes of lines that it does not know, kind by kind (letters: tests/letters/test_journal)."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from campaign.journal import journal, recovery
from campaign.journal.models import Position, Restoration
from campaign.outbox.maintenance import replay as outbox_replay
from campaign.outbox.models import Item, Suppression
from campaign.secrecy.addresses import fingerprint
from campaign.supporters import replay as supporters_replay
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState
from pages.models import Dispatch
from pages.newsletter import replay as newsletter_replay
from pages.newsletter import sending
from petitions.counting import events
from petitions.data_requests import replay as petitions_replay
from petitions.models import Signature, State, Voice
from tests.letters.factories import make_ready
from tests.outbox.factories import make_due
from tests.pages.test_newsletter import make_issue, make_subscribers, recipients
from tests.petitions.factories import make_confirmed, make_petition, make_signature
from tests.supporters.joins import let_join

pytestmark = pytest.mark.django_db
PRINT = bytes(16).hex()


def test_of_an_address_the_last_line_counts():
    on, off = {"of": PRINT, "cause": "bounce"}, {"of": PRINT, "cause": ""}
    outbox_replay.suppress_again([on, off])
    assert not Suppression.objects.exists()
    outbox_replay.suppress_again([on, off, on])
    assert Suppression.objects.get().cause == "bounce"
    assert outbox_replay.suppress_again([on]).again == {}
    assert outbox_replay.suppress_again([off]).again == {"addresses let in again": 1}
    assert not Suppression.objects.exists()


def test_mail_that_went_out_does_not_go_again_and_all_else_of_its_work_is_done(outbox_drained):
    subscriptions.ask(address="ana@example.org", language="en")
    item = Item.objects.get()
    said = {"item": item.pk, "mark": item.mark, "kind": item.kind}
    lost = {"item": item.pk + 1, "mark": "", "kind": item.kind}
    done = outbox_replay.mark_mailed([said, lost])
    assert done.again == {"mails that went out and do not go again": 1}
    assert done.lost == {"requests for news": 1}
    outbox_drained()
    assert mail.outbox == []
    assert not Item.objects.exists()


def test_mail_that_only_has_the_number_of_one_that_went_out_goes(outbox_drained):
    subscriptions.ask(address="ana@example.org", language="en")
    outbox_replay.mark_mailed([{"item": Item.objects.get().pk, "mark": journal.mark("another"), "kind": "x"}])
    outbox_drained()
    assert len(mail.outbox) == 1


def test_who_joined_and_left_again_in_the_time_that_was_lost_does_not_join(outbox_drained):
    """The backup has their confirmation waiting, and knows nothing of the subscriber that they became."""
    for address in ("ana@example.org", "bo@example.org"):
        subscriber = subscriptions.upsert(address, "en")
        subscriptions.confirm(language="en", token_digest=bytes(subscriber.token_digest or b""))
    left = {"id": 123456, "mark": "", "of": fingerprint("ana@example.org", subscriptions.PURPOSE).hex()}
    assert supporters_replay.unsubscribe_again([left]).again == {"unsubscribed": 1}
    let_join()
    assert [str(one.address) for one in Subscriber.objects.confirmed()] == ["bo@example.org"]


def test_who_unsubscribed_is_so_again_and_nobody_else():
    first, second = (subscriptions.join(address=f"{name}@example.org", language="en") for name in ("ana", "bea"))
    lines = [{"id": first.pk, "mark": first.mark}, {"id": second.pk, "mark": first.mark}]
    assert supporters_replay.unsubscribe_again(lines).again == {"unsubscribed": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (SubscriberState.UNSUBSCRIBED, SubscriberState.CONFIRMED)


def test_who_left_stays_away_and_the_count_follows():
    petition = make_petition()
    signatures = [make_confirmed(petition, f"s{number}@example.org") for number in range(5)]
    states = ["withdrawn", "erased", "invalidated", "erased", "confirmed"]
    lines = [{"id": one.pk, "mark": one.mark, "state": state} for one, state in zip(signatures, states, strict=True)]
    lines[3]["mark"] = signatures[0].mark
    petitions_replay.leave_again(lines)
    petitions_replay.leave_again(lines)
    left = dict(Signature.objects.values_list("pk", "state"))
    first, _gone, third, fourth, fifth = (one.pk for one in signatures)
    assert left == {
        first: State.WITHDRAWN,
        third: State.INVALIDATED,
        fourth: State.CONFIRMED,
        fifth: State.CONFIRMED,
    }
    events.aggregate()
    petition.refresh_from_db()
    assert sum(petition.tallies.values_list("count", flat=True)) == 2


def test_who_confirmed_after_the_backup_and_was_judged_valid_counts():
    petition = make_petition()
    signature = make_signature(petition)
    petitions_replay.leave_again([{"id": signature.pk, "mark": signature.mark, "state": "confirmed"}])
    signature.refresh_from_db()
    assert (signature.state, signature.token_expires_at) == (State.CONFIRMED, None)
    assert signature.confirmed_on is not None
    events.aggregate()
    assert sum(petition.tallies.values_list("count", flat=True)) == 1


def test_what_a_signer_took_back_is_not_shown_again():
    signature = make_confirmed(make_petition())
    words = {"name": "Ana", "country": "DE", "reason": "Because", "language": "en"}
    Voice.objects.create(signature=signature, petition=signature.petition, words=words)
    petitions_replay.silence_again([{"id": signature.pk, "mark": signature.mark}])
    assert not Voice.objects.exists()


def test_an_issue_goes_to_those_who_have_not_had_it(outbox_drained):
    make_subscribers("ana", "bea", "cy")
    issue = make_issue()
    ana, bea, cy = (subscriptions.upsert(f"{name}@example.org", "en") for name in ("ana", "bea", "cy"))
    line = {"issue": issue.pk, "state": "sent"}
    lines = [line | {"subscriber": one.pk, "mark": one.mark} for one in (ana, bea)]
    lines += [lines[1] | {"state": "waiting"}, line | {"subscriber": cy.pk, "mark": ana.mark}]
    newsletter_replay.enter_again(lines)
    assert Dispatch.objects.count() == 1
    sending.start(issue, by=None)
    outbox_drained()
    assert recipients() == ["bea@example.org", "cy@example.org"]


def test_the_command_is_the_button(outbox_drained):
    make_ready()
    make_due()
    recovery.look()
    recovery.hold_everything({Position.objects.get().timeline: 99})
    outbox_drained()
    assert Restoration.objects.open().exists()
    output = StringIO()
    call_command("reconcile", stdout=output)
    assert "let go, as of" in output.getvalue()
    assert not Restoration.objects.open().exists()
    assert not Position.objects.get().is_held
