"""Every answer carries the headers that protect it, whatever its status and whoever made it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from campaign.database import clock
from campaign.urls import handler400, handler500  # noqa: F401  # of the URLs below
from campaign.web.page_cache import KeepPagesMiddleware
from tests.pages.factories import make_page
from tests.petitions.factories import make_petition
from tests.protection import observatory

pytestmark = pytest.mark.django_db
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
FEATURES = ["camera", "microphone", "geolocation", "payment"]
SITE = "https://campaign.example"


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of this test")


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the database is away, for this test")


def answers(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse("an answer of this test", status=status)


urlpatterns = [path("broken/", broken), path("away/", away), path("answers/<int:status>/", answers)]


@pytest.fixture
def visitor(settings: Any) -> Client:
    """Of the site under https."""
    settings.SITE_URL, settings.ALLOWED_HOSTS = SITE, ["campaign.example"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    return Client(SERVER_NAME="campaign.example", raise_request_exception=False)


def demand_headers(answer: Any) -> None:
    headers = answer.headers
    for name, value in EXPECTED.items():
        assert headers.get(name) == value, name
    assert "default-src 'none'" in headers.get("Content-Security-Policy", "")
    assert headers.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"}
    assert headers.get("Referrer-Policy") in {"same-origin", "no-referrer"}
    assert all(f"{feature}=()" in headers.get("Permissions-Policy", "") for feature in FEATURES)
    assert headers.get("Strict-Transport-Security", "").startswith("max-age=31536000")
    assert not re.search(r"\d", headers.get("Server", ""))


WALK: dict[str, tuple[int, Callable[[Client], Any]]] = {
    "a page": (200, lambda visitor: visitor.get("/petitions/", secure=True)),
    "the admin": (302, lambda visitor: visitor.get("/admin/", secure=True)),
    "its login": (200, lambda visitor: visitor.get("/admin/login/", secure=True)),
    "a hostile address": (400, lambda visitor: visitor.get("/%00/", secure=True)),
    "another host": (400, lambda visitor: visitor.get("/", secure=True, headers={"host": "evil.example"})),
    "a foreign post": (
        403,
        lambda visitor: visitor.post("/petitions/a/", secure=True, headers={"sec-fetch-site": "cross-site"}),
    ),
    "nothing": (404, lambda visitor: visitor.get("/nothing/at/all/", secure=True)),
    "another method": (405, lambda visitor: visitor.delete("/healthz", secure=True)),
    "a form that is not right": (303, lambda visitor: visitor.post("/petitions/a/", {}, secure=True)),
    "too much": (400, lambda visitor: visitor.post("/petitions/a/", {"name": "x" * 600_000}, secure=True)),
    "the process": (200, lambda visitor: visitor.get("/healthz", secure=True)),
    "a static file": (200, lambda visitor: visitor.get("/favicon.ico", secure=True)),
    "no medium": (404, lambda visitor: visitor.get(f"/media/pictures/{'0' * 64}/a.jpg", secure=True)),
}


@pytest.mark.parametrize("name", WALK)
def test_every_answer_has_the_headers(visitor, name):
    make_petition("a")
    status, ask = WALK[name]
    answer = ask(visitor)
    assert answer.status_code == status
    demand_headers(answer)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("page", "status"), [("broken", 500), ("away", 503), ("answers/413", 413), ("answers/422", 422)]
)
def test_answers_to_trouble_have_them_too(visitor, page, status):
    answer = visitor.get(f"/{page}/", secure=True)
    assert answer.status_code == status
    demand_headers(answer)


@pytest.mark.parametrize("page", ["/", "/petitions/a/", "/admin/login/"])
def test_the_observatory_gives_at_least_130(visitor, page):
    make_petition("a")
    make_page("")
    answer = visitor.get(page, secure=True)
    assert answer.status_code == 200
    assert observatory.score(answer.headers, answer.cookies) >= 130


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 130),
        ({"Content-Security-Policy": ""}, 75),
        ({"Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}, 125),
        ({"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"}, 80),
        ({"Strict-Transport-Security": "max-age=60"}, 120),
        ({"Strict-Transport-Security": ""}, 80),
        ({"Cross-Origin-Resource-Policy": "cross-origin"}, 120),
        ({"X-Content-Type-Options": ""}, 125),
        ({"Referrer-Policy": "unsafe-url"}, 120),
    ],
)
def test_the_score_is_computed_as_the_observatory_does(visitor, changed, expected):
    answer = visitor.get("/petitions/", secure=True)
    assert observatory.score({**answer.headers, **changed}, answer.cookies) == expected


def test_a_page_kept_from_http_does_not_cost_https_its_hsts(settings, rf):
    settings.KEEP_SECONDS, settings.ALLOWED_HOSTS = 10, ["campaign.example"]
    kept = KeepPagesMiddleware(page_that_names_its_scheme)
    answers = [kept(rf.get("/", secure=secure, headers={"host": "campaign.example"})) for secure in (False, True)]
    assert [answer.content for answer in answers] == [b"http", b"https"]


def page_that_names_its_scheme(request: HttpRequest) -> HttpResponse:
    cacheable = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
    return HttpResponse(str(request.scheme), headers={"Cache-Control": cacheable})


def test_the_csrf_cookie_ends_with_the_browser(visitor):
    visitor.get("/admin/login/", secure=True)
    cookie = visitor.cookies["csrftoken"]
    assert (cookie["max-age"], cookie["expires"], cookie["secure"], cookie["httponly"]) == ("", "", True, True)


def test_who_finds_a_weakness_is_told_where_to_report_it(visitor, settings):
    settings.SECURITY_CONTACT = "mailto:security@campaign.example"
    answer = visitor.get("/.well-known/security.txt", secure=True)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@campaign.example",
        "Preferred-Languages": "en",
        "Canonical": f"{SITE}/.well-known/security.txt",
    }
