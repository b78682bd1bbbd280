"""Pausing and ending are acts of their own: they say what they do, can be undone, and are noted."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.audit.models import Entry
from tests.letters.factories import make_campaign as make_letter_campaign
from tests.pages.test_roles import member
from tests.petitions.factories import make_petition
from tests.petitions.paper import make_staff
from tests.staff.test_conflicts import opened

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[make_petition, make_letter_campaign], ids=["petition", "letters"])
def appeal(request):
    return request.param()


@pytest.fixture
def desk(client):
    client.force_login(make_staff())
    return client


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def page(appeal, act: str) -> str:
    change = reverse(f"admin:{appeal._meta.app_label}_{appeal._meta.model_name}_change", args=[appeal.pk])
    return change.replace("/change/", f"/acts/{act}/")


def offered(desk, appeal) -> list[str]:
    text = desk.get(page(appeal, "x").replace("/acts/x/", "/change/")).content.decode()
    return [words for words in ("Pause …", "Resume …", "End it now …") if words in text]


def test_what_can_be_done_now_is_offered_and_looking_does_nothing(desk, appeal):
    assert offered(desk, appeal) == ["Pause …", "End it now …"]
    assert "You can resume it at any time." in desk.get(page(appeal, "pause")).content.decode()
    appeal.refresh_from_db()
    assert appeal.is_open


def test_a_pause_is_said_undone_and_noted(desk, appeal):
    assert "Paused: nobody can take part" in desk.post(page(appeal, "pause"), follow=True).content.decode()
    appeal.refresh_from_db()
    assert (appeal.status, offered(desk, appeal)) == ("paused", ["Resume …", "End it now …"])
    desk.post(page(appeal, "resume"))
    appeal.refresh_from_db()
    assert appeal.status == "open"
    kind = appeal._meta.model_name
    assert [entry.act for entry in Entry.objects.order_by("pk")] == [f"{kind}.paused", f"{kind}.resumed"]


def test_an_end_is_now_and_another_date_undoes_it(desk, appeal):
    desk.post(page(appeal, "end"))
    appeal.refresh_from_db()
    assert (appeal.status, offered(desk, appeal)) == ("closed", ["Pause …"])
    type(appeal).objects.filter(pk=appeal.pk).update(closes_at=timezone.now() + timedelta(days=1))
    appeal.refresh_from_db()
    assert appeal.status == "open"


def test_done_twice_it_is_noted_once_and_says_so(desk, appeal):
    desk.post(page(appeal, "pause"))
    assert "Somebody has done that already." in desk.post(page(appeal, "pause"), follow=True).content.decode()
    assert Entry.objects.filter(act__endswith=".paused").count() == 1


@pytest.mark.parametrize("act", ["pause", "end"])
def test_who_may_only_look_can_stop_nothing(client, act):
    petition = make_petition()
    client.force_login(member("Moderator"))
    assert client.get(page(petition, act)).status_code == 403
    assert client.post(page(petition, act)).status_code == 403
    assert offered(client, petition) == []


def test_another_word_is_no_act(desk, appeal):
    assert desk.post(page(appeal, "remove")).status_code == 404


def test_what_is_published_again_but_over_says_so(desk):
    petition = make_petition(visibility="archived", opens_at=ago(days=9), closes_at=ago(days=1))
    where = page(petition, "x").replace("/acts/x/", "/change/")
    answer = desk.post(where, opened(desk, where) | {"visibility": ["published"]}, follow=True)
    assert "It is published, and closed" in answer.content.decode()


def test_new_ones_are_not_born_paused(desk, appeal):
    assert "id_is_paused" not in desk.get(page(appeal, "x").split(f"{appeal.pk}/")[0] + "add/").content.decode()
