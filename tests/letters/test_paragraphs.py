"""Paragraphs that staff offer: chosen for each letter, the same at every step, changed at the writer's wish."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from letters.models import Letter
from letters.proposals import letter_templates
from tests.letters.factories import SENDER, make_campaign, make_office, make_offices
from tests.letters.pages import form_of, press, write

pytestmark = pytest.mark.django_db
FACTS = ["First fact.", "Second fact.", "Third fact.", "Fourth fact."]
TEXTS: dict[str, Any] = {
    "default_body": "Dear [recipient],\n\n[paragraphs]\n\nThank you.",
    "paragraphs": "\r\n\r\n".join(FACTS),
    "paragraphs_per_letter": 2,
}


def chosen(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.endswith("fact.")]


def test_writers_have_different_paragraphs_and_each_the_same_ones_at_every_step(client):
    make_campaign(**TEXTS), make_office()
    found = set()
    for number in range(8):
        texts = [
            form_of(write(client, email=f"p{number}@example.org"), "preview").fields["text_H001046"] for _ in range(2)
        ]
        assert texts[0] == texts[1]
        assert texts[0].startswith("Dear Senator Heinrich,\n\n")
        assert len(set(chosen(texts[0]))) == 2
        found.add(tuple(chosen(texts[0])))
    assert len(found) > 3


def test_the_letters_of_one_writer_differ_as_well():
    campaign, offices = make_campaign(**TEXTS | {"paragraphs_per_letter": 4}), make_offices()
    senders = [type(SENDER)(**{**SENDER.stored(), "email": f"p{number}@example.org"}) for number in range(6)]
    pairs = [[*letter_templates.bodies(campaign, offices, one).values()] for one in senders]
    assert all(sorted(chosen(body)) == sorted(FACTS) for pair in pairs for body in pair)
    assert any(chosen(first) != chosen(second) for first, second in pairs)


def test_a_writer_may_take_other_paragraphs_and_loses_no_word_of_their_own(client):
    make_campaign(**TEXTS), make_offices()
    form = form_of(write(client), "preview")
    own = "Dear Senator Luján,\n\nmy own words are these."
    page = client.post("/letters/support/letters/", {**form.fields, "text_L000570": own, "variation": "1"}, follow=True)
    after = form_of(page, "preview")
    assert after.fields["text_L000570"] == own
    assert set(chosen(after.fields["text_H001046"])) == set(FACTS) - set(chosen(form.fields["text_H001046"]))
    preview = press(client, after)
    press(client, form_of(preview, "submit"))
    kept = {letter.office.directory_id: letter for letter in Letter.objects.select_related("office")}
    assert kept["H001046"].content["body"] == after.fields["text_H001046"]
    assert {name: letter.is_edited for name, letter in kept.items()} == {"H001046": False, "L000570": True}


def test_without_paragraphs_nothing_is_offered(client):
    make_campaign(), make_office()
    assert "variation" not in write(client).content.decode()


def test_it_must_be_said_where_they_go():
    campaign = make_campaign(**TEXTS | {"default_body": "Dear [recipient]", "visibility": "draft"})
    with pytest.raises(ValidationError, match="paragraphs"):
        campaign.clean()
