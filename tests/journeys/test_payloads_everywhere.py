"""The corpus of payloads in every field that staff can write: in a real browser nothing of it acts, on any page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.fixtures import follow, watch
from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(400)]

PUBLIC = [
    f"{language}{path}"
    for language in ("", "/de")
    for path in (
        "/", "/payloads/", "/news/", "/news/payloads/", "/how-you-can-help/", "/how-you-can-help/payloads/",
        "/evidence/", "/contact/", "/contact/write/", "/newsletter/", "/petitions/", "/safety/",
        "/petitions/payloads/", "/petitions/payloads/statistics/", "/petitions/payloads/card/", "/letters/",
        "/letters/payloads/", "/letters/payloads/statistics/",
    )
]  # fmt: skip
NEWEST = """
    SELECT DISTINCT ON (model) model, object_id, number
    FROM pages_version v JOIN django_content_type t ON t.id = v.content_type_id AND t.app_label = 'pages'
    ORDER BY model, object_id DESC, number DESC
"""
MORE = {"issue": ["preview/"], "picture": ["delete/"]}
OTHERS = {
    "petitions/petition": ["change/", "history/", "live/", "texts/", "texts/en/preview/", "trends/", "update/"],
    "petitions/handover": ["change/"],
    "petitions/decision": ["change/"],
    "petitions/paperbatch": ["change/"],
    "letters/lettercampaign": ["change/", "history/", "preview/"],
    "letters/office": ["change/", "history/"],
    "letters/channelstatus": ["change/"],
    "protection/domainrule": ["change/", "delete/"],
    "auth/group": ["change/", "delete/"],
    "auth/user": ["change/", "delete/"],
}
# What the scripts of a page put into it has then asked for whatever it wants.
A_FRAME_LATER = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
WYOMING = {"first_name": "Ana", "last_name": "E", "street": "1 Example St", "city": "Cheyenne", "zip": "82001"}
ADD = "from tests.journeys import payload_asks, payload_content as content; content.add(); payload_asks.add()"
REMOVE = "from tests.journeys import payload_asks, payload_content as content; content.remove(); payload_asks.remove()"


@pytest.fixture
def payloads(site: LiveSite) -> Iterator[None]:
    site.manage("shell", "-c", ADD)
    yield
    site.manage("shell", "-c", REMOVE)


def test_nothing_acts_on_any_page(payloads: None, staff: Page, site: LiveSite) -> None:
    """What is refused by the policy, a dialog or an error in the console fails the fixture `staff`."""
    asked: list[str] = []
    staff.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC:
        response = staff.goto(path)
        assert response
        assert response.status == 200, path
        assert "alert(1)" in staff.content()
    for path in [*admin_pages(site), *other_pages(site)]:
        response = staff.goto(path)
        assert response
        assert response.status == 200, path
        staff.evaluate(A_FRAME_LATER)
    assert [url for url in asked if not url.startswith(site.url)] == []


def admin_pages(site: LiveSite) -> Iterator[str]:
    """Of the newest content of each kind: its list, form, history, differences and translations."""
    yield "/admin/"
    for model, pk, number in site.query(NEWEST):
        here = f"/admin/pages/{model}/{pk}/"
        yield from (
            f"/admin/pages/{model}/",
            f"{here}change/",
            f"{here}history/",
            f"{here}versions/{number}/differences/",
        )
        yield from (
            f"{here}translations/",
            f"{here}translations/de/",
            *(here + more for more in MORE.get(str(model), ())),
        )


def other_pages(site: LiveSite) -> Iterator[str]:
    """Of what is no content of pages: its list, and its newest row."""
    for where, pages in OTHERS.items():
        table = where.replace("/", "_")
        ((pk,),) = site.query(f"SELECT max(id) FROM {table}")  # noqa: S608  # one of the names above
        yield f"/admin/{where}/"
        yield from (f"/admin/{where}/{pk}/{page}" for page in pages)


def test_nothing_acts_on_the_way_to_the_senators(payloads: None, staff: Page) -> None:
    staff.goto("/letters/payloads/")
    for name, value in {**WYOMING, "email": "ana@payloads.example.org"}.items():
        staff.locator(f"#about input[name={name}]").fill(value)
    staff.locator("[name=state]").select_option("WY")
    follow(staff.locator("#about button"))
    expect(staff.locator(".letter-sheet textarea")).to_have_count(3)
    assert "alert(1)" in staff.content()


def test_nothing_acts_in_a_mail(payloads: None, browser: Browser, site: LiveSite) -> None:
    """Shown without any policy, as a mail program might."""
    data = {"name": "Ana Example", "email": "ana@payloads.example.org", "country": "DE"}
    site.http.post("/petitions/payloads/", data=data)
    html = site.mails(data["email"])[0].message.get_body(("html",))
    assert html
    page = browser.new_page()
    complaints = watch(page)
    page.on("request", lambda request: complaints.append(request.url))
    page.set_content(html.get_content(), wait_until="networkidle")
    assert "alert(1)" in page.inner_text("body")
    page.close()
    assert complaints == []
