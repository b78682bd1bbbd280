"""Letters that need the constituent's own hand, or staff's: contact form, paper (cases 19, 22, 24)."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from campaign.outbox.models import Item
from campaign.typesetting import draw
from letters.delivery import dispatch, notifications, staff_actions
from letters.delivery.paper import print_runs
from letters.delivery.paper.pdf import LETTER_TEMPLATE, batch_pdf, letter_pdf, page_of
from letters.models import Attempt, Constituent, Delivery, Office
from letters.models.deliveries import TO_BE_PRINTED
from letters.models.delivery_states import NotAllowed, State
from letters.submission import workflow
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
from tests.race import race

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
    assert "Martin Heinrich" in mail.outbox[0].body
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
    assert "accepts at most 10 characters" in html
    assert "a phone number" in html
    assert page["Cache-Control"] == "no-store"
    answer = press(client, form_of(page, "sent"))
    assert answer["Location"] == f"/letters/track/{workflow.track_token(constituent)}/"
    tracked = client.get(answer["Location"]).content.decode()
    assert "You told us that you sent it" in tracked
    assert states(constituent) == {"H001046": State.NEEDS_CONSTITUENT}
    told = client.get(path).content.decode()
    assert "You told us that you sent it" in told
    assert "I have sent it" not in told


@pytest.mark.parametrize(
    ("state", "said"), [(State.ACCEPTED, "The Senate's system accepted your letter."), (State.READY, "will be sent")]
)
def test_the_page_of_a_letter_that_needs_no_hand_says_so_and_asks_for_nothing(client, state, said):
    constituent = make_confirmed(make_campaign(), [office := make_office()])
    delivery = Delivery.objects.get()
    if state == State.ACCEPTED:
        delivery.become(State.SENDING, channel="senate_api")
        delivery.become(state)
    html = client.get(by_hand_path(constituent, delivery)).content.decode().replace("&#x27;", "'")
    assert said in html
    assert "I am a nurse." in html
    assert "You need to send this letter yourself" not in html
    assert office.contact_form not in html
    assert "I have sent it" not in html


@pytest.mark.parametrize("state", [State.NEEDS_CONSTITUENT, State.REJECTED, State.DEAD])
def test_no_form_is_named_where_the_office_has_none(client, outbox_drained, state):
    constituent = make_confirmed(make_campaign(), [make_office(contact_form="")])
    delivery = Delivery.objects.get()
    delivery.become(State.SENDING, channel="senate_api")
    delivery.become(state)
    dispatch.call_off([delivery.pk])
    mail.outbox.clear()
    notifications.ask_for_hand(delivery)
    deliver(outbox_drained)
    page = client.get(by_hand_path(constituent, delivery)).content.decode()
    tracked = client.get(f"/letters/track/{workflow.track_token(constituent)}/").content.decode()
    for text in (page, tracked):
        assert "print it and send it by post" in text
        assert "form on the office" not in text
        assert "the office&#x27;s form" not in text
    (sent,) = [one for one in mail.outbox if "/letters/mine/" in one.body and "for you to send" in one.subject]
    assert isinstance(sent, mail.EmailMultiAlternatives)
    assert "form on the office" not in f"{sent.body} {sent.alternatives}"


def by_hand_path(constituent: Constituent, delivery: Delivery) -> str:
    return f"/letters/mine/{workflow.confirmation_token(constituent)}/{delivery.delivery_id}/"


def test_the_tracking_page_itself_leads_to_no_text_but_sends_the_mail_again_within_limits(
    client, by_form, outbox_drained
):
    constituent = make_confirmed(make_campaign(), make_offices())
    deliver(outbox_drained)
    path = f"/letters/track/{workflow.track_token(constituent)}/"
    page = client.get(path)
    assert "/letters/mine/" not in page.content.decode()
    assert "Letters for you to send" in page.content.decode()
    mail.outbox.clear()
    for _ in range(3):
        answer = press(client, form_of(page, "mail-again"))
        assert answer.status_code == 303
        deliver(outbox_drained)
    assert len(mail.outbox) == 1
    assert "check your spam folder" in client.get(f"{path}?again=1").content.decode()


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
    other = make_confirmed(make_campaign("other"), [make_office("X000001", area="AZ")], email="bo@example.org")
    mine = Delivery.objects.of_constituent(constituent.pk)[0].delivery_id
    theirs = Delivery.objects.of_constituent(other.pk)[0].delivery_id
    token, track = workflow.confirmation_token(constituent), workflow.track_token(constituent)
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
    assert any("for you to send" in received.message["Subject"] for received in sink.to("ana@example.org"))


def is_archivable(pdf: bytes) -> bool:
    """Whether it is a PDF/A."""
    about = PdfReader(io.BytesIO(pdf)).xmp_metadata
    return about is not None and "pdfaid" in about.stream.get_data().decode()


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
    assert is_archivable(letter_pdf(delivery))


@pytest.mark.parametrize("text", ["a nurse 👩🏽‍⚕️ 👍🏽 ❤️ 🇩🇪 ✅ 🫠", "中文 日本語 한국어 العربية हिन्दी ไทย"])
def test_emoji_and_other_scripts_are_printed_without_an_empty_box(text):
    pdf = letter_pdf(make_ready(body=f"Dear Senator, {text} asks you."))
    assert is_archivable(pdf)  # which no PDF with such a box is
    assert "[" not in text_of(pdf)[0]


def test_a_character_that_no_font_has_is_named_in_its_place():
    pdf = letter_pdf(make_ready(body="Dear Senator, \U00020bb7野 asks you, \ue000."))
    assert is_archivable(pdf)
    assert "[cjk unified ideograph-20bb7]野 asks you, [U+E000]." in text_of(pdf)[0]


def test_a_letter_of_nothing_but_rare_characters_is_printed_all_the_same():
    pdf = letter_pdf(make_ready(body="Dear Senator, " + "".join(map(chr, range(0x20000, 0x20100)))))
    assert "[cjk unified ideograph-20000]" in text_of(pdf)[0]


@pytest.mark.parametrize("word", ["x", "й", "م", "=", "क", "ก", "漢", "😀", "https://example.org/a"])
def test_a_word_that_is_longer_than_a_line_does_not_run_off_the_paper(word):
    name = {"first_name": "N" * 60, "last_name": "W" * 60, "street": "S" * 100, "city": "C" * 60}
    delivery = make_ready(None, body=f"Dear Senator, {word * (300 // len(word))} is what I say.", **name)
    data = {"title": "", "letters": [page_of(delivery, timezone.now())]}
    page = Image.open(io.BytesIO(draw(LETTER_TEMPLATE, data))).convert("L")
    assert page.size == (612, 792)
    assert page.crop((612 - 70, 0, 612, 792)).getextrema() == (255, 255)


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


@pytest.fixture
def boss(client):
    """May do everything."""
    client.force_login(User.objects.create_superuser("boss"))
    return client


def make_for_print(**changes: str) -> Delivery:
    """Confirmed, and held for being printed."""
    office = Office.objects.first() or make_office()
    delivery = make_ready(office, **changes)
    delivery.hold(TO_BE_PRINTED)
    delivery.refresh_from_db()
    return delivery


def choose(client: Client, action: str, *deliveries: Delivery) -> Any:
    chosen = {"_selected_action": [delivery.pk for delivery in deliveries]}
    return client.post("/admin/letters/delivery/", {"action": action, **chosen}, follow=True)


def not_to_be_printed(state: State) -> Delivery:
    if state == State.UNCONFIRMED:
        make_submission(make_campaign(), [make_office()])
        return Delivery.objects.get()
    delivery = make_ready()
    Delivery.objects.update(state=state, channel="email")
    return delivery


@pytest.mark.parametrize("state", State)
def test_a_letter_that_is_not_held_for_it_is_not_printed(boss, state):
    answer = choose(boss, "print_batch", not_to_be_printed(state))
    assert "held for being printed" in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_of_a_mixed_choice_only_what_is_held_for_it_is_printed(boss):
    held, waits = make_for_print(first_name="Held"), make_ready(Office.objects.get(), email="w@example.org")
    index, *pages = text_of(choose(boss, "print_batch", held, waits).content)
    assert "1 letters from constituents" in index
    assert len(pages) == 1
    assert "Held Núñez" in pages[0]


def test_what_was_printed_before_is_counted_and_printed_again_only_when_asked_for(boss):
    printed, new = make_for_print(first_name="Printed"), make_for_print(first_name="New", email="new@example.org")
    choose(boss, "print_batch", printed)
    _index, *pages = text_of(choose(boss, "print_batch", printed, new).content)
    assert len(pages) == 1
    assert "New Núñez" in pages[0]
    said = boss.get("/admin/letters/delivery/").content.decode()
    assert "1 letter had been printed before and is not in the file" in said
    answer = choose(boss, "print_batch", printed, new)
    assert "2 letters had been printed before and are not in the file" in answer.content.decode()
    _index, *pages = text_of(choose(boss, "print_again", printed, new).content)
    assert len(pages) == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_print_the_same_at_once_print_it_once():
    delivery = make_for_print()

    def printed() -> list[Delivery]:
        return print_runs.print_letters(Delivery.objects.filter(pk=delivery.pk), by="staff")

    first, second = race(printed, printed, after="FOR UPDATE")
    assert (first.result(), second.result()) == ([delivery], [])


def test_printing_locks_letters_in_the_order_in_which_other_decisions_do():
    make_for_print()
    with CaptureQueriesContext(connection) as asked:
        print_runs.print_letters(Delivery.objects.all(), by="staff")
    (locking,) = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert 'ORDER BY "letters_delivery"."ready_at" ASC, 1 ASC FOR UPDATE' in locking  # 1: the key


def test_what_was_held_after_the_printing_cannot_be_posted(boss):
    printed, later = make_for_print(), make_ready(Office.objects.get(), email="later@example.org")
    choose(boss, "print_batch", printed, later)
    later.hold(TO_BE_PRINTED)
    assert "1 could not be: " in choose(boss, "mark_taken", printed, later).content.decode()
    printed.refresh_from_db()
    later.refresh_from_db()
    assert (printed.state, later.state) == (State.ACCEPTED, State.READY)


def test_what_was_taken_back_after_the_printing_cannot_be_posted(boss):
    printed = make_for_print()
    choose(boss, "print_batch", printed)
    workflow.withdraw(printed)
    assert "1 could not be: " in choose(boss, "mark_taken", printed).content.decode()
    assert Delivery.objects.get().state == State.WITHDRAWN


def test_what_staff_let_go_after_the_printing_and_is_held_again_must_be_printed_again(boss):
    printed = make_for_print()
    choose(boss, "print_batch", printed)
    printed.release()
    printed.hold(TO_BE_PRINTED)
    assert "1 could not be: " in choose(boss, "mark_taken", printed).content.decode()
    assert Delivery.objects.get().state == State.READY


def test_a_letter_that_was_let_go_a_moment_ago_is_not_believed_to_be_posted():
    printed = make_for_print()
    print_runs.print_letters(Delivery.objects.all(), by="staff")
    Delivery.objects.get().release()
    with pytest.raises(NotAllowed):
        staff_actions.note_taken_to_office(printed)


def test_only_what_was_to_be_printed_can_be_taken_to_an_office():
    with pytest.raises(NotAllowed):
        staff_actions.note_taken_to_office(make_ready())


def test_who_may_not_read_letters_cannot_print_them(client):
    delivery = make_ready()
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_delivery", "change_delivery"]))
    client.force_login(user)
    answer = client.post("/admin/letters/delivery/", {"action": "print_batch", "_selected_action": [delivery.pk]})
    assert answer["Content-Type"] != "application/pdf"
    assert not LogEntry.objects.exists()
