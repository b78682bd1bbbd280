"""Two people who hand signatures over may be one; so it waits, and any other administrator stops it (dual_control)."""

import io
import math
import re
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.test import Client
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.database import clock
from campaign.observability.logs import scrubbed
from campaign.outbox import suppressions
from campaign.outbox.models import Item
from campaign.staff.accounts.address_verification import AddressLink
from campaign.staff.dual_control import mails, workflow
from campaign.staff.dual_control.models import Stage
from campaign.staff.dual_control.stop_links import StopLink
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Authenticator
from petitions.handover import approval, export_file
from petitions.models import HandOver, Petition
from tests.petitions.factories import end_wait, make_confirmed, make_handover, make_petition
from tests.race import race
from tests.staff import phone
from tests.staff.desk import at_the_desk, make_administrator

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://testserver(/admin/stop/\S+)")


@pytest.fixture
def ana() -> User:
    return make_administrator("ana")


@pytest.fixture
def bo() -> User:
    return make_administrator("bo")


@pytest.fixture
def third() -> User:
    return make_administrator("third")


@pytest.fixture
def petition() -> Petition:
    petition = make_petition()
    make_confirmed(petition)
    Item.objects.all().delete()
    return petition


@pytest.fixture
def handover(petition: Petition, ana: User, bo: User, third: User) -> HandOver:
    """Asked for by ana and approved by bo; it waits."""
    asked = make_handover(petition, by=ana)
    workflow.approve(asked, by=bo)
    return asked


@pytest.fixture
def link(handover: HandOver, third: User) -> str:
    """The path that was mailed to the third."""
    return StopLink.to(HandOver.objects.get(pk=handover.pk), account=third.pk).url().removeprefix("http://testserver")


def press(user: User, handover: HandOver, button: str, **typed: str) -> Any:
    return at_the_desk(user).post(f"/admin/petitions/handover/{handover.pk}/{button}/", typed, follow=True)


def page_of(handover: HandOver, user: User) -> str:
    return at_the_desk(user).get(f"/admin/petitions/handover/{handover.pk}/change/").content.decode()


def stage(handover: HandOver) -> Stage:
    return HandOver.objects.get(pk=handover.pk).stage


def told(event: str) -> set[str]:
    items = Item.objects.filter(kind=mails.NOTICE, payload__event=event)
    return {item.secret["address"] for item in items}


def acts() -> list[tuple[str, str]]:
    return list(Entry.objects.filter(act__startswith="handover.").order_by("pk").values_list("act", "who"))


def test_one_administrator_alone_gets_no_file(petition, ana):
    asked = make_handover(petition, by=ana)
    with pytest.raises(PermissionDenied):
        workflow.approve(asked, by=ana)
    with pytest.raises(workflow.NotOpen):
        approval.take(asked, by=ana)


def test_what_is_approved_cannot_be_taken_before_the_time(handover, ana):
    assert "its waiting time is not over" in press(ana, handover, "do").content.decode()
    assert (HandOver.objects.get().times_taken, stage(handover)) == (0, Stage.WAITING)
    day = F("approved_at") + timedelta(hours=24)
    assert HandOver.objects.filter(opens_at__gte=day, opens_at__lt=day + timedelta(seconds=1)).exists()


def test_after_the_time_either_takes_it(handover, ana, bo):
    end_wait(handover)
    for person in (ana, bo):
        content = b"".join(press(person, handover, "do").streaming_content)
        assert export_file.check_export(io.BytesIO(content)).totals["total"] == 1


def test_the_waiting_time_is_a_setting(petition, ana, bo, settings):
    settings.DUAL_CONTROL_WAIT_HOURS = 0
    asked = make_handover(petition, by=ana)
    workflow.approve(asked, by=bo)
    assert stage(asked) == Stage.OPEN


@pytest.mark.parametrize("hours", [-48, 48])
def test_the_clock_of_the_database_decides(handover, ana, bo, link, client, monkeypatch, hours):
    """Not that of the process that is asked."""
    wrong = clock.Reading(timezone.now() + timedelta(hours=hours), clock.counter(), math.inf)
    monkeypatch.setattr(clock.clock, "reading", wrong)
    with pytest.raises(workflow.NotOpen):
        approval.take(handover, by=ana)
    end_wait(handover)
    client.post(link)
    assert HandOver.objects.get().stopped_at is None
    assert b"".join(approval.take(handover, by=ana))


def test_everybody_is_told_of_an_approval_at_present_and_former_addresses(petition, ana, bo, third):
    asked = make_handover(petition, by=ana)
    values = {"username": "third", "email": "elsewhere@example.org", "is_active": "on", "is_staff": "on"}
    at_the_desk(ana).post(f"/admin/auth/user/{third.pk}/change/", {**values, "is_superuser": "on"})
    workflow.approve(asked, by=bo)
    everybody = {f"{name}@example.org" for name in ("ana", "bo", "third")}
    assert told("approved") == everybody
    elsewhere = AddressLink.to(third.pk, "elsewhere@example.org").url().removeprefix("http://testserver")
    assert at_the_desk(third).post(elsewhere).status_code == 200
    assert workflow.stop(asked, by=bo)
    assert told("stopped") == {*everybody, "elsewhere@example.org"}


def test_the_notice_cannot_be_switched_off(handover, third, outbox_drained, mailoutbox):
    suppressions.add(suppressions.fingerprint_of("third@example.org"), suppressions.Cause.COMPLAINT)
    outbox_drained()
    assert [mail for mail in mailoutbox if mail.to == ["third@example.org"] and "has agreed" in mail.body]


def test_the_notice_says_who_what_why_and_from_when_and_its_link_stops(
    handover, third, outbox_drained, mailoutbox, client
):
    outbox_drained()
    (notice,) = [mail for mail in mailoutbox if mail.to == ["third@example.org"] and "has agreed" in mail.body]
    words = " ".join(notice.body.split())
    assert "ana asked that all confirmed signatures are taken in one file" in words
    assert "“to Geneva”. bo has agreed. It waits until" in words
    found = LINK.search(notice.body)
    assert found
    assert "Stop this?" in client.get(found[1]).content.decode()
    assert client.post(found[1]).status_code == 200
    assert stage(handover) == Stage.STOPPED


def test_a_third_stops_it_by_the_mailed_link_without_logging_in(handover, link, client, ana):
    assert "It is stopped" in client.post(link).content.decode()
    assert acts()[-1] == ("handover.stopped", "third")
    assert Entry.objects.get(act="handover.stopped").details == {"way": "link"}
    assert told("stopped") == {f"{name}@example.org" for name in ("ana", "bo", "third")}
    end_wait(handover)
    with pytest.raises(workflow.NotOpen):
        approval.take(handover, by=ana)


def test_a_third_stops_it_in_the_admin(handover, third, ana):
    assert "Stop it" in page_of(handover, third)
    assert "Stopped for good" in press(third, handover, "stop").content.decode()
    assert acts()[-1] == ("handover.stopped", "third")
    assert told("stopped") == {f"{name}@example.org" for name in ("ana", "bo", "third")}
    assert "third stopped this" in page_of(handover, ana)
    end_wait(handover)
    assert "was stopped" in press(ana, handover, "do").content.decode()


def test_in_the_admin_it_is_stopped_after_the_waiting_time_too(handover, third, ana):
    end_wait(handover)
    press(third, handover, "stop")
    with pytest.raises(workflow.NotOpen):
        approval.take(handover, by=ana)


def test_a_request_is_stopped_before_anybody_agrees(petition, ana, bo, third):
    asked = make_handover(petition, by=ana)
    assert workflow.stop(asked, by=third)
    with pytest.raises(workflow.Lapsed):
        workflow.approve(asked, by=bo)


def test_without_the_permission_nobody_stops_it_in_the_admin(handover):
    editor = User.objects.create_user("editor", "e@example.org", "a-password-of-the-tests", is_staff=True)
    assert press(editor, handover, "stop").status_code == 403
    with pytest.raises(PermissionDenied):
        workflow.stop(handover, by=editor)
    assert stage(handover) == Stage.WAITING


def test_opening_pages_changes_nothing(handover, link, client, third):
    assert client.get(link).status_code == 200
    for button in ("stop", "approve", "do"):
        assert at_the_desk(third).get(f"/admin/petitions/handover/{handover.pk}/{button}/").status_code == 403
    assert stage(handover) == Stage.WAITING


def test_a_link_that_is_used_twice_stops_once(handover, link, client):
    answers = [client.post(link), client.post(link), client.get(link)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all("third stopped it" in answer.content.decode() for answer in answers)
    assert acts().count(("handover.stopped", "third")) == 1


def test_a_link_ends_with_the_waiting_time(handover, link, client):
    end_wait(handover)
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert stage(handover) == Stage.OPEN


def test_a_link_of_a_request_that_nobody_approved_does_nothing(petition, ana, client):
    asked = make_handover(petition, by=ana)
    url = StopLink.to(asked, account=ana.pk).url().removeprefix("http://testserver")
    assert client.post(url).status_code == 404
    assert stage(asked) == Stage.REQUESTED


@pytest.mark.parametrize("change", [str.upper, lambda link: link[:-2] + "/", lambda link: "/admin/stop/x/"])
def test_a_link_that_we_did_not_sign_does_nothing(handover, link, client, change: Callable[[str], str]):
    assert client.post(change(link)).status_code == 404
    assert stage(handover) == Stage.WAITING


def test_a_link_opens_nothing_else_and_logs_nobody_in(handover, link, client):
    token = link.split("/")[3]
    client.get(link)
    for path in (f"/petitions/confirm/{token}/", f"/petitions/mine/{token}/", "/admin/", "/admin/petitions/handover/"):
        assert client.get(path).status_code != 200
    assert "_auth_user_id" not in client.session


def test_the_page_is_not_stored_nor_written_into_logs(link, client):
    answer = client.get(link)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert scrubbed(f"GET {link}") == "GET /admin/stop/[token]/"


def test_another_site_stops_nothing(handover, link, client):
    assert client.post(link, headers={"origin": "https://evil.example"}).status_code == 403
    assert stage(handover) == Stage.WAITING


def test_who_has_left_still_stops_it_by_link_and_is_named(handover, link, client, third):
    third.delete()
    client.post(link)
    assert HandOver.objects.get().stopped_by == f"account {handover_account(link)}, which was deleted"


def handover_account(link: str) -> int:
    read = StopLink.read(link.split("/")[3])
    assert read
    return read.account


@pytest.fixture
def secret(ana: User, bo: User, settings: Any) -> str:
    """Of ana's phone, set up long ago; bo has one as well."""
    settings.STAFF_SECOND_FACTOR = True
    made = one_time_codes.new_secret()
    for person in (ana, bo):
        second_factor.set_up_factor(person, secret=made, step=-1, is_change=False)
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=30))
    return made


def verified(user: User) -> Client:
    client = at_the_desk(user)
    session = client.session
    session["otp_device_id"] = Authenticator.objects.get(user=user).persistent_id
    session.save()
    return client


def test_the_file_takes_a_fresh_code(petition, ana, bo, secret):
    asked = make_handover(petition, by=ana)
    workflow.approve(asked, by=bo)
    end_wait(asked)
    desk, page = verified(ana), f"/admin/petitions/handover/{asked.pk}/do/"
    assert "This field is required" in desk.post(page, follow=True).content.decode()
    assert "was not accepted" in desk.post(page, {"code": "abcde fghij"}, follow=True).content.decode()
    assert HandOver.objects.get().times_taken == 0
    typed = phone.code(secret)
    taken: Any = desk.post(page, {"code": typed})
    assert b"".join(taken.streaming_content)
    assert "was not accepted" in desk.post(page, {"code": typed}, follow=True).content.decode()
    assert HandOver.objects.get().times_taken == 1


def test_what_an_older_release_approved_is_asked_for_anew(handover, ana):
    HandOver.objects.update(opens_at=None)
    with pytest.raises(workflow.NotOpen):
        approval.take(handover, by=ana)
    assert "asks again" in page_of(handover, ana)


@pytest.fixture
def asked_for_together(transactional_db: None) -> tuple[HandOver, User, User]:
    ana, bo = make_administrator("ana"), make_administrator("bo")
    return make_handover(make_petition(), by=ana), ana, bo


@pytest.mark.django_db(transaction=True)
def test_of_a_stop_and_an_approval_at_once_the_stop_holds(asked_for_together):
    asked, _ana, bo = asked_for_together
    approved, stopped = race(
        lambda: workflow.approve(asked, by=bo), lambda: workflow.stop(asked, by=bo), after="FOR UPDATE"
    )
    assert (approved.exception(), stopped.result()) == (None, True)
    assert stage(asked) == Stage.STOPPED
    assert [act for act, _who in acts()] == ["handover.requested", "handover.approved", "handover.stopped"]


@pytest.mark.django_db(transaction=True)
def test_what_is_stopped_at_the_same_moment_is_not_approved(asked_for_together):
    asked, _ana, bo = asked_for_together
    stopped, approved = race(
        lambda: workflow.stop(asked, by=bo), lambda: workflow.approve(asked, by=bo), after="FOR UPDATE"
    )
    assert stopped.result()
    assert isinstance(approved.exception(), workflow.Lapsed)
    assert stage(asked) == Stage.STOPPED


@pytest.mark.django_db(transaction=True)
def test_what_is_stopped_at_the_same_moment_is_not_taken(asked_for_together):
    asked, ana, bo = asked_for_together
    workflow.approve(asked, by=bo)
    end_wait(asked)
    taken: Future[Any]
    stopped, taken = race(lambda: workflow.stop(asked, by=bo), lambda: approval.take(asked, by=ana), after="FOR UPDATE")
    assert stopped.result()
    assert isinstance(taken.exception(), workflow.NotOpen)
    assert HandOver.objects.get().times_taken == 0


def test_nothing_is_left_to_stop_of_what_is_over(handover, third):
    HandOver.objects.update(opens_at=F("opens_at") - timedelta(days=9))
    assert "nothing left to stop" in press(third, handover, "stop").content.decode()
    assert HandOver.objects.get().stopped_at is None
