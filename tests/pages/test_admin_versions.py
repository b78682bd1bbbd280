"""What staff do with versions in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.forms import SplitDateTimeField
from django.urls import reverse
from django.utils import timezone, translation

from campaign.audit.models import Entry
from campaign.revisions import history
from campaign.revisions.models import Version
from pages.content import preview
from pages.models import Page
from tests.pages.factories import make_block, make_page, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def page():
    page = make_page(title="First")
    make_block(page, "<p>One</p>")
    history.record(page, by=None)
    return page


def form(page: Page, **fields: Any) -> dict[str, Any]:
    """What the change form posts; the page has one block, or as many as `blocks` has rows."""
    blocks = fields.pop("blocks", list(page.blocks.all()))
    data = {
        "title": page.title, "slug": page.slug, "state": page.state, "language": "en", "menu_order": 50, "menu": "",
        "blocks-TOTAL_FORMS": len(blocks), "blocks-INITIAL_FORMS": len(blocks),
    }  # fmt: skip
    for number, block in enumerate(blocks):
        row = {"id": block.pk, "page": page.pk, "kind": "text", "order": block.order, "body": block.body}
        data |= {f"blocks-{number}-{name}": value for name, value in row.items()}
    return data | fields


def change(page: Page) -> str:
    return reverse("admin:pages_page_change", args=[page.pk])


def test_saving_keeps_a_version_with_its_author(staff, page):
    staff.post(change(page), form(page, title="Second"))
    version = Version.objects.of(page)[0]
    assert (version.number, version.data["title"], str(version.made_by)) == (2, "Second", "staff")


def test_saving_as_draft_leaves_the_site_as_it_is(staff, page):
    block = page.blocks.get()
    answer = staff.post(change(page), form(page, title="Planned", **{"blocks-0-body": "<p>New</p>"}, _draft="1"))
    draft = Version.objects.of(page)[0]
    assert answer.headers["Location"].endswith(f"?version={draft.pk}")
    assert draft.is_draft
    assert draft.data["title"] == "Planned"
    assert draft.data["parts"]["blocks"][0]["body"] == "<p>New</p>"
    page.refresh_from_db()
    block.refresh_from_db()
    assert (page.title, block.body) == ("First", "<p>One</p>")


def test_a_draft_opened_in_the_form_shows_what_it_holds_and_changes_nothing(staff, page):
    data = history.snapshot(page) | {"title": "Planned"}
    data["parts"] = {
        "blocks": [*data["parts"]["blocks"], {**data["parts"]["blocks"][0], "id": 900000, "body": "<p>B</p>"}]
    }
    draft = history.record_draft(page, data, by=None)
    answer = staff.get(f"{change(page)}?version={draft.pk}").content.decode()
    assert 'value="Planned"' in answer
    assert "&lt;p&gt;B&lt;/p&gt;" in answer
    assert Page.objects.get().title == "First"
    assert page.blocks.count() == 1


def test_a_draft_with_a_new_block_can_be_edited_and_published_from_the_form(staff, page):
    data = history.snapshot(page)
    data["parts"]["blocks"].append({**data["parts"]["blocks"][0], "id": 900000, "body": "<p>B</p>", "order": 20})
    draft = history.record_draft(page, data, by=None)
    blocks = [page.blocks.get(), type(page.blocks.get())(pk=900000, page=page, order=20, body="<p>C</p>")]
    staff.post(f"{change(page)}?version={draft.pk}", form(page, title="Done", blocks=blocks))
    assert Page.objects.get().title == "Done"
    assert [block.body for block in page.blocks.all()] == ["<p>One</p>", "<p>C</p>"]


def test_a_form_with_an_error_leaves_the_site_as_it_is(staff, page):
    draft = history.record_draft(page, history.snapshot(page) | {"title": "Planned"}, by=None)
    answer = staff.post(f"{change(page)}?version={draft.pk}", form(page, title=""))
    assert answer.status_code == 200
    assert Page.objects.get().title == "First"


def test_who_saves_over_somebody_else_is_told_first(staff, page):
    seen = staff.get(change(page)).context["seen"]
    page.title = "Theirs"
    page.save()
    history.record(page, by=None)
    answer = staff.post(change(page), form(page, title="Mine", _seen=seen))
    assert "Changed meanwhile to “Theirs”" in answer.content.decode()
    assert Page.objects.get().title == "Theirs"
    staff.post(change(page), form(page, title="Mine", _seen=answer.context["seen"]))
    assert Page.objects.get().title == "Mine"


def test_one_button_saves_and_publishes(staff, client):
    hidden = make_page("hidden", title="First", state="draft")
    history.record(hidden, by=None)
    assert "Save and publish" in staff.get(change(hidden)).content.decode()
    answer = staff.post(change(hidden), form(hidden, title="Second", _publish="1"), follow=True)
    assert "Visitors see it now." in answer.content.decode()
    assert "Second" in client.get("/hidden/").content.decode()
    assert Version.objects.of(hidden).shown()[0].data["state"] == "published"
    assert "Save and publish" not in staff.get(change(hidden)).content.decode()


def test_what_was_to_appear_later_is_published_at_once_by_the_button(staff, client):
    later = make_page("later", publish_at=timezone.now() + timedelta(days=2))
    assert client.get("/later/").status_code == 404
    staff.post(change(later), form(later, _publish="1"))
    assert client.get("/later/").status_code == 200


def do(client: Any, page: Page, number: int, what: str, **data: str) -> Any:
    return client.post(reverse(f"admin:pages_page_version_{what}", args=[page.pk, number]), data, follow=True)


def test_an_old_version_is_brought_back_from_the_history(staff, page):
    staff.post(change(page), form(page, title="Second"))
    answer = do(staff, page, 1, "publish").content.decode()
    assert Page.objects.get().title == "First"
    assert "as in version 1" in answer


def test_a_draft_is_scheduled_and_dropped_from_the_history(staff, page):
    draft = history.record_draft(page, history.snapshot(page), by=None)
    assert (
        "Will be published at" in do(staff, page, draft.number, "schedule", due_at="2999-01-01T10:00").content.decode()
    )
    for no_time in ("never", "", "2001-01-01T10:00", "9999-99-99T99:99"):
        answer = do(staff, page, draft.number, "schedule", due_at=no_time).content.decode()
        assert "Choose a day and a time to come." in answer, no_time
    do(staff, page, draft.number, "drop")
    assert not Version.objects.filter(is_draft=True).exists()


@pytest.mark.parametrize("what", ["publish", "schedule", "drop"])
def test_opening_a_link_changes_nothing(staff, page, what):
    assert staff.get(reverse(f"admin:pages_page_version_{what}", args=[page.pk, 1])).status_code == 404


def test_differences_are_shown(staff, page):
    staff.post(change(page), form(page, title="Second"))
    answer = staff.get(reverse("admin:pages_page_version_differences", args=[page.pk, 2])).content.decode()
    assert "<del>First</del><ins>Second</ins>" in answer


def test_the_history_takes_a_constant_number_of_queries(staff, page, django_assert_max_num_queries):
    for number in range(20):
        page.title = f"Title {number}"
        page.save()
        history.record(page, by=None)
    with django_assert_max_num_queries(10):
        assert staff.get(reverse("admin:pages_page_history", args=[page.pk])).status_code == 200


def test_a_preview_needs_no_account_and_shows_the_draft(client, page):
    draft = history.record_draft(page, history.snapshot(page) | {"title": "Planned", "state": "draft"}, by=None)
    answer = client.get(preview.link(draft))
    assert "Planned" in answer.content.decode()
    assert "It is not public" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert Page.objects.get().title == "First"


@pytest.mark.django_db(transaction=True)
def test_a_preview_shows_the_menu_of_the_draft_to_nobody_else(client, page, settings):
    settings.KEEP_SECONDS = 2
    draft = history.record_draft(page, history.snapshot(page) | {"title": "Planned", "menu": "header"}, by=None)
    assert "Planned" in client.get(preview.link(draft)).content.decode()
    assert "Planned" not in client.get("/safety/").content.decode()


@pytest.mark.parametrize(
    "token", ["x", "a:b:c", "A" * 500, pytest.param(signing.dumps(1, salt="elsewhere"), id="of another kind")]
)
def test_a_wrong_preview_link_is_not_found(client, token):
    assert client.get(f"/preview/{token}/").status_code == 404


def test_a_preview_link_ends_after_a_week(client, page, monkeypatch):
    link = preview.link(history.record_draft(page, history.snapshot(page), by=None))
    monkeypatch.setattr(preview, "LINK_SECONDS", -1)
    assert client.get(link).status_code == 404


def test_versions_are_for_staff_who_may_change(client, page):
    assert client.get(reverse("admin:pages_page_history", args=[page.pk])).status_code == 302


def test_every_act_stands_in_the_book(staff, page):
    staff.post(change(page), form(page, title="Second"))
    staff.post(change(page), form(page, title="Third", _draft="1"))
    do(staff, page, 3, "schedule", due_at="2999-01-01T10:00")
    do(staff, page, 3, "drop")
    do(staff, page, 1, "publish")
    page.blocks.all().delete()
    staff.post(reverse("admin:pages_page_delete", args=[page.pk]), {"post": "yes"})
    acts = Entry.objects.filter(who="staff", on=f"pages.page {page.pk}").order_by("pk").values_list("act", flat=True)
    assert list(acts) == [
        "content.saved", "content.draft-kept", "content.scheduled", "content.draft-dropped",
        "content.saved", "content.deleted",
    ]  # fmt: skip


def test_what_was_there_before_the_first_change_can_be_brought_back(staff):
    page = make_page("loaded", title="As loaded")
    data = form(page, title="Changed", blocks=[])
    staff.post(change(page), data)
    assert [version.data["title"] for version in Version.objects.of(page)] == ["Changed", "As loaded"]


def test_what_is_scheduled_says_when_it_appears_and_shows_how_it_will_look(staff, page):
    values = form(page, state="published", publish_at_0="2999-12-02", publish_at_1="09:00:00")
    path = reverse("admin:pages_page_change", args=[page.pk])
    answer = staff.post(path, {**values, "_continue": "1"}, follow=True)
    assert "Visitors see it from Dec. 2, 2999, 9 a.m. UTC on." in answer.content.decode()
    preview_link = answer.context["absolute_url"]
    assert "One" in staff.get(preview_link).content.decode()
    assert "Published from Dec. 2, 2999, 9 a.m. UTC" in staff.get("/admin/pages/page/").content.decode()


def test_what_visitors_see_is_viewed_on_the_site_and_a_draft_without_a_version_nowhere(staff):
    shown, draft = make_page("shown"), make_page("draft", state="draft")
    paths = [reverse("admin:pages_page_change", args=[page.pk]) for page in (shown, draft)]
    assert "View on site" in staff.get(paths[0]).content.decode()
    assert "View on site" not in staff.get(paths[1]).content.decode()


@pytest.mark.parametrize("language", ["en", "de", "fr", "ja", "zh-hant"])
@pytest.mark.parametrize(("day", "time"), [("2.12.2999", "9 Uhr"), ("2999-12-02", "9"), ("02.12.2999", "9.00")])
def test_days_and_times_are_taken_as_people_type_them(language, day, time):
    with translation.override(language):
        typed = SplitDateTimeField().clean([day, time])
    assert typed.isoformat()[:16] == "2999-12-02T09:00"
