"""The steps of writing, and what somebody careless or hostile types there."""

import pytest

from letters.models import Letter
from letters.wizard import drafts
from tests.letters.factories import make_campaign, make_offices
from tests.letters.pages import form_of, press, preview, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% debug %}", "{x.__class__}", "%(name)s", "{0}"])
def test_template_language_is_literal_in_anybodys_text(client, text):
    make_campaign(default_body=f"Dear [senator],\n\nstaff wrote {text} here."), make_offices()
    page = preview(client, text_L000570=f"Dear Senator, I wrote {text} there.")
    press(client, form_of(page, "submit"))
    bodies = {letter.content["body"] for letter in Letter.objects.all()}
    assert bodies == {f"Dear Senator Heinrich,\n\nstaff wrote {text} here.", f"Dear Senator, I wrote {text} there."}


@pytest.mark.parametrize("name", ["first_name", "last_name", "street", "city"])
def test_line_breaks_and_control_characters_are_refused_in_lines(client, name):
    make_campaign(), make_offices()
    for evil in ("x\r\nBcc: all@example.org", "x\nBcc: y", "x\x07y", "x\x00y"):
        assert write(client, **{name: evil}).status_code == 422


@pytest.mark.parametrize("evil", ["x\r\nBcc: all@example.org", "Subject\x00", "line\nline two"])
def test_line_breaks_and_control_characters_are_refused_in_the_subject(client, evil):
    make_campaign(), make_offices()
    assert preview(client, subject=evil).status_code == 422


def test_control_characters_vanish_from_a_text_and_all_else_survives(client):
    make_campaign(), make_offices()
    seen = "Núñez, O'Brien, R&D <now>, 日本語, 👩🏽‍⚕️ 🏴󠁧󠁢󠁷󠁬󠁳󠁿, naïve — done."
    press(client, form_of(preview(client, text_H001046=f"Dear\x00 \x07\u202eSenator: {seen}\x7f"), "submit"))
    bodies = [letter.content["body"] for letter in Letter.objects.all()]
    assert f"Dear Senator: {seen}" in bodies


def test_a_text_of_a_megabyte_is_refused_without_a_fault(client):
    make_campaign(), make_offices()
    assert preview(client, text_H001046="x" * 20_000).status_code == 422
    assert preview(client, text_H001046="x" * 1_000_000).status_code == 400


def test_only_fields_of_a_letter_are_carried_and_not_many(client):
    make_campaign(), make_offices()
    junk = {f"text_Z{number:06}": "junk" for number in range(100)} | {"evil": "x", "seal": "y"}
    fields = form_of(write(client, **junk), "preview").fields
    assert "evil" not in fields
    assert "seal" not in fields
    assert len(fields) < drafts.MOST_CARRIED + 10
