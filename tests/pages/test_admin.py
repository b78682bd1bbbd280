"""Staff edit; the site shows it."""

import re

import pytest
from django.apps import apps
from django.urls import reverse

from campaign.revisions.models import Version
from pages.models import Action, Dispatch, NewsItem, Page, Redirect, SearchText
from tests.pages.factories import (
    make_action,
    make_audience,
    make_block,
    make_entry,
    make_news_item,
    make_page,
    make_staff,
)

pytestmark = pytest.mark.django_db

MODELS = ["page", "newsitem", "audience", "action", "timelineentry", "sitesettings"]


@pytest.fixture
def staff(client):
    client.force_login(make_staff())
    return client


def test_an_action_edited_in_the_list_changes_the_site(staff):
    audience = make_audience()
    first, second = make_action(audience, "Act first", order=10), make_action(audience, "Act second", order=20)
    rows = {
        "form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Save",
        "form-0-id": first.pk, "form-0-order": 30,
        "form-1-id": second.pk, "form-1-order": 20,
    }  # fmt: skip
    staff.post(reverse("admin:pages_action_changelist"), rows)
    answer = staff.get("/how-you-can-help/medicine/").content.decode()
    assert answer.index("Act second") < answer.index("Act first")


@pytest.mark.parametrize("model", MODELS[:-1])
def test_no_list_publishes_in_passing(staff, model):
    make_action(make_audience())
    page = staff.get(reverse(f"admin:pages_{model}_changelist")).content.decode()
    assert re.findall(r'name="form-\d+-state"', page) == []


def test_news_begin_with_an_empty_block_of_text_that_need_not_be_filled_in(staff):
    address = reverse("admin:pages_newsitem_add")
    page = staff.get(address).content.decode()
    assert 'name="blocks-TOTAL_FORMS" value="1"' in page
    values = {
        "title": "It is so", "slug": "it-is-so", "summary": "So.", "category": "article", "state": "draft",
        "language": "en", "_publish": "1", "blocks-0-kind": "text", "blocks-0-order": "10",
        **no_rows("blocks"), "blocks-TOTAL_FORMS": 1, **no_rows("cosigners"),
    }  # fmt: skip
    answer = staff.post(address, values, follow=True).content.decode()
    item = NewsItem.objects.get()
    assert item.blocks.count() == 0
    assert re.search(r'Visitors see it now\. <a href="([^"]+)">See it on the page</a>', answer)
    assert staff.get(item.get_absolute_url()).status_code == 200


def no_rows(name: str) -> dict[str, int]:
    return {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}


def test_an_action_edited_on_its_page_changes_the_site(staff):
    action = make_action(make_audience())
    fields = {
        "audience": action.audience_id, "order": 10, "title": "Ask twice",
        "explanation": "<p>Yes.<script>x</script></p>",
        "state": "published", **no_rows("sources"), **no_rows("examples"),
    }  # fmt: skip
    staff.post(reverse("admin:pages_action_change", args=[action.pk]), fields)
    assert Action.objects.get().explanation == "<p>Yes.</p>"
    assert "Ask twice" in staff.get("/how-you-can-help/medicine/").content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_forms_open(staff, model):
    assert staff.get(reverse(f"admin:pages_{model}_changelist")).status_code == 200
    assert staff.get(reverse(f"admin:pages_{model}_add")).status_code == 200


@pytest.mark.parametrize("make", [make_page, make_news_item, make_audience, make_entry])
def test_change_forms_open(staff, make):
    made = make()
    assert staff.get(reverse(f"admin:pages_{made._meta.model_name}_change", args=[made.pk])).status_code == 200


@pytest.mark.parametrize("model", ["page", "action", "newsitem", "timelineentry"])
def test_lists_take_a_constant_number_of_queries(staff, model, django_assert_max_num_queries):
    page = make_page()
    audience = make_audience()
    for number in range(30):
        make_page(f"page-{number}", parent=page)
        make_action(audience, f"Action {number}")
        make_news_item(f"item-{number}")
        make_entry(f"Entry {number}")
    with django_assert_max_num_queries(15):
        staff.get(reverse(f"admin:pages_{model}_changelist"))


def test_a_page_form_takes_a_constant_number_of_queries(staff, django_assert_max_num_queries):
    page = make_page()
    for _number in range(12):
        make_block(page)
    with django_assert_max_num_queries(20):
        staff.get(reverse("admin:pages_page_change", args=[page.pk]))


def test_view_on_site_leads_to_the_page(staff):
    page = make_page()
    content_type = apps.get_model("contenttypes.ContentType").objects.get_for_model(Page)
    answer = staff.get(reverse("admin:view_on_site", args=[content_type.pk, page.pk]))
    assert answer.headers["Location"].endswith("/about/")


def test_every_field_that_staff_see_has_help_text():
    unseen = {Dispatch, Redirect, SearchText, Version}
    models = [model for model in apps.get_app_config("pages").get_models() if model not in unseen]
    fields = [
        field for model in models for field in model._meta.concrete_fields if field.editable and field.name != "id"
    ]
    parents = {"page", "item", "action", "site"}
    assert [str(field) for field in fields if not field.help_text and field.name not in parents] == []


def test_the_admin_has_the_name_of_the_site_and_a_nonce(staff):
    answer = staff.get(reverse("admin:index"))
    assert "Organ Pillaging" in answer.content.decode()
    assert "nonce-" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_login_page_has_the_name_of_the_site_whatever_its_address(client):
    page = client.get(reverse("admin:login")).content.decode()
    assert "Organ Pillaging" in page
    assert "testserver" not in page


def test_of_a_draft_with_a_time_it_is_said_that_the_time_changes_nothing(staff):
    values = {
        "title": "It is so", "slug": "it-is-so", "summary": "So.", "category": "article", "state": "draft",
        "language": "en", "publish_at_0": "2100-01-02", "publish_at_1": "09:00",
        **no_rows("blocks"), **no_rows("cosigners"),
    }  # fmt: skip
    answer = staff.post(reverse("admin:pages_newsitem_add"), values, follow=True).content.decode()
    assert "nobody will see it at Jan. 2, 2100, 9 a.m. UTC" in answer
    item = NewsItem.objects.get()
    scheduled = {**values, "state": "published"}
    answer = staff.post(reverse("admin:pages_newsitem_change", args=[item.pk]), scheduled, follow=True).content.decode()
    assert "nobody will see it" not in answer
    assert "Visitors see it from Jan. 2, 2100, 9 a.m. UTC on." in answer


def test_a_row_on_the_page_of_an_audience_publishes_no_action(admin_client):
    audience = make_audience()
    action = make_action(audience, state="draft")
    where = f"/admin/pages/audience/{audience.pk}/change/"
    shown = admin_client.get(where)
    assert 'name="actions-0-title"' in shown.content.decode()
    assert "Draft" in shown.content.decode()
    rows = {
        "actions-TOTAL_FORMS": 1, "actions-INITIAL_FORMS": 1, "actions-0-id": action.pk,
        "actions-0-title": "Another title",
        "actions-0-order": action.order, "actions-0-audience": audience.pk, "actions-0-state": "published",
    }  # fmt: skip
    own = {"name": audience.name, "slug": audience.slug, "order": audience.order, "lede": "x", "state": audience.state}
    answer = admin_client.post(where, {**own, **rows})
    assert answer.status_code == 302
    action.refresh_from_db()
    assert (action.title, action.state) == ("Another title", "draft")
