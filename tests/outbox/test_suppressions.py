"""Letting an address in again that gets no mail (campaign/outbox/suppressions.py)."""

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.outbox import suppressions
from campaign.outbox.models import Suppression
from campaign.outbox.suppressions import fingerprint_of, is_suppressed

pytestmark = pytest.mark.django_db
FIND, ADDRESS = "/admin/outbox/suppression/find/", "ana@example.org"
WHY = "asked us for their mail"


@pytest.fixture
def moderator(client) -> User:
    user = User.objects.create_user("mo", is_staff=True)
    user.groups.add(Group.objects.get(name="Moderator"))
    client.force_login(user)
    return user


@pytest.fixture
def suppression() -> Suppression:
    return Suppression.objects.create(fingerprint=fingerprint_of(ADDRESS), cause="not_me")


def test_staff_find_an_address_and_let_mail_go_to_it_again(client, moderator, suppression):
    path = f"/admin/outbox/suppression/{suppression.pk}/delete/"
    assert f'href="{path}"' in client.post(FIND, {"address": "Ana+x@EXAMPLE.org", "reason": WHY}).content.decode()
    client.post(path, {"post": "yes"})
    assert not is_suppressed(ADDRESS)
    assert "This address gets mail." in client.post(FIND, {"address": ADDRESS, "reason": WHY}).content.decode()
    noted = Entry.objects.order_by("pk").values_list("act", "details")
    assert [act for act, _ in noted] == ["suppression.looked-up", "suppression.deleted", "suppression.looked-up"]
    assert [details.get("found") for _, details in noted] == [True, None, False]
    assert "example.org" not in str(list(noted)).lower()


def test_looking_up_is_for_those_who_may_lift(client, moderator, suppression):
    moderator.groups.clear()
    assert client.post(FIND, {"address": ADDRESS, "reason": WHY}).status_code == 403
    assert client.get("/admin/outbox/suppression/").status_code == 403
    assert not Entry.objects.exists()


def test_a_suppression_tells_the_day_and_no_moment():
    before = timezone.now()
    suppressions.add(b"print", suppressions.Cause.NOT_ME)
    moment = Suppression.objects.get(fingerprint=b"print").created_at
    assert moment.date() in {before.date(), timezone.now().date()}
    assert (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    assert suppressions.by_cause() == [("“it wasn’t me”", 1, 1)]
