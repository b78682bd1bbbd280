"""Nobody saves over what somebody else saved since the form was opened (campaign/staff/editing/conflicts.py)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.revisions import history
from campaign.staff.editing.guarded_forms import Guarded
from letters.models import LetterCampaign
from pages.models import Audience, Page, SiteSettings
from petitions.models import Milestone, Petition
from standalone.supervision.process import wait_until
from tests.pages.factories import make_audience, make_block, make_letter_campaign, make_page, make_staff
from tests.petitions.factories import make_petition
from tests.race import somebody_waits_for_me
from tests.staff.test_noted import DELETED_ONLY, MAKERS, REGISTERED, page_of

pytestmark = pytest.mark.django_db
TYPED = ("text", "email", "url", "number")
WORDS = ("title", "name", "subject", "note", "asked_by", "first_name", "path")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff())
    return client


def opened(desk: Client, where: str) -> dict[str, list[str]]:
    """What the form there would send if it were saved as it stands."""
    return sent_by(form_in(desk.get(where).content.decode()))


def form_in(page: str) -> Any:
    document: Any = lxml.html.document_fromstring(page)
    return next(form for form in document.forms if str(form.get("id")).endswith("_form"))


WITHOUT_WORDS = {"pages.WeeklyDigest", "protection.SitePause"}  # forms of choices alone


def sent_by(form: Any) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {"_save": ["Save"]}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for item in form.inputs:
        if item.name and (item.tag == "textarea" or item.get("type") in TYPED):
            values.setdefault(item.name, [item.value or ""])
    return values


def shown_again(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return sent_by(form_in(answer.content.decode()))


def errors_in(answer: Any) -> list[str]:
    document: Any = lxml.html.document_fromstring(answer.content.decode())
    return [item.text_content().strip() for item in document.xpath('//ul[contains(@class, "errorlist")]/li')]


def stored(row: models.Model, name: str) -> Any:
    return type(row)._default_manager.values_list(name, flat=True).get(pk=row.pk)


def test_every_form_of_the_desk_is_guarded():
    assert all(isinstance(each, Guarded) for each in REGISTERED.values())


@pytest.mark.parametrize("label", sorted(MAKERS.keys() - DELETED_ONLY - WITHOUT_WORDS))
def test_the_second_save_is_refused_with_what_differs(desk, label):
    row = MAKERS[label]()
    where = page_of(label, row, "change")
    mine, theirs = opened(desk, where), opened(desk, where)
    (name, *_others) = [name for name in WORDS if name in theirs]
    theirs[name], mine[name] = ["Theirs"], ["Mine"]
    assert desk.post(where, theirs).status_code == 302
    again = desk.post(where, mine)
    assert any("Changed meanwhile to “Theirs”" in error for error in errors_in(again))
    assert stored(row, name) == "Theirs"
    kept = shown_again(again)
    assert kept[name] == ["Mine"]
    assert desk.post(where, kept).status_code == 302
    assert stored(row, name) == "Mine"


@pytest.mark.parametrize("label", sorted(MAKERS.keys() - DELETED_ONLY))
def test_a_form_that_nobody_changed_meanwhile_is_saved(desk, label):
    row = MAKERS[label]()
    where = page_of(label, row, "change")
    answer = desk.post(where, opened(desk, where))
    assert answer.status_code == 302, errors_in(answer)


@pytest.mark.parametrize(("make", "name"), [(make_petition, "asked_by"), (make_letter_campaign, "closing_note")])
def test_a_pause_is_not_undone_by_a_form_that_was_opened_before(desk, make, name):
    row: Petition | LetterCampaign = make(closes_at=timezone.now() + timedelta(days=30))
    where = page_of(row._meta.label, row, "change")
    mine = opened(desk, where)
    desk.post(where.replace("/change/", "/acts/pause/"))
    mine[name] = ["What I typed"]
    assert desk.post(where, mine).status_code == 302
    assert (stored(row, "is_paused"), stored(row, name)) == (True, "What I typed")
    assert "is_paused" not in mine


def test_the_pause_of_the_whole_site_is_not_undone(desk):
    pause = MAKERS["protection.SitePause"]()
    where = page_of("protection.SitePause", pause, "change")
    mine, theirs = opened(desk, where), opened(desk, where) | {"is_on": ["on"]}
    desk.post(where, theirs)
    assert "Changed meanwhile to “yes”, as it stands here now." in errors_in(desk.post(where, mine))
    assert stored(pause, "is_on") is True


def test_an_urgent_notice_does_not_vanish(desk):
    site = SiteSettings.objects.create(name="A coalition")
    where = page_of("pages.SiteSettings", site, "change")
    mine, notice = opened(desk, where), opened(desk, where)
    notice["banner"] = ["The site is under attack"]
    desk.post(where, notice)
    mine["strapline"] = ["What I typed"]
    again = desk.post(where, mine)
    assert stored(site, "banner") == "The site is under attack"
    desk.post(where, shown_again(again))
    assert (stored(site, "banner"), stored(site, "strapline")) == ("The site is under attack", "What I typed")


def test_who_saved_last_is_named(desk):
    page = make_page()
    where = page_of("pages.Page", page, "change")
    mine, theirs = opened(desk, where), opened(desk, where)
    other = Client()
    other.force_login(User.objects.create_superuser("ada"))
    other.post(where, theirs | {"title": ["Theirs"]})
    assert "last by ada" in errors_in(desk.post(where, mine))[0]


def test_the_same_change_by_two_is_none(desk):
    page = make_page()
    where = page_of("pages.Page", page, "change")
    mine, theirs = opened(desk, where) | {"title": ["Same"]}, opened(desk, where) | {"title": ["Same"]}
    desk.post(where, theirs)
    assert desk.post(where, mine).status_code == 302


def test_a_row_that_was_changed_meanwhile_is_shown_and_kept(desk):
    page = make_page()
    block = make_block(page, "<p>One.</p>")
    where = page_of("pages.Page", page, "change")
    mine, theirs = opened(desk, where), opened(desk, where)
    desk.post(where, theirs | {"blocks-0-body": ["<p>Theirs.</p>"]})
    again = desk.post(where, mine | {"blocks-0-heading": ["Mine"]})
    assert "Changed meanwhile to “Theirs.”, as it stands here now." in errors_in(again)
    desk.post(where, shown_again(again))
    assert (stored(block, "body"), stored(block, "heading")) == ("<p>Theirs.</p>", "Mine")


def test_a_row_that_was_added_meanwhile_is_told(desk):
    petition = make_petition()
    where = page_of("petitions.Petition", petition, "change")
    mine = opened(desk, where)
    Milestone.objects.create(petition=petition, count=4321)
    again = desk.post(where, mine)
    assert any(("Added meanwhile: " in error and "4,321" in error) or "4321" in error for error in errors_in(again))
    assert desk.post(where, shown_again(again)).status_code == 302
    assert Milestone.objects.filter(count=4321).exists()


def test_a_row_that_was_deleted_meanwhile_is_told_and_what_was_typed_in_it_stands(desk):
    page = make_page()
    blocks = [make_block(page, f"<p>{number}</p>", order=number) for number in range(4)]
    where = page_of("pages.Page", page, "change")
    mine = opened(desk, where) | {"blocks-0-heading": ["Mine"], "blocks-3-heading": ["Last"]}
    for block in blocks[:2]:
        block.delete()
    again = desk.post(where, mine)
    assert sum(error.startswith("Deleted meanwhile: ") for error in errors_in(again)) == 2
    desk.post(where, shown_again(again))
    assert list(page.blocks.values_list("body", "heading")) == [
        ("<p>0</p>", "Mine"),
        ("<p>2</p>", ""),
        ("<p>3</p>", "Last"),
    ]


def test_a_version_that_is_brought_back_does_not_hide_what_was_saved_meanwhile(desk):
    page = make_page(title="First")
    draft = history.record_draft(page, history.snapshot(page) | {"title": "Draft"}, by=None)
    where = f"{page_of('pages.Page', page, 'change')}?version={draft.pk}"
    mine = opened(desk, where)
    Page.objects.update(lede="Theirs")
    again = desk.post(where, mine)
    assert "Changed meanwhile to “Theirs”, as it stands here now." in errors_in(again)
    assert stored(page, "title") == "First"
    desk.post(where, shown_again(again))
    assert (stored(page, "title"), stored(page, "lede")) == ("Draft", "Theirs")


def test_a_column_of_a_list_that_was_changed_meanwhile_is_shown(desk):
    one, two = make_audience("one", order=1), make_audience("two", order=2)
    where = "/admin/pages/audience/"
    mine, theirs = opened_list(desk, where), opened_list(desk, where)
    index = {mine[f"form-{number}-id"][0]: number for number in range(2)}
    desk.post(where, theirs | {f"form-{index[str(one.pk)]}-order": ["7"]})
    again = desk.post(where, mine | {f"form-{index[str(two.pk)]}-order": ["8"]})
    assert "Changed meanwhile to “7”, as it stands here now." in errors_in(again)
    assert (stored(one, "order"), stored(two, "order")) == (7, 2)
    desk.post(where, list_in(again.content))
    assert (stored(one, "order"), stored(two, "order")) == (7, 8)


REST = "All else stands below and is not saved yet."


def test_a_row_of_a_list_that_was_deleted_meanwhile_is_told_and_all_else_stands(desk):
    rows = [make_audience(slug, name=slug, order=number) for number, slug in enumerate(["one", "two", "three"])]
    where = "/admin/pages/audience/"
    mine = opened_list(desk, where) | {"form-0-order": ["7"], "form-1-order": ["8"]}
    desk.post(page_of("pages.Audience", rows[0], "delete"), {"post": "yes"})
    again = desk.post(where, mine)
    assert [error for error in errors_in(again) if "meanwhile" in error] == [
        "Deleted meanwhile: action list “one”. You had typed there: Place: 7. " + REST
    ]
    assert stored(rows[1], "order") == 1
    assert desk.post(where, list_in(again.content)).status_code == 302
    assert [stored(row, "order") for row in rows[1:]] == [8, 2]


def test_a_list_of_which_every_row_was_deleted_meanwhile_says_so(desk):
    row = make_audience("one")
    where = "/admin/pages/audience/"
    mine = opened_list(desk, where)
    row.delete()
    assert "Deleted meanwhile: action list. All else" in desk.post(where, mine).content.decode()


def test_a_list_that_was_put_in_another_order_meanwhile_shows_what_was_typed_beside_its_row(desk):
    one, two = make_audience("one", name="One", order=1), make_audience("two", name="Two", order=2)
    where = "/admin/pages/audience/"
    mine = opened_list(desk, where) | {"form-1-order": ["5"]}
    Audience.objects.filter(pk=one.pk).update(order=9)
    document: Any = lxml.html.document_fromstring(desk.post(where, mine).content.decode())
    rows = document.xpath('//table[@id="result_list"]/tbody/tr')
    shown = [(row.xpath("string(th)"), row.xpath('.//input[contains(@name, "-order")]/@value')) for row in rows]
    assert shown == [("One", ["9"]), ("Two", ["5"])]
    assert stored(two, "order") == 2


def opened_list(desk: Client, where: str) -> dict[str, list[str]]:
    return list_in(desk.get(where).content)


def list_in(page: bytes) -> dict[str, list[str]]:
    document: Any = lxml.html.document_fromstring(page.decode())
    return sent_by(document.get_element_by_id("changelist-form"))


def translation_in(page: bytes) -> dict[str, list[str]]:
    document: Any = lxml.html.document_fromstring(page.decode())
    return sent_by(document.get_element_by_id("content-main"))


def test_a_translation_that_was_changed_meanwhile_is_shown(desk):
    audience = make_audience("medicine", name="Doctors", lede="Words")
    where = page_of("pages.Audience", audience, "translations") + "de/"
    mine, theirs = (translation_in(desk.get(where).content) for _ in range(2))
    name, lede = (f"audience-{audience.pk}-{field}" for field in ("name", "lede"))
    desk.post(where, theirs | {name: ["Theirs"]})
    again = desk.post(where, mine | {lede: ["Mine"]})
    assert "Changed meanwhile to “Theirs”, as it stands here now." in errors_in(again)
    assert "name" in stored(audience, "translations")["de"]
    desk.post(where, translation_in(again.content))
    now = stored(audience, "translations")["de"]
    assert (now["name"], now["lede"]) == ("Theirs", "Mine")


def test_an_original_that_was_changed_meanwhile_is_told_to_who_translates(desk):
    audience = make_audience("medicine", name="Doctors")
    where = page_of("pages.Audience", audience, "translations") + "de/"
    mine = translation_in(desk.get(where).content) | {f"audience-{audience.pk}-name": ["Ärzte"]}
    Audience.objects.update(name="Nurses")
    again = desk.post(where, mine)
    assert "The original was changed meanwhile. See whether this still says the same." in errors_in(again)
    assert stored(audience, "translations") == {}


@pytest.mark.parametrize("seen", ["", "x", "[]", '{"": 1}'])
def test_what_no_form_of_ours_has_sent_is_no_error(desk, seen):
    page = make_page()
    where = page_of("pages.Page", page, "change")
    assert desk.post(where, opened(desk, where) | {"_seen": [seen]}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_the_second_is_refused(desk):
    petition = make_petition()
    where = page_of("petitions.Petition", petition, "change")
    mine = opened(desk, where)

    def save() -> int:
        try:
            return desk.post(where, mine).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Petition.objects.update(asked_by="Theirs")
            second = pool.submit(save)
            assert wait_until(somebody_waits_for_me, seconds=60)
        assert second.result() == 200
    assert stored(petition, "asked_by") == "Theirs"


def post_while_somebody_saves(desk: Client, where: str, mine: dict[str, list[str]], save: Callable[[], object]) -> int:
    """Post `mine` while the transaction of `save` is open; the status of the answer."""

    def post() -> int:
        try:
            return desk.post(where, mine).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            save()
            second = pool.submit(post)
            assert wait_until(somebody_waits_for_me, seconds=60)
        return second.result()


@pytest.mark.django_db(transaction=True)
def test_what_a_form_does_not_hold_is_not_written_back_as_it_was(desk):
    audience = make_audience("medicine", name="Doctors")
    where = page_of("pages.Audience", audience, "change")
    desk.post(where, opened(desk, where))  # so that there is a version, and nothing else locks the row first
    german = {"de": {"name": "Ärzte"}}
    mine = opened(desk, where)
    post_while_somebody_saves(desk, where, mine, lambda: Audience.objects.update(translations=german))
    assert stored(audience, "translations") == german


@pytest.mark.django_db(transaction=True)
def test_of_two_who_translate_at_the_same_moment_the_second_is_refused(desk):
    audience = make_audience("medicine", name="Doctors", translations={"de": {"name": "Ärzte"}})
    where = page_of("pages.Audience", audience, "translations") + "de/"
    mine = translation_in(desk.get(where).content) | {f"audience-{audience.pk}-name": ["Mediziner"]}
    german = {"de": {"name": "Ärztinnen"}}
    status = post_while_somebody_saves(desk, where, mine, lambda: Audience.objects.update(translations=german))
    assert (status, stored(audience, "translations")) == (200, german)


@pytest.mark.parametrize("change", [{"name": ["Another"]}, {}])
def test_nobody_who_signs_waits_for_a_petition_that_is_being_saved(desk, change):
    """Signatures point at their petition, so a lock against deleting it would make them wait."""
    petition = make_petition()
    where = page_of("petitions.Petition", petition, "change")
    mine = opened(desk, where) | change
    with CaptureQueriesContext(connection) as queries:
        desk.post(where, mine)
    locking = [query["sql"] for query in queries if "FOR " in query["sql"] and '"petitions_petition"' in query["sql"]]
    assert [sql for sql in locking if "FOR NO KEY UPDATE" in sql] != []
    assert [sql for sql in locking if "FOR UPDATE" in sql] == []
