"""Finished public pages shown again (page_cache.py), and readings (local_cache.py)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from campaign.performance import local_cache
from campaign.web import page_cache
from campaign.web.decorators import View, personal_page, public_page
from campaign.web.page_cache import KeepPagesMiddleware
from standalone.supervision.process import wait_until

GET = RequestFactory().get


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(settings, monkeypatch):
    settings.KEEP_SECONDS = 2
    clock = Clock()
    monkeypatch.setattr(page_cache, "time", clock)
    monkeypatch.setattr(local_cache, "time", clock)
    return clock


def numbered(kind: Callable[[View], View] = public_page, **answer: Any) -> KeepPagesMiddleware:
    """A site of one view that counts how often it is asked."""
    numbers = count(1)

    @kind
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"page {next(numbers)}", **answer)

    return KeepPagesMiddleware(view)


def test_a_public_page_is_made_once_and_shown_again_with_its_age(clock):
    site = numbered()
    first = site(GET("/"))
    clock.now += 1.5
    again = site(GET("/"))
    assert (first.content, again.content) == (b"page 1", b"page 1")
    assert again["Cache-Control"] == first["Cache-Control"]
    assert ("Age" in first, again["Age"]) == (False, "1")


def test_after_its_time_it_is_made_anew(clock):
    site = numbered()
    site(GET("/"))
    clock.now += 2
    assert site(GET("/")).content == b"page 2"


def test_while_one_visitor_waits_for_the_new_page_others_see_the_old_one(clock):
    pages = iter([HttpResponse("old"), HttpResponse("new")])
    seen_meanwhile = []

    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        if clock.now > 1000:
            seen_meanwhile.append(site(GET("/")).content)
        return next(pages)

    site = KeepPagesMiddleware(view)
    site(GET("/"))
    clock.now += 3
    assert site(GET("/")).content == b"new"
    assert seen_meanwhile == [b"old"]


def test_those_who_come_before_there_is_a_page_wait_for_the_first(clock, settings):
    settings.KEEP_SECONDS = 60  # of waiting, which a busy machine may need
    numbers, is_asked, may_answer = count(1), threading.Event(), threading.Event()
    have_come: list[threading.Thread] = []

    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        is_asked.set()
        assert may_answer.wait(60)
        return HttpResponse(f"page {next(numbers)}")

    site = KeepPagesMiddleware(view)

    def come() -> HttpResponse:
        have_come.append(threading.current_thread())
        return site(GET("/"))

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(site, GET("/"))
        assert is_asked.wait(60)
        others = [pool.submit(come) for _ in range(5)]
        assert wait_until(lambda: len(have_come) == 5, seconds=60)
        may_answer.set()
        assert {answer.result().content for answer in [first, *others]} == {b"page 1"}


def test_a_page_that_cannot_be_made_anew_is_not_shown_for_ever(clock):
    answers = iter([HttpResponse("good"), HttpResponse(status=503), HttpResponse(status=503)])
    site = KeepPagesMiddleware(public_page(lambda request: next(answers)))
    site(GET("/"))
    clock.now += 3
    assert site(GET("/")).status_code == 503
    assert site(GET("/")).status_code == 503


@pytest.mark.parametrize(
    ("site", "request_"),
    [
        (numbered(personal_page), GET("/")),
        (numbered(status=404), GET("/")),
        (numbered(headers={"Vary": "Cookie"}), GET("/")),
        (numbered(headers={"Cache-Control": "private"}), GET("/")),
        (numbered(), GET("/?to=ana")),
        (numbered(), GET("/", headers={"Cookie": "sessionid=1"})),
        (numbered(), GET("/", headers={"Authorization": "Basic x"})),
        (numbered(), RequestFactory().post("/")),
        (numbered(), RequestFactory().head("/")),
    ],
)
def test_nothing_else_is_kept_or_answered_with_what_was_kept(clock, site, request_):
    assert site(request_).content != site(request_).content
    assert not site.pages


def test_a_page_that_sets_a_cookie_is_not_kept(clock):
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("page")
        response.set_cookie("seen", "1")
        return response

    site = KeepPagesMiddleware(public_page(view))
    site(GET("/"))
    assert not site.pages


def test_hosts_and_paths_have_their_own(clock, settings):
    settings.ALLOWED_HOSTS = ["*"]
    site = numbered()
    seen = [site(GET(path, headers={"Host": host})).content for path in ("/", "/de/") for host in ("a.org", "b.org")]
    assert len(set(seen)) == 4


def test_what_is_kept_has_an_end(clock):
    site = numbered()
    for number in range(local_cache.MOST_ANSWERS + 5):
        site(GET(f"/{number}/"))
    assert len(site.pages) <= local_cache.MOST_ANSWERS


def test_a_reading_is_reused_for_a_moment(clock):
    numbers = count(1)
    read = local_cache.kept(lambda key: (key, next(numbers)))
    assert (read("a"), read("a"), read("b")) == (("a", 1), ("a", 1), ("b", 2))
    clock.now += 2
    assert read("a") == ("a", 3)


@pytest.mark.django_db(transaction=True)
def test_what_is_read_within_a_transaction_is_not_kept(clock):
    """It may be undone."""
    numbers = count(1)
    read = local_cache.kept(lambda: next(numbers))
    with transaction.atomic():
        read()
    assert (read(), read()) == (2, 2)


def test_without_time_to_keep_nothing_is_kept(clock, settings):
    settings.KEEP_SECONDS = 0
    site, numbers = numbered(), count(1)
    read = local_cache.kept(lambda: next(numbers))
    assert (read(), read()) == (1, 2)
    assert site(GET("/")).content != site(GET("/")).content
