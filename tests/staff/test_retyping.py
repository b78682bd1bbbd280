"""What was typed when the session is over, or the cookies are gone, stands in the form again after logging in."""

import math
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.database import clock
from campaign.revisions import history
from campaign.secrecy.models import Period
from campaign.secrecy.periods import boxes, keys
from campaign.staff.editing import retyping
from campaign.staff.login import one_time_codes, second_factor
from pages.models import Page
from petitions.models import Signature
from tests.pages.factories import make_block, make_page
from tests.petitions.desk import form_of
from tests.petitions.factories import make_petition
from tests.petitions.paper import ANA, DESK, register
from tests.staff import phone

pytestmark = pytest.mark.django_db
PASSWORD = "a long and good password"
TYPED = "A day's work of “words” <b>that</b> matter"


def person(name: str) -> User:
    return User.objects.create_superuser(name, f"{name}@example.org", PASSWORD)


@pytest.fixture
def page() -> Page:
    page = make_page(title="Before")
    make_block(page)
    return page


def log_in(client: Client, name: str, **fields: str) -> Any:
    return client.post("/admin/login/", {"username": name, "password": PASSWORD, **fields})


def address(content: Any) -> str:
    return reverse(f"admin:{content._meta.label_lower.replace('.', '_')}_change", args=[content.pk])


def typed_form(client: Client, path: str, **changed: str) -> dict[str, Any]:
    return {**form_of(client, path), **changed}


def end_session() -> None:
    Session.objects.all().delete()


def carried(answer: Any) -> str:
    found = re.search(r'name="typed" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def again(client: Client, name: str, answer: Any, path: str) -> str:
    """Log in on the page that was answered with, and return the page that follows."""
    after = log_in(client, name, typed=carried(answer), next=path)
    assert after.headers["Location"] == path
    shown = client.get(path)
    assert shown.status_code == 200
    return unescape(shown.content.decode())


def test_a_form_stands_as_typed_after_logging_in_and_is_saved_only_then(client, page):
    person("ana")
    log_in(client, "ana")
    path = address(page)
    values = typed_form(client, path, title=TYPED, lede="And a lede", **{"blocks-0-body": "<p>The text of a block</p>"})
    end_session()
    answer = client.post(path, values)
    assert answer.status_code == 403
    assert "What you typed is not lost" in answer.content.decode()
    html = again(client, "ana", answer, path)
    assert ("ManagementForm" in html, "The text of a block" in html) == (False, True)
    assert (TYPED in html, "And a lede" in html, "Nothing was saved yet" in html) == (True, True, True)
    page.refresh_from_db()
    assert page.title == "Before"
    assert not Entry.objects.filter(act="content.saved").exists()
    assert client.post(path, values).status_code == 302
    page.refresh_from_db()
    assert page.title == TYPED
    assert "Nothing was saved yet" not in client.get(path).content.decode()


def test_no_address_holds_what_was_typed(client, page):
    person("ana")
    log_in(client, "ana")
    values = typed_form(client, address(page), title="Secretword")
    end_session()
    answer = client.post(address(page), values)
    assert "Secretword" not in answer.content.decode()
    after = log_in(client, "ana", typed=carried(answer), next=address(page))
    assert "Secretword" not in after.headers["Location"]
    assert "Secretword" not in str(list(Session.objects.values_list("session_data", flat=True)))


def test_a_new_object_and_a_wrong_password_on_the_way(client):
    person("ana")
    log_in(client, "ana")
    path = reverse("admin:pages_page_add")
    values = typed_form(client, path, title=TYPED, slug="new")
    end_session()
    field = carried(client.post(path, values))
    wrong = client.post("/admin/login/", {"username": "ana", "password": "wrong", "typed": field, "next": path})
    html = again(client, "ana", wrong, path)
    assert TYPED in html
    assert not Page.objects.exists()


def test_it_is_shown_after_the_code_and_not_before(client, page, settings):
    settings.STAFF_SECOND_FACTOR = True
    ana = person("ana")
    secret = one_time_codes.new_secret()
    second_factor.set_up_factor(ana, secret=secret, step=-1, is_change=False)
    answer = client.post(address(page), {"title": TYPED, "slug": "about"})
    after = log_in(client, "ana", typed=carried(answer), next=address(page))
    asked = client.get(after.headers["Location"], follow=True)
    assert TYPED not in unescape(asked.content.decode())
    done = client.post("/admin/second-factor/", {"code": phone.code(secret), "next": address(page)})
    assert TYPED in unescape(client.get(done.headers["Location"]).content.decode())


def test_who_gave_the_password_and_no_code_loses_nothing_either(client, page, settings):
    settings.STAFF_SECOND_FACTOR = True
    ana = person("ana")
    secret = one_time_codes.new_secret()
    second_factor.set_up_factor(ana, secret=secret, step=-1, is_change=False)
    log_in(client, "ana")
    assert client.post(address(page), {"title": TYPED}).status_code == 302
    client.post("/admin/second-factor/", {"code": phone.code(secret)})
    assert TYPED in unescape(client.get(address(page)).content.decode())


def test_somebody_else_who_logs_in_there_does_not_see_it(client, page):
    person("ana"), person("bo")
    log_in(client, "ana")
    values = typed_form(client, address(page), title=TYPED)
    end_session()
    answer = client.post(address(page), values)
    log_in(client, "bo", typed=carried(answer), next=address(page))
    assert TYPED not in unescape(client.get(address(page)).content.decode())


def test_what_a_colleague_saved_meanwhile_is_told_with_what_was_typed(client, page):
    person("ana")
    log_in(client, "ana")
    history.record(page, by=None)
    values = typed_form(client, address(page), title=TYPED)
    seen = re.search(r'name="_seen" value="([^"]*)"', client.get(address(page)).content.decode())
    assert seen
    values["_seen"] = unescape(seen[1])
    end_session()
    answer = client.post(address(page), values)
    Page.objects.update(title="A colleague's")
    html = again(client, "ana", answer, address(page))
    assert (TYPED in html, "Changed meanwhile to “A colleague's”" in html) == (True, True)


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})


def token(client: Client, path: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(path).content.decode())
    assert found
    return found[1]


def test_when_all_cookies_are_gone_the_text_is_kept(strict, page):
    person("ana")
    answer = strict.post(address(page), {"title": TYPED, "slug": "about", "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    field = carried(answer)
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())
    assert csrf
    after = log_in(strict, "ana", typed=field, next=address(page), csrfmiddlewaretoken=csrf[1])
    assert after.status_code == 302
    assert TYPED in unescape(strict.get(address(page)).content.decode())


def test_when_only_the_token_is_wrong_the_form_is_shown_at_once(strict, page):
    ana = person("ana")
    strict.force_login(ana)
    answer = strict.post(address(page), {"title": TYPED, "slug": "about"}, follow=True)
    html = unescape(answer.content.decode())
    assert (answer.status_code, TYPED in html, "Nothing was saved yet" in html) == (200, True, True)
    assert Page.objects.get().title == "Before"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_refused_and_kept_nowhere(page, site):
    strict = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": site})
    strict.force_login(person("ana"))
    answer = strict.post(address(page), {"title": TYPED})
    assert answer.status_code == 403
    assert 'name="typed"' not in answer.content.decode()
    assert TYPED not in unescape(strict.get(address(page)).content.decode())


def test_passwords_and_codes_are_not_carried(client):
    ana = person("ana")
    values = {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x", "csrfmiddlewaretoken": "t"}
    assert client.post("/admin/password_change/", values).status_code == 302
    answer = client.post(f"/admin/auth/user/{ana.pk}/change/", {"first_name": "Ana", "code": "123456"})
    log_in(client, "ana", typed=carried(answer), next="/")
    html = client.get(f"/admin/auth/user/{ana.pk}/change/").content.decode()
    assert ('value="Ana"' in html, "123456" in html) == (True, False)


def test_of_files_it_is_said_that_they_cannot_be_kept(client):
    person("ana")
    path = reverse("admin:pages_picture_add")
    answer = client.post(path, {"title": "Candles", "file": SimpleUploadedFile("a.png", b"x")})
    html = again(client, "ana", answer, path)
    assert ('value="Candles"' in html, "A file cannot be carried over" in html) == (True, True)


def test_a_translation_and_rows_of_paper_stand_as_typed(client):
    person("ana")
    page = make_page(title="About")
    path = reverse("admin:pages_page_translate", args=[page.pk, "de"])
    answer = client.post(path, {f"page-{page.pk}-title": "Über uns", "is_shown": "on"})
    html = again(client, "ana", answer, path)
    assert ("Über uns" in html, "Nothing was saved yet" in html) == (True, True)
    page.refresh_from_db()
    assert page.translations == {}

    batch = register(client, make_petition())
    path = f"{DESK}{batch.pk}/type/"
    rows = {"first": 1, "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "finish": "1"}
    rows |= {f"form-0-{name}": value for name, value in ANA.items()}
    end_session()
    html = again(client, "ana", client.post(path, rows), path)
    assert f'value="{ANA["name"]}"' in html
    assert not Signature.objects.exists()


def test_what_has_no_form_of_its_own_is_listed_with_a_button_that_sends_it(client):
    person("ana")
    path = reverse("admin:petitions_paper_register")
    answer = client.post(path, {"collector": "Jo", "place": "Market"})
    html = again(client, "ana", answer, path)
    assert "Send it again" in html
    assert re.search(r"<dd>\s*Market\s*</dd>", html)
    assert 'name="place" value="Market"' in html


@pytest.fixture
def own_keys(settings, tmp_path) -> Iterator[None]:
    """A folder of keys for this test alone, and nothing remembered of another."""
    settings.KEY_FOLDER = tmp_path / "keys"
    Period.objects.all().delete()
    boxes.sealers.clear()
    yield
    boxes.sealers.clear()


def test_after_an_hour_nobody_can_read_it(client, page, own_keys):
    person("ana")
    answer = client.post(address(page), {"title": TYPED})
    log_in(client, "ana", typed=carried(answer), next=address(page))
    for period in Period.objects.filter(purpose="page"):
        keys.destroy(bytes(period.public_key)[: keys.ID_BYTES])
        boxes.forget(bytes(period.public_key)[: keys.ID_BYTES])
    shown = client.get(address(page))
    assert (shown.status_code, TYPED in unescape(shown.content.decode())) == (200, False)
    assert "typed" not in client.session


def test_after_an_hour_it_is_dropped_though_the_key_is_still_there(client, page, own_keys, monkeypatch):
    person("ana")
    answer = client.post(address(page), {"title": TYPED})
    log_in(client, "ana", typed=carried(answer), next=address(page))
    client.get("/admin/")
    assert "typed" in client.session
    later = clock.Reading(timezone.now() + timedelta(minutes=61), clock.counter(), good_until=math.inf)
    monkeypatch.setattr(clock.clock, "reading", later)
    client.get("/admin/")
    assert "typed" not in client.session


@pytest.mark.parametrize("path", ["/admin/password_change/", "/admin/auth/user/{}/password/"])
def test_nothing_is_held_of_a_page_that_changes_a_password(client, path):
    path = path.format(person("ana").pk)
    answer = client.post(path, {"under_any_name": "a password"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/admin/login/?next={path}")


def test_the_pages_of_which_nothing_is_held_are_pages_of_the_admin():
    _prefix, resolver = get_resolver().namespace_dict["admin"]
    assert retyping.NEVER_HELD.issubset(resolver.reverse_dict)


@pytest.mark.parametrize("field", ["x", "AAAA", "é", "A" * 5000, ""])
def test_a_field_that_was_not_made_here_does_nothing(client, page, field):
    person("ana")
    assert log_in(client, "ana", typed=field, next=address(page)).status_code == 302
    assert client.get(address(page)).status_code == 200


def test_what_is_too_long_is_not_lost_without_a_word(client, page):
    answer = client.post(address(page), {"title": secrets.token_urlsafe(345_000)})  # cannot be packed
    assert answer.status_code == 403
    html = answer.content.decode()
    assert ("too long to be carried over" in html, 'name="typed"' in html) == (True, False)


def test_a_stranger_fills_no_table(client, page):
    sessions = Session.objects.count()
    client.post(address(page), {"title": TYPED})
    assert Session.objects.count() == sessions


def test_who_may_not_change_it_sees_no_form(client, page):
    User.objects.create_user("eve", "eve@example.org", PASSWORD, is_staff=True)
    answer = client.post(address(page), {"title": TYPED})
    log_in(client, "eve", typed=carried(answer), next=address(page))
    shown = client.get(address(page))
    assert (shown.status_code, TYPED in unescape(shown.content.decode())) == (403, False)
    page.refresh_from_db()
    assert page.title == "Before"
