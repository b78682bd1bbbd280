"""What nobody should keep, log at length, or give back."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client

from campaign.logs import Scrub
from tests.test_project import public_views

pytestmark = pytest.mark.django_db


MISTAKEN = [
    "/no-such-page/", "/petitions/no-such/", "/letters/no-such/", "/petitions/a%00b/", "/news/?q=%00",
    "/admin/petitions/heldsignature/?country=%00",
]  # fmt: skip


@pytest.mark.parametrize("path", MISTAKEN)
def test_an_error_is_kept_by_nobody(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    assert answer["Cache-Control"] == "no-store"


def test_a_foreign_host_and_a_huge_form_get_a_page_that_says_so(client: Client) -> None:
    foreign = client.get("/", headers={"host": "elsewhere.example"})
    huge = client.post("/newsletter/", {"email": "x" * 3_000_000})
    for answer in (foreign, huge):
        assert answer.status_code == 400
        assert b"could not be read" in answer.content
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
