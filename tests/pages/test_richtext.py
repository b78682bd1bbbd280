"""What staff paste, or somebody with their password: no script, no style, no foreign load comes out."""

import re

import pytest
from django.template import Context, Template

from pages.models import PageBlock
from pages.publishing import richtext
from tests.pages.factories import make_block, make_page
from tests.pages.payloads import PAYLOADS

HARM = re.compile(
    r"<(script|img|svg|iframe|object|embed|form|base|meta|link|style|video|math|template)|\son\w+=|javascript:|data:|vbscript:|style=|id=|class=",
    re.IGNORECASE,
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_harmful_survives_the_sanitiser(payload):
    assert not HARM.search(richtext.clean(f"<p>before</p>{payload}<p>after</p>"))


def test_what_the_editor_offers_survives():
    html = (
        "<h2>A</h2><h3>B</h3><p><strong>bold</strong> <em>italic</em><br>"
        '<a href="https://example.org/">out</a> <a href="/evidence/">in</a></p>'
        "<ul><li>one</li></ul><ol><li>two</li></ol><blockquote><p>said</p></blockquote>"
    )
    assert richtext.clean(html) == html


def test_an_empty_paragraph_is_no_text():
    assert richtext.clean("<p></p>") == ""


@pytest.mark.django_db
def test_text_is_cleaned_when_it_is_saved():
    block = make_block(make_page(), "<p>fine</p><script>alert(1)</script>")
    assert PageBlock.objects.get(pk=block.pk).body == "<p>fine</p>"


@pytest.mark.django_db
def test_text_written_past_the_forms_is_cleaned_when_it_is_shown(client):
    block = make_block(make_page())
    PageBlock.objects.filter(pk=block.pk).update(body="<p>fine</p><script>alert(1)</script>")
    answer = client.get("/about/").content.decode()
    assert "<p>fine</p>" in answer
    assert "alert(1)" not in answer


@pytest.mark.django_db
def test_content_is_no_template(client):
    make_block(make_page(title="{{ request }}"), "<p>{{ 7|add:7 }} {% now 'Y' %}</p>")
    answer = client.get("/about/").content.decode()
    assert "{{ 7|add:7 }}" in answer
    assert "{{ request }}" in answer


def test_plain_fields_are_escaped():
    shown = Template("{{ page.title }}").render(Context({"page": {"title": "<script>"}}))
    assert shown == "&lt;script&gt;"
