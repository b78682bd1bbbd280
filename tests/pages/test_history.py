"""Versions: kept, compared, brought back; drafts: prepared, previewed, scheduled."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campaign.revisions import diff, history
from campaign.revisions.models import Version
from pages.models import Page
from tests.pages.factories import make_action, make_audience, make_block, make_news_item, make_page

pytestmark = pytest.mark.django_db


def kept(content: Any) -> Version:
    version = history.record(content, by=None)
    assert version is not None
    return version


def test_saving_without_a_change_keeps_no_version():
    page = make_page()
    kept(page)
    page.save()
    assert history.record(page, by=None) is None


def test_versions_are_numbered_from_one_for_each_content():
    page, other = make_page("a"), make_page("b")
    assert kept(page).number == 1
    page.title = "Changed"
    page.save()
    assert kept(page).number == 2
    assert kept(other).number == 1


def test_a_version_brings_back_fields_blocks_and_their_order():
    page = make_page(title="Old")
    first, second = make_block(page, "<p>One</p>", order=10), make_block(page, "<p>Two</p>", order=20)
    version = kept(page)
    page.title = "New"
    page.save()
    first.delete()
    second.order = 5
    second.save()
    make_block(page, "<p>Three</p>")
    kept(page)
    history.publish(version, by=None)
    page.refresh_from_db()
    assert page.title == "Old"
    assert [(block.order, block.body) for block in page.blocks.all()] == [(10, "<p>One</p>"), (20, "<p>Two</p>")]
    assert Version.objects.of(page)[0].note == "as in version 1"


def test_every_kind_of_part_comes_back():
    item = make_news_item()
    item.cosigners.create(organisation="Doctors")
    action = make_action(make_audience())
    action.sources.create(title="A study")
    versions = [kept(item), kept(action)]
    item.cosigners.all().delete()
    action.sources.all().delete()
    for version in versions:
        history.publish(version, by=None)
    assert item.cosigners.get().organisation == "Doctors"
    assert action.sources.get().title == "A study"


def test_a_link_to_something_deleted_since_comes_back_empty():
    page, target = make_page("a"), make_page("b")
    make_block(page, target_page=target)
    version = kept(page)
    page.blocks.all().delete()
    target.delete()
    history.publish(version, by=None)
    assert page.blocks.get().target_page is None


def test_an_address_that_was_taken_since_is_refused():
    page = make_page("a")
    version = kept(page)
    page.slug = "b"
    page.save()
    make_page("a")
    with pytest.raises(ValidationError):
        history.publish(version, by=None)
    assert Page.objects.get(pk=page.pk).path == "b"


def test_what_is_brought_back_is_cleaned():
    page = make_page()
    make_block(page)
    version = kept(page)
    version.data["parts"]["blocks"][0]["body"] = "<p>x</p><script>alert(1)</script>"
    version.save()
    history.publish(version, by=None)
    assert page.blocks.get().body == "<p>x</p>"


def make_draft(page: Page, **fields: Any) -> Version:
    return history.record_draft(page, {**history.snapshot(page), **fields}, by=None)


def test_a_draft_changes_nothing_that_visitors_see(client):
    page = make_page(title="Seen")
    make_draft(page, title="Planned")
    assert "Seen" in client.get("/about/").content.decode()


def test_a_draft_is_published_when_it_is_due(client):
    draft = make_draft(make_page(title="Seen"), title="Planned")
    history.schedule(draft, due_at=timezone.now() + timedelta(hours=1), by=None)
    assert history.publish_due() == 0
    history.schedule(draft, due_at=timezone.now() - timedelta(seconds=1), by=None)
    assert history.publish_due() == 1
    assert "Planned" in client.get("/about/").content.decode()
    assert history.publish_due() == 0


def test_a_draft_that_something_was_saved_after_is_not_published_over_it():
    page = make_page(title="Old")
    kept(page)
    draft = history.record_draft(page, {**history.snapshot(page), "title": "Drafted"}, by=None)
    Page.objects.update(lede="An urgent notice")
    page.refresh_from_db()
    kept(page)
    with pytest.raises(ValidationError, match="Version 3 was saved after this draft was made"):
        history.publish(draft, by=None)
    page.refresh_from_db()
    assert (page.title, page.lede) == ("Old", "An urgent notice")


def test_a_scheduled_draft_that_something_was_saved_after_waits_for_staff():
    page = make_page(title="Old")
    kept(page)
    draft = history.record_draft(page, {**history.snapshot(page), "title": "Drafted"}, by=None)
    history.schedule(draft, due_at=timezone.now() - timedelta(minutes=1), by=None)
    Page.objects.update(lede="An urgent notice")
    page.refresh_from_db()
    kept(page)
    assert history.publish_due() == 0
    assert Version.objects.stranded().get().pk == draft.pk
    assert Page.objects.get().lede == "An urgent notice"


def test_an_older_version_is_brought_back_over_newer_ones():
    page = make_page(title="Old")
    version = kept(page)
    page.title = "New"
    page.save()
    kept(page)
    history.publish(version, by=None)
    assert Page.objects.get().title == "Old"


def test_a_due_draft_that_cannot_be_published_waits_for_staff():
    make_page("taken")
    draft = make_draft(make_page("a"), slug="taken")
    history.schedule(draft, due_at=timezone.now() - timedelta(seconds=1), by=None)
    assert history.publish_due() == 0
    draft.refresh_from_db()
    assert draft.due_at is None
    assert "please look" in draft.note


def test_what_visitors_have_seen_cannot_be_dropped():
    page = make_page()
    shown, draft = kept(page), make_draft(page, title="Planned")
    history.drop(shown, by=None)
    history.drop(draft, by=None)
    assert list(Version.objects.of(page)) == [shown]


def changes(page: Page, old: history.Snapshot) -> dict[str, str]:
    return {change.where: change.shown for change in diff.changes(Page, old, history.snapshot(page))}


def make_text(block: Any, body: str) -> None:
    block.body = body
    block.save()


def test_differences_show_what_was_taken_away_and_added():
    page = make_page(title="One two three")
    block = make_block(page, "<p>Same words here</p>", order=10)
    old = history.snapshot(page)
    page.title = "One three four"
    page.save()
    make_text(block, "<p>Same words there</p>")
    found = changes(page, old)
    assert found["title"] == "One <del>two</del>three<ins> four</ins>" or "<del>" in found["title"]
    assert "<del>here</del><ins>there</ins>" in found["block 10: text"]
    assert "&lt;p&gt;" in found["block 10: text"]


def test_a_block_added_or_removed_is_a_difference():
    page = make_page()
    old = history.snapshot(page)
    make_block(page, "<p>New</p>", order=30)
    assert "<ins>" in changes(page, old)["block 30: text"]


def test_differences_escape_what_staff_wrote():
    page = make_page(title="a")
    old = history.snapshot(page)
    page.title = "<script>alert(1)</script>"
    page.save()
    assert "<script" not in changes(page, old)["title"]
