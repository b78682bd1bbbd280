"""Previews and old versions are built in memory: nothing is written or locked, and they look like what is published."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaign.revisions import history
from campaign.revisions.models import Version
from pages.content import preview
from pages.models import Action, SiteSettings
from pages.models.blocks import Block
from tests.pages.factories import (
    make_action,
    make_audience,
    make_block,
    make_document,
    make_entry,
    make_letter_campaign,
    make_news_item,
    make_page,
    make_picture,
    make_staff,
)  # fmt: skip
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|SAVEPOINT|LOCK)\b|FOR (NO KEY )?(UPDATE|SHARE)")
WITH_TEXT = {*Block.Kind.values} - {"timeline", "actions", "contact"}
GERMAN = {
    "heading": "Überschrift",
    "body": "<p>Deutsch.</p>",
    "source": "Quelle",
    "link_text": "Hier",
    "_is_shown": True,
}
NOTICE = re.compile(r'<div class="notice notice-warning">.*?</div>\s*</div>', re.DOTALL)


def make_blocks(content: Any) -> None:
    """One of every kind, and a call for each place that it may lead to."""
    picture, common = make_picture(), {"heading": "Heading", "source": "A source", "translations": {"de": GERMAN}}
    facts: dict[str, dict[str, Any]] = {
        "picture": {"picture": picture},
        "video": {"url": "https://video.example/1", "link_text": "Watch", "picture": picture},
        "document": {"document": make_document()},
        "call": {"petition": make_petition("stop"), "link_text": "Sign"},
    }
    for order, kind in enumerate(Block.Kind.values):
        content.blocks.create(kind=kind, order=order, body=f"<p>Of {kind}.</p>", **common, **facts.get(kind, {}))
    for name, target in {"letter_campaign": make_letter_campaign(), "target_page": make_page("elsewhere")}.items():
        words = {"link_text": "Go", "body": "<p>Go.</p>", "translations": {"de": GERMAN}}
        content.blocks.create(kind="call", order=50, **words, **{name: target})


def as_draft(content: Any, **changes: Any) -> Version:
    """Of the content as it is; then all of it is taken back: what visitors see has neither text nor parts."""
    data = history.snapshot(content) | changes
    for name in content.parts:
        getattr(content, name).all().delete()
    return history.record_draft(content, data, by=None)


def make_page_draft() -> Version:
    make_entry(), make_audience()
    above = make_page("above", title="The page above")
    page = make_page(translations={"de": {"title": "Geplant", "lede": "Worum es geht", "_is_shown": True}})
    make_blocks(page)
    page.blocks.filter(kind="text").update(body="<p>Of text.</p><script>alert(1)</script>")
    return as_draft(
        page, title="Planned", lede="Of it", slug="planned", parent_id=above.pk, menu="footer", menu_order=3
    )


def make_news_draft() -> Version:
    make_entry(), make_audience(), make_news_item("of-the-same-kind")
    item = make_news_item(translations={"de": {"title": "Geplant", "summary": "Es geschah", "_is_shown": True}})
    make_blocks(item)
    german = {"de": {"organisation": "Ärzte", "note": "Verein", "_is_shown": True}}
    item.cosigners.create(organisation="Doctors", note="A society", contact="A. Name", order=2, translations=german)
    item.cosigners.create(organisation="Nurses", email="n@example.org", url="https://n.example/", order=1)
    return as_draft(item, title="Planned", category="statement", social_picture_id=make_picture("card").pk)


def read(client: Any, where: str) -> list[str]:
    """What the page says itself, and its menus; without the notice, links to share it, and when it was changed."""
    answer = client.get(where)
    assert answer.status_code == 200
    html = re.sub(r'"dateModified": "[^"]*"', "", answer.content.decode())
    main = (
        r"<main.*?</main>|<title>.*?</title>|<meta name=\"description\"[^>]*>|<meta property=\"og:(?:title|image)[^>]*>"
    )
    parts = re.findall(
        rf"{main}|<script type=\"application/ld.json\">.*?</script>|<ul class=\"\w+\">.*?</ul>", html, re.DOTALL
    )
    assert len(parts) > 5
    return [re.sub(r"\s+", " ", NOTICE.sub("", part)) for part in parts if "mailto:?subject" not in part]


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize("make", [make_page_draft, make_news_draft])
def test_a_preview_looks_the_same_as_the_published_page(client, make, language):
    draft = make()
    previewed = read(client, language + preview.link(draft))
    history.publish(draft, by=None)
    content = draft.content
    content.refresh_from_db()
    published = read(client, language + content.get_absolute_url())
    assert previewed == published
    expected = ["Geplant", "Deutsch."] if language else ["Planned", *(f"Of {kind}." for kind in WITH_TEXT)]
    assert [words for words in expected if words not in " ".join(published)] == []


@pytest.mark.parametrize("make", [make_page_draft, make_news_draft])
def test_a_preview_writes_and_locks_nothing(client, make):
    draft = make()
    with CaptureQueriesContext(connection) as queries:
        assert "Planned" in client.get(preview.link(draft)).content.decode()
    assert len(queries) > 3
    assert [each["sql"] for each in queries if WRITES.search(each["sql"])] == []


def test_an_old_version_opened_in_the_form_writes_and_locks_nothing(client):
    client.force_login(make_staff())
    draft = make_news_draft()
    with CaptureQueriesContext(connection) as queries:
        address = reverse("admin:pages_newsitem_change", args=[draft.object_id])
        answer = client.get(f"{address}?version={draft.pk}").content.decode()
    assert 'value="Planned"' in answer
    assert 'value="Doctors"' in answer
    assert answer.count("&lt;p&gt;Of quote.") == 1
    assert [each["sql"] for each in queries if WRITES.search(each["sql"])] == []


def make_site_draft() -> Version:
    site = SiteSettings.objects.create(name="Planned")
    site.accounts.create(label="Mastodon", url="https://social.example/@us")
    return as_draft(site)


def make_audience_draft() -> Version:
    audience = make_audience(name="Planned")
    make_action(audience, title="Its action")
    return history.record_draft(audience, history.snapshot(audience), by=None)


def make_action_draft() -> Version:
    action: Action = make_action(make_audience(), title="Planned")
    action.sources.create(title="A study")
    return as_draft(action)


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (make_page_draft, "Of quote."),
        (make_site_draft, "https://social.example/@us"),
        (make_audience_draft, "Its action"),
        (make_action_draft, "A study"),
    ],
)
def test_a_version_of_every_kind_of_content_opens_in_its_form(client, make, shown):
    client.force_login(make_staff())
    draft = make()
    kind = draft.content_type
    address = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[draft.object_id])
    answer = client.get(f"{address}?version={draft.pk}").content.decode()
    assert "Planned" in answer
    assert shown in answer


def test_what_a_preview_costs_does_not_grow_with_the_blocks(client):
    page, picture, target = make_page(), make_picture(), make_page("elsewhere")
    counts = []
    for _round in range(2):
        for _number in range(5):
            make_block(page, kind="video", url="https://video.example/1", link_text="Watch", picture=picture)
            make_block(page, kind="call", target_page=target, link_text="Go")
        draft = history.record_draft(page, history.snapshot(page), by=None)
        with CaptureQueriesContext(connection) as queries:
            client.get(preview.link(draft))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_revision_has_the_rows_of_every_relation_and_saves_none_of_them():
    action: Action = make_action(make_audience())
    action.sources.create(title="A study")
    data = history.snapshot(action)
    action.sources.all().delete()
    built = history.as_object(history.record_draft(action, data, by=None))
    assert [source.title for source in built.parts["sources"]] == ["A study"]
    assert built.parts["examples"] == []
    assert not action.sources.exists()


def test_a_page_that_moves_is_built_at_its_new_address_and_moves_when_it_is_published(client):
    page = make_page("old")
    make_page("below", parent=page)
    draft = history.record_draft(page, history.snapshot(page) | {"slug": "new"}, by=None)
    assert history.as_object(draft).content.get_absolute_url() == "/new/"
    assert client.get("/old/").status_code == 200
    history.schedule(draft, due_at=timezone.now() - timedelta(seconds=1), by=None)
    assert history.publish_due() == 1
    assert client.get("/old/").headers["Location"] == "/new/"
    assert client.get("/old/below/").headers["Location"] == "/new/below/"


def test_a_picture_that_was_deleted_since_is_missing_in_the_preview_and_nothing_else(client):
    page, picture = make_page(), make_picture()
    make_block(page, "<p>Stays.</p>", kind="picture", picture=picture)
    draft = as_draft(page)
    picture.delete()
    answer = client.get(preview.link(draft))
    assert answer.status_code == 200
    assert "Candles at night" not in answer.content.decode()
