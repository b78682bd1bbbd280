"""What holds for every page of the admin: accessible, and no wider than the screen of a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, ViewportSize

from tests.journeys.admin_pages import ALIKE, fill, render, render_entrances, served
from tests.journeys.test_every_page import AXE
from tests.live.fixtures import chromium
from tests.pages.factories import make_staff
from tests.petitions.factories import make_held, make_petition
from tests.petitions.paper import register

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(600)]

JAVASCRIPT_WORDS = "/admin/jsi18n/"
# A list says all that there is, or nothing makes a row in a test.
WITHOUT_FORM = {
    "journal.Restoration",
    "petitions.CountCheck",
    "petitions.Voice",
    "staff.Invitation",
    "supporters.Subscriber",
}
SMALL_PHONE: ViewportSize = {"width": 375, "height": 800}
TABLET: ViewportSize = {"width": 800, "height": 1100}
CHECK = """async () => {
    await document.fonts.ready;  // the icons of the editor are words until their font is there
    const name = (element) => `${element.localName}#${element.id}.${element.className}`;
    const moves = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const tooWide = [...document.querySelectorAll("html, body, body :not(textarea, select, pre)")].filter((element) =>
        element.scrollWidth > element.clientWidth + 1 && (element === document.documentElement || moves(element)));
    document.querySelectorAll("option:nth-child(n + 6):not(:checked)").forEach((alike) => alike.remove());  // for time
    const {violations} = await axe.run(document, {resultTypes: ["violations"], preload: false});
    return [
        ...violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(", ")}`),
        ...tooWide.map((element) => `scrolls sideways: ${name(element)}`),
    ];
}"""


CONTRAST = """async () => {
    const {violations} = await axe.run(document, {runOnly: ["color-contrast"], preload: false});
    return violations.flatMap((rule) => rule.nodes.map((node) => node.target.join(" ")));
}"""
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

# What is pressed; a link within a sentence is as high as its line, and a column is sorted by a head that may be small.
TOO_SMALL = """() => [...document.querySelectorAll("#content :is(a, button, input, select)")]
    .filter((element) => element.checkVisibility() && !element.closest("p, thead, h2, h3"))
    .filter((element) => element.getBoundingClientRect().height < 44)
    .map((element) => element.outerHTML)"""


@pytest.fixture
def desk(db: None) -> Client:
    desk, staff = Client(), make_staff()
    desk.force_login(staff)
    fill(desk, staff)
    return desk


@pytest.fixture
def pages(desk: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Every page of the admin by its path; before the browser starts, since the ORM does not work beside it.

    Lists are short. What stands beside each page, which a phone does not show, is on the first one only.
    """
    first = desk.get("/admin/").content
    monkeypatch.setattr(admin.ModelAdmin, "list_per_page", 5)
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)
    return render(desk) | render_entrances(desk) | {"/admin/": first}


@pytest.fixture
def phone(desk: Client, pages: dict[str, bytes], static_files: Path) -> Iterator[Page]:
    words = {JAVASCRIPT_WORDS: desk.get(JAVASCRIPT_WORDS).content}
    with served(pages | words, static_files) as url, chromium() as browser:
        context = browser.new_context(base_url=url, viewport=SMALL_PHONE)
        context.add_init_script(AXE)
        yield context.new_page()


def test_every_page_of_the_admin_is_accessible_and_fits_a_phone(phone: Page, pages: dict[str, bytes]) -> None:
    assert {resolve(path).view_name for path in pages} >= set(lists_and_forms())
    assert {path.split("/")[-2] for path in pages} >= ALIKE.keys() - {"translate"}
    found = {}
    for path in pages:
        phone.goto(path)
        if faults := phone.evaluate(CHECK):
            found[path] = faults
    assert found == {}
    phone.emulate_media(color_scheme="dark")
    phone.set_viewport_size(DESKTOP)
    for path in in_the_dark(pages):
        phone.goto(path)
        assert phone.evaluate(CONTRAST) == []


def in_the_dark(pages: dict[str, bytes]) -> Iterator[str]:
    """The paths of pages of three kinds."""
    for name in ("index", "petitions_heldsignature_changelist", "petitions_petition_change"):
        yield next(path for path in pages if resolve(path).view_name == f"admin:{name}")


def lists_and_forms() -> Iterator[str]:
    """The names of the pages that every model must have been looked at on."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name}_changelist"
        if model._meta.label not in WITHOUT_FORM:
            yield f"{name}_change"


def test_the_typing_desk_and_moderation_are_used_with_a_thumb(db: None, static_files: Path) -> None:
    desk = Client()
    desk.force_login(make_staff())
    petition = make_petition()
    make_held(petition)
    batch = register(desk, petition)
    paths = ["/admin/petitions/heldsignature/", f"/admin/petitions/paperbatch/{batch.pk}/type/", JAVASCRIPT_WORDS]
    with served({path: desk.get(path).content for path in paths}, static_files) as url, chromium() as browser:
        tablet = browser.new_context(base_url=url, viewport=TABLET, has_touch=True, is_mobile=True).new_page()
        for path in paths[:2]:
            tablet.goto(path)
            assert tablet.evaluate(TOO_SMALL) == []
