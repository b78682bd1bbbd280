"""How writers find their recipients on lists other than Congress."""

import re
from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from letters.constituency.changeovers import note_changeovers
from letters.constituency.finders import find
from letters.constituency.outcomes import Found, Nobody, Outcome, Question
from letters.models import Constituent, Delivery, Office, PostalArea
from letters.submission import workflow
from tests.letters.factories import make_campaign, make_due, make_list, make_member
from tests.letters.pages import form_of, press

pytestmark = pytest.mark.django_db
WRITER = {"first_name": "Ana", "last_name": "Example", "email": "ana@example.org"}
AT_HOME = {"street": "Beispielweg 1", "city": "Berlin", "zip": "10117"}
WORDS = {"default_body": "Dear [recipient],\n\nplease ask about [state].", "default_subject": "Please ask about it"}


def offices_in(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Found)
    return [office.name for office in outcome.offices]


def first_step(client: Client) -> set[str]:
    return set(form_of(client.get("/letters/support/"), "letters").fields)


def write(client: Client, **about: str) -> Any:
    return press(client, form_of(client.get("/letters/support/"), "letters"), **{**WRITER, **about})


def test_everybody_writes_to_all_on_the_list_and_is_asked_for_no_address(client):
    board = make_list(finder="everybody")
    make_member(board, 1)
    make_member(board, 2)
    make_member(board, 3, is_current=False)
    make_campaign(list_slugs=[board.slug], **WORDS)
    assert first_step(client) == {"first_name", "last_name", "email"}
    preview = press(client, form_of(write(client), "preview"))
    assert "Dear Maria Member1,\n" in form_of(preview, "submit").fields["text_xx-parliament-1"]
    sent = press(client, form_of(preview, "submit"))
    assert sent.status_code == 303
    assert "For residents of the United States" not in client.get("/letters/support/").content.decode()


def test_whoever_lives_in_a_country_writes_to_its_members(client):
    parliament = make_list(finder="country")
    make_member(parliament, 1, area="DE", area_name="Germany")
    make_member(parliament, 2, area="DE", area_name="Germany")
    make_member(parliament, 3, area="FR", area_name="France")
    make_campaign(list_slugs=[parliament.slug], **WORDS)
    writing = write(client, country="DE", **AT_HOME)
    texts = {name: text for name, text in form_of(writing, "preview").fields.items() if name.startswith("text_")}
    assert set(texts) == {"text_xx-parliament-1", "text_xx-parliament-2"}
    assert "about Germany." in texts["text_xx-parliament-1"]
    preview = press(client, form_of(writing, "preview")).content.decode()
    assert "Beispielweg 1<br>10117 Berlin<br>Germany<br>" in preview


def test_whoever_has_nobody_on_the_list_is_told_so(client):
    make_member(make_list(finder="country"), 1, area="FR")
    make_campaign(list_slugs=["xx-parliament"], **WORDS)
    page = write(client, country="DE", **AT_HOME).content.decode()
    assert "nobody here for you to write to" in page
    assert "/petitions/stop/" in page


def test_a_postal_code_is_looked_up_as_it_is_or_by_its_beginning():
    parliament = make_list(finder="postal_code")
    for number, (code, is_prefix, area) in enumerate(
        [
            ("10", True, "North"),
            ("10117", False, "Mitte"),
            ("SW1A", True, "Westminster"),
            ("20099", False, "A"),
            ("20099", False, "B"),
        ]
    ):
        PostalArea.objects.create(recipient_list=parliament, code=code, is_prefix=is_prefix, area=area)
        make_member(parliament, number, area=area)
    given = {
        "10117": ["Maria Member1"],
        "10 999": ["Maria Member0"],
        "sw1a 1aa": ["Maria Member2"],
    }
    assert {code: offices_in(find(parliament, {"zip": code})) for code in given} == given
    assert isinstance(find(parliament, {"zip": "99999"}), Nobody)
    question = find(parliament, {"zip": "20099"})
    assert isinstance(question, Question)
    assert [value for value, _label in question.options] == ["A", "B"]
    assert offices_in(find(parliament, {"zip": "20099", question.field: "B"})) == ["Maria Member4"]


def test_a_postal_code_in_two_areas_is_asked_about_in_the_form(client):
    parliament = make_list(finder="postal_code")
    for number, area in enumerate(["A", "B"]):
        PostalArea.objects.create(recipient_list=parliament, code="20099", area=area)
        make_member(parliament, number, area=area)
    make_campaign(list_slugs=[parliament.slug], **WORDS)
    about = AT_HOME | {"zip": "20099"}
    page = write(client, **about)
    assert page.status_code == 422
    writing = press(client, form_of(page, "letters"), **{"to_xx-parliament": "B"})
    assert "text_xx-parliament-1" in form_of(writing, "preview").fields


def test_a_writer_chooses_whom_they_know(client):
    ministers = make_list(finder="choice")
    make_member(ministers, 1)
    make_member(ministers, 2)
    make_campaign(list_slugs=[ministers.slug], **WORDS)
    page = write(client)
    assert page.status_code == 422
    writing = press(client, form_of(page, "letters"), **{"to_xx-parliament": "xx-parliament-2"})
    texts = [name for name in form_of(writing, "preview").fields if name.startswith("text_")]
    assert texts == ["text_xx-parliament-2"]
    Office.objects.filter(directory_id="xx-parliament-2").update(is_current=False)
    gone = press(client, form_of(writing, "preview"))
    assert gone.status_code == 422
    assert "Choose whom you write to" in gone.content.decode()


@pytest.mark.parametrize("finder", ["choice", "postal_code"])
def test_where_nobody_is_left_to_choose_from_the_page_says_so(client, finder):
    parliament = make_list(finder=finder)
    for number, area in enumerate(["A", "B"]):
        PostalArea.objects.create(recipient_list=parliament, code="20099", area=area)
        make_member(parliament, number, area=area, is_current=False)
    make_campaign(list_slugs=[parliament.slug], **WORDS)
    page = write(client, **(AT_HOME | {"zip": "20099"} if finder == "postal_code" else {}))
    assert page.status_code == 200
    assert "We do not know who represents you" in page.content.decode()


def test_no_page_and_no_mail_speaks_of_the_senate_where_nobody_writes_to_it(client, settings, outbox_drained):
    settings.LETTER_CHANNELS = ["contact_form"]
    parliament = make_list(finder="country")
    make_member(parliament, 1, area="DE", seat=1, contact_form="https://www.parliament.example/1")
    campaign = make_campaign(list_slugs=[parliament.slug], **WORDS)
    writing = write(client, country="DE", **AT_HOME)
    preview = press(client, form_of(writing, "preview"))
    sent = press(client, form_of(preview, "submit"))
    outbox_drained()
    constituent = Constituent.objects.get()
    confirm = f"/letters/confirm/{(token := workflow.confirmation_token(constituent))}/"
    track = f"/letters/track/{workflow.track_token(constituent)}/"
    pages = [
        *(client.get(f"/letters/{path}") for path in ("", "support/", "support/statistics/")),
        writing, preview, client.get(sent["Location"]), write(client, country="FR", **AT_HOME), client.get(confirm),
    ]  # fmt: skip
    client.post(confirm, form_of(client.get(confirm), "").fields)
    pages.append(client.get(track))
    make_due()
    outbox_drained()
    make_due()
    outbox_drained()
    delivery = Delivery.objects.get()
    by_hand = f"/letters/mine/{token}/{delivery.delivery_id}/"
    pages += [client.get(path) for path in (track, f"/letters/mine/{token}/", by_hand, confirm)]
    Office.objects.update(is_current=False)
    make_member(parliament, 2, area="DE", seat=1)
    note_changeovers()
    outbox_drained()
    pages += [client.get(path) for path in (track, f"{by_hand}to-successor/")]
    assert [page.status_code for page in pages] == [200] * len(pages)
    pages.append(client.post(f"/letters/mine/{token}/erase/"))
    mains = [re.search(r"<main.*</main>", page.content.decode(), re.DOTALL) for page in pages]
    texts = [re.sub(r"<[^>]+>", " ", main[0]).replace(campaign.bill, "") for main in mains if main]
    assert len(texts) == len(pages)
    texts += [f"{one.subject} {one.body}" for one in mail.outbox]
    texts.append(render_to_string("letters/picture.txt", {"campaign": campaign}))
    assert len(mail.outbox) == 3
    found = [
        re.findall(r"\b(?:[Ss]enat\w+|Congress|ZIP code|residents of the United States|Washington|your state)\b", one)
        for one in texts
    ]
    assert [words for words in found if words] == []
