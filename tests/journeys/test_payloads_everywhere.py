"""The corpus of payloads in every field that staff can write: in a real browser nothing of it acts, on any page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(400)]

PUBLIC = [
    f"{language}{path}"
    for language in ("", "/de")
    for path in (
        "/", "/payloads/", "/news/", "/news/payloads/", "/how-you-can-help/", "/how-you-can-help/payloads/",
        "/evidence/", "/contact/", "/contact/write/", "/newsletter/", "/petitions/", "/safety/",
    )
]  # fmt: skip
NEWEST = """
    SELECT DISTINCT ON (model) model, object_id, number
    FROM pages_version v JOIN django_content_type t ON t.id = v.content_type_id
    ORDER BY model, object_id DESC, number DESC
"""
MORE = {"issue": ["preview/"], "picture": ["delete/"]}


@pytest.fixture
def payloads(site: LiveSite) -> Iterator[None]:
    site.manage("shell", "-c", "from tests.journeys import payload_content; payload_content.add()")
    yield
    site.manage("shell", "-c", "from tests.journeys import payload_content; payload_content.remove()")


def test_nothing_acts_on_any_page(payloads: None, staff: Page, site: LiveSite) -> None:
    """What is refused by the policy, a dialog or an error in the console fails the fixture `staff`."""
    asked: list[str] = []
    staff.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC:
        response = staff.goto(path)
        assert response
        assert response.status in {200, 404}
        assert "alert(1)" in staff.content()
    for path in admin_pages(site):
        response = staff.goto(path)
        assert response
        assert response.status == 200, path
        staff.wait_for_load_state("networkidle")
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
