import pytest
from django.core.exceptions import ValidationError

from pages.models import Page
from pages.publishing.reserved_paths import is_reserved
from tests.pages.factories import make_action, make_audience, make_block, make_entry, make_page

pytestmark = pytest.mark.django_db


def test_a_page_stands_at_its_path(client):
    parent = make_page("about")
    make_page("team", parent=parent, title="The team")
    assert "The team" in client.get("/about/team/").content.decode()


def test_a_draft_is_not_found(client):
    make_page(state="draft")
    assert client.get("/about/").status_code == 404


def test_a_page_that_is_not_due_yet_is_not_found(client):
    make_page(publish_at="2999-01-01T00:00Z")
    assert client.get("/about/").status_code == 404


def test_a_retired_page_is_gone(client):
    make_page(state="retired")
    assert client.get("/about/").status_code == 410


def test_pages_below_move_along_when_an_address_changes():
    parent = make_page("about")
    make_page("team", parent=parent)
    make_page("board", parent=Page.objects.get(slug="team"))
    make_page("about-us")
    parent.slug = "who"
    parent.save()
    assert set(Page.objects.values_list("path", flat=True)) == {"who", "who/team", "who/team/board", "about-us"}


@pytest.mark.parametrize(
    "path",
    ["admin", "admin/x", "petitions", "petitions/x", "letters", "newsletter", "news", "news/x", "healthz", "readyz",
     "metrics", "static", "media", "de", "zh-hans", "ar/x", "how-you-can-help/everyone", "demo/mail"],
)  # fmt: skip
def test_addresses_of_other_parts_are_reserved(path):
    assert is_reserved(path)


@pytest.mark.parametrize("path", ["who-we-are", "how-you-can-help", "newsroom", "about/news", "evidence", "dental"])
def test_other_addresses_are_free(path):
    assert not is_reserved(path)


def test_a_page_cannot_take_a_reserved_address():
    with pytest.raises(ValidationError, match="another part of the site"):
        Page(slug="petitions", title="x").full_clean()


def test_a_page_cannot_take_another_pages_address():
    make_page("about")
    with pytest.raises(ValidationError, match="Another page"):
        Page(slug="about", title="x").full_clean()


def test_a_page_cannot_stand_below_itself():
    parent = make_page("about")
    child = make_page("team", parent=parent)
    parent.parent = child
    with pytest.raises(ValidationError, match="below itself"):
        parent.full_clean()


def test_blocks_are_shown_in_their_order(client):
    page = make_page()
    make_block(page, "<p>Second</p>", order=20)
    make_block(page, "<p>First</p>", order=10)
    answer = client.get("/about/").content.decode()
    assert answer.index("First") < answer.index("Second")


def test_a_quotation_needs_its_source():
    with pytest.raises(ValidationError, match="source"):
        make_block(make_page(), kind="quote").full_clean()


def test_the_timeline_shows_published_entries_by_date(client):
    make_block(make_page(), "", kind="timeline")
    make_entry("Later", happened_on="2020-03-01")
    make_entry("Earlier", happened_on="2006-07-06")
    make_entry("Unknown", state="draft")
    answer = client.get("/about/").content.decode()
    assert answer.index("Earlier") < answer.index("Later")
    assert "Unknown" not in answer


def test_an_entry_shows_its_date_as_exactly_as_it_is_known():
    shown = {name: make_entry(precision=name).shown_date for name in ("day", "month", "year")}
    assert shown == {"day": "July 6, 2006", "month": "July 2006", "year": "2006"}


def test_visitors_choose_who_they_are(client):
    make_block(make_page(), "", kind="actions")
    make_audience("medicine", name="Medical profession")
    make_audience("secret", name="Not yet", state="draft")
    answer = client.get("/about/").content.decode()
    assert "Medical profession" in answer
    assert "/how-you-can-help/medicine/" in answer
    assert "Not yet" not in answer


def test_an_action_list_is_shown_in_the_order_staff_gave_it(client):
    audience = make_audience()
    make_action(audience, "Then this", order=20)
    action = make_action(audience, "First this", order=10, explanation="<p>Why.</p>")
    action.sources.create(title="A study", url="https://example.org/study")
    make_action(audience, "A draft", order=5, state="draft")
    answer = client.get("/how-you-can-help/medicine/").content.decode()
    assert answer.index("First this") < answer.index("Then this")
    assert "https://example.org/study" in answer
    assert "A draft" not in answer


def test_an_action_has_one_button_at_most():
    action = make_action(make_audience(), link_text="Go", url="https://example.org/")
    action.target_page = make_page()
    with pytest.raises(ValidationError, match="one place"):
        action.full_clean()


def test_a_button_to_a_page_that_is_not_published_is_not_shown(client):
    draft = make_page("plans", state="draft")
    make_action(make_audience(), link_text="Read the plans", target_page=draft)
    assert "Read the plans" not in client.get("/how-you-can-help/medicine/").content.decode()


def test_a_page_without_translation_says_which_language_it_is_in(client):
    make_block(make_page(title="Who we are"), "<p>English words</p>")
    answer = client.get("/de/about/").content.decode()
    assert 'lang="en"' in answer
    assert "English words" in answer


def test_a_translated_page_is_shown_in_the_language_of_its_address(client):
    page = make_page(title="Who we are", translations={"de": {"title": "Wer wir sind"}})
    make_block(page, "<p>English</p>", translations={"de": {"body": "<p>Deutsch</p><script>alert(1)</script>"}})
    answer = client.get("/de/about/").content.decode()
    assert "Wer wir sind" in answer
    assert "<p>Deutsch</p>" in answer
    assert "alert(1)" not in answer
