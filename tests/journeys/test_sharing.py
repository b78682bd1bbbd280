"""The card on another site, and the way out of a page, in a real browser."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.live.site import LiveSite

pytestmark = [pytest.mark.system, pytest.mark.browser]

PETITION = "/petitions/end-forced-organ-harvesting/"
ELSEWHERE = "https://elsewhere.example/"


def test_other_sites_can_frame_the_card_and_nothing_else(page: Page, site: LiveSite) -> None:
    frames = [f'<iframe src="{site.url}{PETITION}{end}"></iframe>' for end in ("card/", "")]
    page.route(ELSEWHERE, lambda route: route.fulfill(body="".join(frames), content_type="text/html"))
    page.context.grant_permissions(["local-network-access"])  # the site of the tests is on this machine
    page.goto(ELSEWHERE)
    expect(page.frame_locator("iframe").nth(0).get_by_role("heading", level=1)).to_be_visible()
    expect(page.frame_locator("iframe").nth(1).get_by_label("Your full name")).to_have_count(0)


def test_leaving_takes_the_place_of_the_page(page: Page, site: LiveSite) -> None:
    seen: list[str | None] = []

    def answer(route: Route) -> None:
        seen.append(route.request.headers.get("referer"))
        route.fulfill(body="weather", content_type="text/html")

    page.route("https://www.bing.com/", answer)
    page.goto("about:blank")
    page.goto(PETITION)
    page.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_text("weather")).to_be_visible()
    assert seen == [None]
    page.go_back()
    assert page.url == "about:blank"
