"""The rehearsal of the whole site: what leaves, what waits, what is kept, and who switches it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from campaign.audit.models import Entry
from campaign.mail import mailers
from campaign.outbox import queue, rehearsals
from campaign.outbox.maintenance.replay import rehearse_again
from campaign.outbox.models import Item, Rehearsal, RehearsedMail, State
from campaign.supporters import subscriptions
from letters.delivery import attempts
from letters.models import Delivery, SandboxMessage
from pages.models import Issue
from pages.newsletter import sending
from petitions.models import Signature
from standalone.ports import unused_port
from tests.letters.factories import make_addressed_office, make_ready
from tests.live.smtp_sink import SmtpSink
from tests.outbox.factories import make_due
from tests.petitions.factories import make_petition, make_signature
from tests.staff.desk import at_the_desk, make_administrator, make_member

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def sink(settings) -> Iterator[SmtpSink]:
    """A real mail server, which all mail of the test goes to."""
    server = SmtpSink(unused_port())
    server.start()
    settings.MAILERS = {"default": mailers.mailer_from_url(server.url, settings.ROOT)}
    settings.LETTER_CHANNELS = ["email"]
    yield server
    server.stop()


def received(sink: SmtpSink) -> list[str]:
    return sorted(address for mail in sink.mails for address in mail.recipients)


def test_mail_leaves_to_staff_only_and_what_was_kept_is_never_sent(sink, outbox_drained):
    make_administrator("chief")
    petition = make_petition()
    rehearsals.begin(by="chief")
    make_signature(petition, "ana@elsewhere.example")
    make_signature(petition, "Chief+try@example.org")
    queue.put("pages.contact", payload={"language": "en"}, secret={"address": "us@coalition.example", **MESSAGE})
    outbox_drained()
    assert received(sink) == ["Chief+try@example.org", "us@coalition.example"]
    (kept,) = RehearsedMail.objects.filter(kind="petitions.confirmation")
    assert kept.words.startswith("Confirm your signature: Stop it")
    assert "ana@" not in kept.words
    assert not re.search(r"[\w-]{20,}/|\d{4}\s?\d{4}", kept.words)
    rehearsals.end(by="chief")
    make_due()
    outbox_drained()
    assert "ana@elsewhere.example" not in received(sink)
    assert Signature.objects.count() == 2


MESSAGE = {"name": "Ana", "email": "ana@elsewhere.example", "subject": "Hello", "message": "Hello", "topic": "Hello"}


def test_mail_that_waited_when_it_began_waits_until_it_is_over(sink, outbox_drained):
    make_signature(make_petition(), "ana@elsewhere.example")
    rehearsals.begin(by="chief")
    outbox_drained()
    (waiting,) = Item.objects.filter(kind="petitions.confirmation")
    assert (waiting.state, waiting.attempts, waiting.reason) == (State.WAITING, 0, "waits for the end of the rehearsal")
    assert (rehearsals.waiting(), received(sink)) == (1, [])
    rehearsals.end(by="chief")
    Item.objects.filter(pk=waiting.pk).update(due_at=waiting.created_at)
    outbox_drained()
    assert received(sink) == ["ana@elsewhere.example"]
    assert not RehearsedMail.objects.exists()


def test_a_letter_of_a_rehearsal_goes_to_the_sandbox_and_an_earlier_one_to_its_office_afterwards(sink, outbox_drained):
    office = make_addressed_office()
    earlier = make_ready(office)
    rehearsals.begin(by="chief")
    rehearsed = make_ready(office, email="bo@elsewhere.example", last_name="Bo")
    outbox_drained()
    assert SandboxMessage.objects.get().delivery == rehearsed
    assert Delivery.objects.get(pk=earlier.pk).state == "ready"
    assert "mail@office.example" not in received(sink)
    rehearsals.end(by="chief")
    make_due()
    outbox_drained()
    assert received(sink).count("mail@office.example") == 1
    assert Delivery.objects.get(pk=earlier.pk).state == "accepted"


def test_a_letter_that_was_on_its_way_when_it_began_does_not_arrive(sink, outbox_drained, monkeypatch):
    delivery = make_ready(make_addressed_office())
    begin_attempts = attempts.begin

    def begin_both(routes):
        begun = begin_attempts(routes)
        rehearsals.begin(by="chief")
        return begun

    monkeypatch.setattr(attempts, "begin", begin_both)
    outbox_drained()
    monkeypatch.setattr(attempts, "begin", begin_attempts)
    delivery.refresh_from_db()
    assert (delivery.state, sink.to("mail@office.example")) == ("ready", [])
    rehearsals.end(by="chief")
    make_due()
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, received(sink).count("mail@office.example")) == ("accepted", 1)


def test_an_issue_is_paused_and_goes_to_all_once_it_is_resumed(sink, outbox_drained):
    subscriptions.join(address="ana@elsewhere.example", language="en")
    issue = Issue.objects.create(subject="News", body="<p>News.</p>")
    sending.start(issue, by=None)
    rehearsals.begin(by="chief")
    outbox_drained()
    issue.refresh_from_db()
    assert (issue.state, received(sink)) == ("paused", [])
    rehearsals.end(by="chief")
    sending.resume(issue, by=None)
    make_due()
    outbox_drained()
    assert received(sink) == ["ana@elsewhere.example"]


def test_nothing_else_hands_mail_over():
    """Each of these asks about the rehearsal just before: a fourth place must, too."""
    folders = ("backoffice", "campaign", "letters", "pages", "petitions")
    modules = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    sends = re.compile(r"\.send_messages\(|send_mail\(|\.email_user\(")
    assert {str(path.relative_to(ROOT)) for path in modules if sends.search(path.read_text())} == {
        "campaign/mail/handler.py",
        "letters/delivery/channels/email.py",
        "pages/newsletter/mails.py",
    }


def test_an_administrator_begins_and_ends_it_and_everybody_is_told(client):
    chief, campaigner = at_the_desk(make_administrator("chief")), at_the_desk(make_member("cam", "Campaigner"))
    switch = reverse("admin:outbox_rehearsal_switch")
    assert campaigner.post(switch, {"act": "begin"}).status_code == 403
    assert "Begin the rehearsal" in chief.get(switch).content.decode()
    assert Rehearsal.objects.count() == 0
    for _twice in range(2):
        chief.post(switch, {"act": "begin"})
    assert "Rehearsal: mail leaves to staff only" in campaigner.get("/admin/").content.decode()
    assert "This site is in test mode" in client.get("/newsletter/").content.decode()
    for _twice in range(2):
        chief.post(switch, {"act": "end"})
    assert "Rehearsal: mail" not in campaigner.get("/admin/").content.decode()
    assert "This site is in test mode" not in client.get("/newsletter/").content.decode()
    assert list(Entry.objects.filter(act__startswith="rehearsal").order_by("pk").values_list("act", "who")) == [
        ("rehearsal.begun", "chief"),
        ("rehearsal.ended", "chief"),
    ]


@pytest.mark.parametrize(
    ("role", "may_list", "may_read"), [("Campaigner", 200, True), ("Auditor", 200, False), ("Editor", 403, False)]
)
def test_who_may_reads_what_was_not_sent(role, may_list, may_read, outbox_drained):
    rehearsals.begin(by="chief")
    make_signature(make_petition(), "ana@elsewhere.example")
    outbox_drained()
    reader = at_the_desk(make_member("reader", role))
    assert reader.get(reverse("admin:outbox_rehearsedmail_changelist")).status_code == may_list
    page = reader.get(reverse("admin:outbox_rehearsedmail_change", args=[RehearsedMail.objects.get().pk]))
    assert ("Your signature counts once you open this link" in page.content.decode()) == may_read


def test_there_is_one_at_a_time():
    rehearsals.begin(by="chief")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rehearsal.objects.create(begun_by="chief")


def test_a_restored_backup_does_not_forget_it():
    began = "2026-01-01T10:00:00+00:00"
    begun = {"k": "rehearsal", "began_at": began, "ended_at": "", "by": "chief"}
    ended = {**begun, "ended_at": "2026-01-01T12:00:00+00:00"}
    assert rehearse_again([begun]).again == {"rehearsals begun": 1}
    assert rehearsals.current() is not None
    assert not rehearse_again([begun]).again
    assert rehearse_again([begun, ended]).again == {"rehearsals ended": 1}
    assert rehearsals.current() is None
