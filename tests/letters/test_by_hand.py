"""Letters that need the constituent's own hand, or staff's: contact form, paper (cases 19, 22, 24)."""

import io
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core import mail
from pypdf import PdfReader

from campaign.outbox.models import Item
from letters import deskwork, writing
from letters.models import Attempt, Delivery
from letters.printing import batch_pdf, letter_pdf
from letters.states import NotAllowed, State
from tests.letters.factories import (
    make_campaign,
    make_confirmed,
    make_due,
    make_office,
    make_offices,
    make_ready,
    states,
)
from tests.letters.pages import form_of, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_form(settings):
    settings.LETTER_CHANNELS = ["contact_form"]


def deliver(outbox_drained: Callable[[], int]) -> None:
    for _ in range(2):
        make_due()
        outbox_drained()


def links() -> list[str]:
    return [
        line.removeprefix("http://testserver") for line in mail.outbox[-1].body.splitlines() if "/letters/mine/" in line
    ]


def text_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_an_office_with_only_a_form_needs_the_constituents_hand_and_one_mail_says_so(by_form, outbox_drained):
    Item.objects.all().delete()
    constituent = make_confirmed(make_campaign(), make_offices())
    Item.objects.filter(kind="letters.confirmation").delete()
    deliver(outbox_drained)
    assert set(states(constituent).values()) == {State.NEEDS_CONSTITUENT}
    assert len(mail.outbox) == 1
    assert "Senator Martin Heinrich" in mail.outbox[0].body
    assert len(links()) == 2
    assert "nurse" not in mail.outbox[0].body


def test_the_mailed_page_holds_form_fields_and_limits_and_takes_the_persons_word(client, by_form, outbox_drained):
    office = make_office(message_limit=10, needs_phone=True, needs_topic=True)
    constituent = make_confirmed(make_campaign(), [office])
    deliver(outbox_drained)
    (path,) = links()
    page = client.get(path)
    html = page.content.decode()
    assert office.contact_form in html
    assert "I am a nurse." in html
    assert 'value="100 Example St"' in html
    assert "takes at most 10 characters" in html
    assert "a phone number" in html
    assert page["Cache-Control"] == "no-store"
    answer = press(client, form_of(page, "sent"))
    assert answer["Location"] == f"/letters/track/{writing.track_token(constituent)}/"
    tracked = client.get(answer["Location"]).content.decode()
    assert "You told us you sent it" in tracked
    assert states(constituent) == {"H001046": State.NEEDS_CONSTITUENT}
    assert "You told us that you have sent it" in client.get(path).content.decode()


def test_the_tracking_page_itself_leads_to_no_text_but_sends_the_mail_again_within_limits(
    client, by_form, outbox_drained
):
    constituent = make_confirmed(make_campaign(), make_offices())
    deliver(outbox_drained)
    path = f"/letters/track/{writing.track_token(constituent)}/"
    page = client.get(path)
    assert "/letters/mine/" not in page.content.decode()
    assert "Where your hand is needed" in page.content.decode()
    mail.outbox.clear()
    for _ in range(3):
        answer = press(client, form_of(page, "mail-again"))
        assert answer.status_code == 303
        deliver(outbox_drained)
    assert len(mail.outbox) == 1
    assert "look in the spam folder" in client.get(f"{path}?again=1").content.decode()


def test_no_mail_goes_out_for_what_the_person_has_done_meanwhile(by_form, outbox_drained):
    constituent = make_confirmed(make_campaign(), [make_office()])
    make_due()
    outbox_drained()
    Delivery.objects.update(sent_by_hand_at="2026-01-01T00:00Z")
    mail.outbox.clear()
    deliver(outbox_drained)
    assert not mail.outbox
    assert constituent.confirmed_at


@pytest.mark.parametrize("path", ["", "letter.pdf"])
def test_the_pages_behind_the_mail_open_by_no_other_link(client, by_form, path):
    constituent = make_confirmed(make_campaign(), make_offices())
    other = make_confirmed(make_campaign("other"), [make_office("X000001", state="AZ")], email="bo@example.org")
    mine = Delivery.objects.of_constituent(constituent.pk)[0].delivery_id
    theirs = Delivery.objects.of_constituent(other.pk)[0].delivery_id
    token, track = writing.confirm_token(constituent), writing.track_token(constituent)
    assert client.get(f"/letters/mine/{token}/{mine}/{path}").status_code == 200
    for bad in (f"{track}/{mine}", f"{token}/{theirs}", f"x/{mine}", f"{token}/x"):
        assert client.get(f"/letters/mine/{bad}/{path}").status_code == 404


def test_a_letter_that_was_given_up_is_offered_to_the_constituent(by_form, outbox_drained, settings, sink):
    settings.LETTER_CHANNELS = ["email"]
    sink.answers["*"] = "451 later"
    office = make_office(email="a@b.example", email_given_by="J. Doe", email_given_on="2026-01-01")
    constituent = make_confirmed(make_campaign(), [office])
    for _ in range(24):
        make_due()
        outbox_drained()
    sink.answers.clear()
    assert states(constituent) == {"H001046": State.DEAD}
    deliver(outbox_drained)
    assert any("needs your hand" in received.message["Subject"] for received in sink.to("ana@example.org"))


def test_a_printed_letter_holds_address_window_text_and_any_script(by_form):
    odd = "Dear Senator,\n\n#emph[x] $y$ R&D <now> O'Brien “q”, Núñez 日本語 한국어 שלום مرحبا ไทย\nsecond line."
    office = make_office(postal_address="709 Hart Senate Office Building, Washington, DC 20510")
    delivery = make_ready(office, body=odd, first_name="Łukasz")
    (page,) = text_of(letter_pdf(delivery))
    assert (
        "The Honorable Martin Heinrich United States Senate 709 Hart Senate Office Building Washington, DC 20510"
        in page
    )
    assert "Łukasz Núñez 100 Example St Santa Fe, NM 87501" in page
    for part in ("#emph[x] $y$ R&D <now> O'Brien “q”", "日本語", "한국어", "second line.", "Sincerely,"):
        assert part in page
    reader = PdfReader(io.BytesIO(letter_pdf(delivery)))
    assert (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height) == (612, 792)
    assert reader.xmp_metadata is not None
    assert "pdfaid" in reader.xmp_metadata.stream.get_data().decode()


def test_a_character_that_no_font_has_does_not_keep_a_letter_from_being_printed():
    assert letter_pdf(make_ready(body="Dear Senator, a nurse 👩🏽‍⚕️ asks you.")).startswith(b"%PDF")


def test_a_long_letter_goes_over_several_pages():
    pages = text_of(letter_pdf(make_ready(body="Dear Senator, " + "as I said before, " * 500)))
    assert len(pages) > 1
    assert "page 2" in pages[1]


def test_a_batch_has_an_index_and_every_letter_once():
    office, campaign = make_office(), make_campaign()
    for number in range(25):
        make_confirmed(campaign, [office], email=f"p{number}@example.org", first_name=f"Person{number:02}")
    deliveries = list(Delivery.objects.with_letter().order_by("pk"))
    index, *letters = text_of(batch_pdf(office, deliveries))
    assert "25 letters from constituents" in index
    assert "Person24 Núñez Santa Fe, NM 87501" in index
    assert len(letters) == 25
    assert all(f"Person{number:02}" in page for number, page in enumerate(letters))


def test_an_office_that_wants_paper_has_its_letters_held_until_staff_have_taken_them_there(
    client, outbox_drained, settings
):
    settings.LETTER_CHANNELS = ["print", "sandbox"]
    delivery = make_ready(make_office(channels=["print"], postal_address="709 Hart, Washington, DC 20510"))
    outbox_drained()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.held_because) == (State.READY, "to be printed and taken to the office")
    assert Attempt.objects.get().outcome == "for_staff"
    client.force_login(User.objects.create_superuser("boss"))
    chosen = {"_selected_action": [delivery.pk]}
    pdf = client.post("/admin/letters/delivery/", {"action": "print_batch", **chosen})
    assert pdf["Content-Type"] == "application/pdf"
    assert len(text_of(pdf.content)) == 2
    client.post("/admin/letters/delivery/", {"action": "mark_taken", **chosen})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (State.ACCEPTED, "print")
    assert sorted(entry.get_change_message() for entry in LogEntry.objects.all()) == [
        "letter.printed",
        "letter.taken-to-office",
    ]


def test_only_what_was_to_be_printed_can_be_taken_to_an_office():
    with pytest.raises(NotAllowed):
        deskwork.note_taken_to_office(make_ready())


def test_who_may_not_read_letters_cannot_print_them(client):
    delivery = make_ready()
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_delivery", "change_delivery"]))
    client.force_login(user)
    answer = client.post("/admin/letters/delivery/", {"action": "print_batch", "_selected_action": [delivery.pk]})
    assert answer["Content-Type"] != "application/pdf"
    assert not LogEntry.objects.exists()
