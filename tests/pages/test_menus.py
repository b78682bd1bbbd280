"""The page of the admin on which the menus are put in order."""

from typing import Any

import lxml.html
import pytest
from django.test import Client

from campaign.audit.models import Entry
from campaign.revisions.models import Version
from pages.content.menu import menus
from pages.models import Page
from tests.pages.factories import make_page, make_staff
from tests.staff.desk import make_person
from tests.staff.test_conflicts import sent_by

pytestmark = pytest.mark.django_db
MENUS = "/admin/pages/page/menus/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def posted(desk: Client, **places: int) -> dict[str, object]:
    """What the page would send with other numbers typed; pages are named by their slugs."""
    formset = desk.get(MENUS).context["formset"]
    values: dict[str, object] = {"form-TOTAL_FORMS": len(formset.forms), "form-INITIAL_FORMS": len(formset.forms)}
    for form in formset.forms:
        values[form.add_prefix("id")] = form.instance.pk
        values[form.add_prefix("menu_order")] = places.get(form.instance.slug, form.instance.menu_order)
    return {**values, "_seen": formset.opened}


def header() -> list[str]:
    return [item.label for item in menus("/")["header"]]


def test_pages_stand_between_the_sections(desk):
    make_page("us", menu="header", menu_order=30)
    make_page("help", menu="header", menu_order=70, state="draft")
    make_page("alone")
    shown = dict(desk.get(MENUS).context["menus"])
    labels = [(place, label) for place, label, _form in shown["Top of every page"]]
    assert labels == [(10, "Petition"), (20, "Write to those who decide"), (30, "Us"), (60, "News"), (70, "Help")]


def test_a_new_order_is_shown_noted_and_kept_as_a_version(desk):
    us, them = make_page("us", menu="header", menu_order=30), make_page("them", menu="header", menu_order=40)
    assert desk.post(MENUS, posted(desk, us=50)).status_code == 302
    assert header() == ["Petition", "Write to those who decide", "Them", "Us", "News"]
    assert Version.objects.of(us).exists()
    assert not Version.objects.of(them).exists()
    assert [entry.on for entry in Entry.objects.filter(who="staff")] == [f"pages.page {us.pk}"]


def test_a_place_that_somebody_else_changed_meanwhile_is_not_overwritten(desk):
    us = make_page("us", menu="header", menu_order=30)
    values = posted(desk, us=50)
    Page.objects.filter(pk=us.pk).update(menu_order=35)
    assert "Changed meanwhile" in desk.post(MENUS, values).content.decode()
    us.refresh_from_db()
    assert us.menu_order == 35


def test_a_page_that_left_the_menu_meanwhile_keeps_its_new_number(desk):
    us = make_page("us", menu="header", menu_order=30)
    values = posted(desk, us=50)
    Page.objects.update(menu="")
    assert desk.post(MENUS, values).status_code == 302
    us.refresh_from_db()
    assert us.menu_order == 50


def test_a_page_that_was_deleted_meanwhile_is_told_and_all_else_stands(desk):
    make_page("gone", menu="header", menu_order=20)
    us, left = (make_page(slug, menu="header", menu_order=30) for slug in ("us", "left"))
    values = posted(desk, us=50, left=60)
    Page.objects.get(slug="gone").delete()
    Page.objects.filter(slug="left").update(menu="")
    again = desk.post(MENUS, values)
    assert "Deleted meanwhile: page. All else" in again.content.decode()
    assert header_place(us) == 30
    assert desk.post(MENUS, sent_again(again)).status_code == 302
    assert (header_place(us), header_place(left)) == (50, 60)


def header_place(page: Page) -> int:
    return Page.objects.values_list("menu_order", flat=True).get(pk=page.pk)


def sent_again(answer: Any) -> dict[str, list[str]]:
    document: Any = lxml.html.document_fromstring(answer.content.decode())
    return sent_by(document.find_class("menus")[0])


def test_who_may_not_change_pages_is_refused(client):
    client.force_login(make_person("ada", "view_page"))
    assert client.get(MENUS).status_code == 403
    assert b"Order of the menus" not in client.get("/admin/pages/page/").content
