"""What nobody should keep, log at length, or give back."""

import logging

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from pytest_django.asserts import assertRedirects

from campaign.observability.logs import Scrub
from tests.test_project import public_views

pytestmark = pytest.mark.django_db


MISTAKEN = [
    ("/no-such-page/", 404),
    ("/petitions/no-such/", 404),
    ("/letters/no-such/", 404),
    ("/petitions/a%00b/", 400),
    ("/news/?q=%00", 400),
    ("/admin/petitions/heldsignature/?country=%00", 400),
]


@pytest.mark.parametrize(("path", "status"), MISTAKEN)
def test_an_error_is_kept_by_nobody(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE])
def test_a_language_without_its_last_slash_leads_to_its_first_page(client: Client, code: str) -> None:
    assertRedirects(client.get(f"/{code}"), f"/{code}/", 301)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/de?x=1", "/de/?x=1"),
        ("/DE", "/de/"),
        ("/DE/news/?page=2", "/de/news/?page=2"),
        ("/de-AT/", "/de/"),
        ("/zh-CN/", "/zh-hans/"),
        ("/zh_TW/", "/zh-hant/"),
        ("/en/news/", "/news/"),
    ],
)
def test_another_spelling_of_a_language_leads_to_its_pages(client: Client, path: str, meant: str) -> None:
    chain = client.get(path, follow=True).redirect_chain
    assert chain[-1] == (meant, 301)


@pytest.mark.parametrize(
    "path",
    [
        "/it-works/",
        "/de/no-such/",
        "/de//elsewhere.example/",
        "/en//elsewhere.example/",
        "/en/\\elsewhere.example/",
        "/deutsch/",
        "/xx/",
        "/%DE/",
    ],
)
def test_what_only_looks_like_a_language_is_a_page_that_does_not_exist(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b'href="//' not in answer.content


def test_a_foreign_host_and_a_huge_form_get_a_page_that_says_so(client: Client) -> None:
    foreign = client.get("/", headers={"host": "elsewhere.example"})
    huge = client.post("/newsletter/", {"email": "x" * 3_000_000})
    for answer in (foreign, huge):
        assert answer.status_code == 400
        assert b"could not read what was sent" in answer.content
        assert answer["Cache-Control"] == "no-store"


def test_what_a_request_did_wrong_is_one_line_of_warning(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(Scrub())
    client.get("/", headers={"host": "elsewhere.example"})
    client.get("/petitions/a%00b/")
    lines = [record for record in caplog.records if record.name.startswith("django")]
    assert len(lines) >= 2
    assert {(record.levelno, record.exc_info) for record in lines} == {(logging.WARNING, None)}


@pytest.mark.parametrize("view", [pytest.param(view, id=where) for where, view in public_views()])
def test_an_unknown_method_is_refused(view, rf) -> None:
    assert view.callback(rf.generic("BREW", "/")).status_code == 405


def test_without_a_database_staffs_forms_are_not_given_back(client: Client, monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError

    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.forms.authenticate", fail)
    monkeypatch.setattr("django.contrib.auth.authenticate", fail)
    answer = client.post("/admin/login/", {"username": "demo", "password": "a secret of staff"})
    assert answer.status_code == 503
    assert b"a secret of staff" not in answer.content
    assert answer["Referrer-Policy"] == "no-referrer"
