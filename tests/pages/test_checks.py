"""What staff may have overlooked is named beside the button that publishes or sends (pages/content/checks.py)."""

import re
from typing import Any

import pytest
from django.test import Client

from campaign.revisions import history
from pages.content import checks
from pages.models import Issue, Page, Redirect
from pages.models.newsletter import IssueState
from pages.publishing.publishable import State
from petitions.models import PetitionText
from tests.letters.factories import make_office
from tests.pages.factories import make_block, make_letter_campaign, make_news_item, make_page, make_staff
from tests.pages.test_newsletter import as_saved
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def said(content: Any) -> list[tuple[str, bool]]:
    return [(remark.text, remark.is_fault) for remark in checks.remarks(content)]


def page_with(body: str, **fields: Any) -> Page:
    page = make_page(state=State.PUBLISHED, **fields)
    make_block(page, body)
    return page


@pytest.mark.parametrize("left", ["{{ first_name }}", "{% url 'x' %}", "[YOUR NAME]", "[NAME OF SENATOR]"])
def test_a_placeholder_that_nobody_filled_in_is_a_fault(left):
    ((text, is_fault),) = said(page_with(f"<p>Dear {left}, act now.</p>"))
    assert (text, is_fault) == (f"Text (English): nobody has filled in “{left}”.", True)


@pytest.mark.parametrize("fine", ["[1]", "[sic]", "{x}", "a [NO", "[2019 report]"])
def test_what_is_no_placeholder_is_let_be(fine):
    assert said(page_with(f"<p>{fine}</p>")) == []


@pytest.mark.parametrize("character", ["\u202e", "\u202d", "\u2066"])
def test_characters_that_turn_the_direction_of_writing_are_a_warning(character):
    ((text, is_fault),) = said(page_with(f"<p>exe.{character}gpj</p>"))
    assert "turns the direction of writing" in text
    assert not is_fault


LOST = ["/no-such-page/", "/news/no-such-item/", "/petitions/no-such-petition/", "/de/no-such-page/", "/a/b/c.pdf"]


@pytest.mark.parametrize("path", LOST)
def test_a_link_on_this_site_that_leads_nowhere_is_a_fault(path):
    expected = f"The link to {path} leads nowhere: nothing is shown there now."
    assert said(page_with(f'<p><a href="{path}?a=b#c">x</a></p>')) == [(expected, True)]


def test_a_link_to_a_draft_leads_nowhere_until_it_is_published():
    item = make_news_item(state=State.DRAFT)
    page = page_with(f'<p><a href="http://testserver{item.get_absolute_url()}">x</a></p>')
    assert [is_fault for _text, is_fault in said(page)] == [True]
    type(item).objects.filter(pk=item.pk).update(state=State.PUBLISHED)
    assert said(page) == []


@pytest.mark.parametrize(
    "link",
    [
        "/",
        "/news/",
        "/petitions",
        "/about/",
        "/de/about/",
        "/static/css/site.css",
        "https://elsewhere.example/x",
        "#top",
    ],
)
def test_a_link_that_leads_somewhere_is_let_be(link):
    assert said(page_with(f'<p><a href="{link}">x</a></p>')) == []


def test_texts_without_a_translation_are_named_by_their_language_once_it_is_shown():
    page = page_with("<p>Words.</p>")
    page.translations = {"de": {"title": "Über uns", "_is_shown": False}}
    assert said(page) == []
    page.translations = {"de": {"title": "{{ titel }}", "_is_shown": True}}
    (fault, _), (missing, is_fault) = said(page)
    assert "(Deutsch): nobody has filled in “{{ titel }}”" in fault
    assert re.match(r"Deutsch: \d texts? ha(s|ve) no translation", missing)
    assert not is_fault


def test_an_address_that_led_or_is_going_to_lead_elsewhere_is_named():
    page, other = make_page(title="This"), make_page("other", title="Other")
    Redirect.objects.lead_on(page={"about": page, "news/x": page})
    assert said(page) == []
    Redirect.objects.lead_on(page={"about": other})
    history.record_draft(other, history.snapshot(other) | {"slug": "about"}, by=None)
    (led, _), (drafted, is_fault) = said(page)
    assert "/about/ led to “Other” before" in led
    assert "A draft of “Other” has the same address" in drafted
    assert not is_fault
    item = make_news_item("x")
    assert "/news/x/ led to “This” before" in said(item)[0][0]


def test_a_letter_that_is_too_long_for_the_form_or_for_an_office_is_named():
    make_office(message_limit=3000)
    make_office("L000002", seat=1, message_limit=None)
    campaign = make_letter_campaign(default_body="Dear [senator], [YOUR STORY] {{ x }}" + "a" * 3000)
    (left, is_fault), (invitation, is_invitation_fault), (long, _) = said(campaign)
    assert ("“{{ x }}”" in left, is_fault) == (True, True)
    assert ("“[YOUR STORY]”" in invitation, is_invitation_fault) == (True, False)
    assert "more than the form of 1 office takes" in long
    campaign.default_body = "a" * 10_001
    assert said(campaign) == [
        ("Text of the letter: 10001 characters are too many, nobody could send it. At most 10000.", True)
    ]


def test_what_is_still_written_of_a_petition_and_where_it_leads_is_looked_at(desk):
    petition = make_petition(next_step_url="/no-such-page/")
    PetitionText.objects.create(
        petition=petition, language="de", is_draft=True, addressee="An", title="T", summary="S", body="[YOUR NAME]"
    )
    expected = ["Full text (Deutsch): nobody has filled in “[YOUR NAME]”.", "The link to /no-such-page/ leads nowhere"]
    shown = desk.get(f"/admin/petitions/petition/{petition.pk}/change/").content.decode()
    assert [words for words in expected if words not in shown] == []


def test_the_form_names_them_beside_its_buttons(desk):
    page = page_with("<p>[YOUR NAME]</p>")
    shown = desk.get(f"/admin/pages/page/{page.pk}/change/").content.decode()
    assert "nobody has filled in “[YOUR NAME]”" in shown


@pytest.mark.parametrize("act", ["start", "schedule"])
def test_an_issue_with_a_fault_is_not_sent(desk, act):
    issue = Issue.objects.create(subject="News", body="<p>Dear {{ name }}</p>")
    values = as_saved(issue) | {"is_sure": "on", "send_at": "2090-01-01T12:00"}
    answer = desk.post(f"/admin/pages/issue/{issue.pk}/do/{act}/", values, follow=True)
    assert "It was not sent." in answer.content.decode()
    assert Issue.objects.get(pk=issue.pk).state == IssueState.DRAFT


def test_an_issue_with_a_warning_alone_is_sent(desk):
    issue = Issue.objects.create(subject="News \u202e", body="<p>Words.</p>")
    desk.post(f"/admin/pages/issue/{issue.pk}/do/start/", as_saved(issue) | {"is_sure": "on"})
    assert Issue.objects.get(pk=issue.pk).state != IssueState.DRAFT


def test_looking_costs_the_same_however_many_links_there_are(django_assert_max_num_queries):
    numbers = []
    for number in (2, 40):
        page = page_with("".join(f'<a href="/n{each}/">x</a>' for each in range(number)), slug=f"p{number}")
        with django_assert_max_num_queries(100) as counted:
            assert len(said(page)) == number
        numbers.append(len(counted))
    assert numbers[0] == numbers[1]
