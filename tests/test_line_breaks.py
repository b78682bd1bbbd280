"""Line breaks that hardly anybody knows (U+2028, 0x1E) and control characters in what staff write: no mail and no feed
stops because of them, and an error of ours is no refusal of the mail server."""

import xml.etree.ElementTree as ET

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from campaign.outbox.models import Item, State
from campaign.protection.inputs.line_breaks import fold_line, fold_lines
from letters.delivery.channels.base import Failed
from letters.delivery.channels.email import EmailChannel
from letters.models import LetterCampaign
from pages.models import Dispatch, Issue, NewsItem, SiteSettings
from pages.newsletter import sending
from petitions.models import PetitionText
from tests.letters import pages
from tests.letters.factories import make_addressed_office, make_campaign, make_offices, make_ready
from tests.pages.factories import make_news_item
from tests.pages.test_newsletter import make_issue, make_subscribers
from tests.petitions.factories import make_petition, make_text

pytestmark = pytest.mark.django_db
ADDRESS = "ana@example.org"
BROKEN = "Stop\u2028forced\x1forgan\x85harvesting"
FOLDED = "Stop forced organ harvesting"
BREAKS = [*"\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"]


def sign(client, language: str = "") -> None:
    client.post(f"{language}/petitions/stop/", {"name": "Ana", "email": ADDRESS, "country": "DE"})


@pytest.mark.parametrize("character", [*BREAKS, "\x00", "\x1f", "\x7f", "\ufffe"], ids=ascii)
def test_a_line_is_one_line_whatever_stands_in_it(character):
    assert fold_line(f" one{character} {character}two{character}") == "one two"


def test_a_line_keeps_what_languages_need():
    text = "« Non\u00a0! » \u200fשלום\u200e می\u200cخواهم"
    assert fold_line(text) == text


def test_lines_keep_their_breaks_and_lose_what_no_feed_can_hold():
    assert fold_lines("one\r\n\ttwo\u2028three\x1ffour") == "one\r\n\ttwo\nthree four"


def test_a_title_of_a_petition_is_folded_when_it_is_saved():
    text = make_text(make_petition(), "de", title=BROKEN)
    assert PetitionText.objects.get(pk=text.pk).title == FOLDED


def test_a_translation_is_folded_when_it_is_saved():
    item = make_news_item(translations={"de": {"title": BROKEN, "summary": "Eins\u2028zwei", "_is_shown": True}})
    item.refresh_from_db()
    assert item.translations == {"de": {"title": FOLDED, "summary": "Eins\nzwei", "_is_shown": True}}


def test_signers_of_a_petition_whose_stored_title_is_broken_get_their_mail(client, outbox_drained):
    petition = make_petition(visibility="draft")
    make_text(petition, "de")
    PetitionText.objects.filter(language="de").update(title=BROKEN)
    type(petition).objects.update(visibility="published")
    sign(client, "/de")
    outbox_drained()
    assert mail.outbox[0].subject.endswith(FOLDED)


def test_writers_of_a_campaign_whose_stored_title_is_broken_get_their_mail(client, outbox_drained):
    make_campaign()
    make_offices()
    LetterCampaign.objects.update(title=BROKEN)
    pages.send(client, email=ADDRESS)
    outbox_drained()
    assert mail.outbox[0].subject.endswith(FOLDED)


def test_subscribers_get_an_issue_whose_stored_subject_is_broken(outbox_drained):
    make_subscribers("ana")
    issue = make_issue()
    Issue.objects.update(subject=BROKEN)
    sending.start(issue, by=None)
    outbox_drained()
    assert mail.outbox[0].subject == FOLDED


def test_a_letter_whose_stored_subject_is_broken_reaches_its_office(outbox_drained):
    delivery = make_ready(make_addressed_office())
    delivery.letter.content = {**delivery.letter.content, "subject": BROKEN}
    answer = EmailChannel().send(delivery, delivery.letter.message, lambda: None)
    assert (type(answer).__name__, mail.outbox[0].subject) == ("Accepted", FOLDED)


@pytest.mark.parametrize("language", ["", "/de"])
def test_the_feed_can_be_read_whatever_stands_in_a_stored_item(client, language):
    make_news_item(summary="One", language="en")
    NewsItem.objects.update(title=BROKEN, summary=f"One\x1f{BROKEN}")
    SiteSettings.load().save()
    SiteSettings.objects.update(name=BROKEN, strapline=BROKEN)
    answer = client.get(f"{language}/news/feed.xml")
    feed = ET.fromstring(answer.content)  # noqa: S314  # our own text
    assert feed.findtext("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title") == FOLDED


@pytest.fixture
def unwritable(monkeypatch) -> None:
    """Every mail is one that this program cannot write."""

    def send(self, messages):
        raise ValueError("Header values may not contain linefeed or carriage return characters")

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def test_a_mail_that_this_program_cannot_write_waits_until_that_is_mended(client, outbox_drained, unwritable):
    make_petition()
    sign(client)
    outbox_drained()
    assert Item.objects.get(kind="petitions.confirmation").state == State.WAITING


def test_staff_are_told_of_mail_that_this_program_cannot_write(admin_client, client, outbox_drained, unwritable):
    make_petition()
    sign(client)
    outbox_drained()
    assert "for a fault of this program" in admin_client.get("/admin/").content.decode()


def test_a_subscriber_to_whom_no_mail_can_be_written_is_left_out_and_not_refused(outbox_drained, unwritable):
    make_subscribers("ana")
    sending.start(make_issue(), by=None)
    outbox_drained()
    assert Dispatch.objects.get().state == "skipped"


def test_a_letter_that_this_program_cannot_write_is_no_rejection_of_the_office():
    delivery = make_ready(make_addressed_office())
    delivery.letter.office.email = "office@example.org\nBcc: everybody@example.org"
    assert isinstance(EmailChannel().send(delivery, delivery.letter.message, lambda: None), Failed)
