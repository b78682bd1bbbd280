"""Nobody goes through a list of people with the look-ups of addresses (campaign/protection/limits/lookup_budget.py)."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from campaign.audit.models import Entry
from tests.pages.factories import make_staff

pytestmark = pytest.mark.django_db
FIND, SUPPRESSED = "/admin/petitions/signature/find/", "/admin/outbox/suppression/find/"
WHY = "asked us by mail to be deleted"


def moderator(name: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name="Moderator"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mo() -> Client:
    return moderator("mo")


def look_up(client: Client, number: int, page: str = FIND, reason: str = WHY) -> str:
    return client.post(page, {"address": f"p{number}@example.org", "reason": reason}).content.decode()


def looked_up() -> int:
    return Entry.objects.filter(act__in=["signature.looked-up", "suppression.looked-up"]).count()


def test_of_sixty_addresses_one_person_is_told_of_twenty(mo):
    answers = [look_up(mo, number) for number in range(60)]
    assert sum("No signature of this address" in answer for answer in answers) == 20
    assert all("Administrators are told of this." in answer for answer in answers[20:])
    assert looked_up() == 20


def test_both_look_ups_share_one_budget(mo):
    for number in range(20):
        look_up(mo, number, FIND if number % 2 else SUPPRESSED)
    assert "This address gets mail." not in look_up(mo, 20, SUPPRESSED)
    assert "No signature of this address" not in look_up(mo, 20, FIND)


def test_the_budget_is_each_persons_own(mo):
    for number in range(21):
        look_up(mo, number)
    assert "No signature of this address" in look_up(moderator("al"), 1)


@pytest.mark.parametrize("page", [FIND, SUPPRESSED])
@pytest.mark.parametrize("reason", ["", "   ", "x", "of p1@example.org"])
def test_without_a_reason_that_names_nobody_nothing_is_answered(mo, page, reason):
    answer = look_up(mo, 1, page, reason)
    assert "No signature of this address" not in answer
    assert "This address gets mail." not in answer
    assert not Entry.objects.exists()


@pytest.mark.parametrize("page", [FIND, SUPPRESSED])
def test_the_reason_is_in_the_audit_and_the_address_is_not(mo, page):
    look_up(mo, 1, page)
    entry = Entry.objects.get()
    assert (entry.who, entry.details["reason"]) == ("mo", WHY)
    assert "example.org" not in str(vars(entry))


def test_administrators_see_who_asked_for_more(mo):
    for number in range(30):
        look_up(mo, number)
    assert Entry.objects.filter(act="look-up.refused", who="mo").count() == 1
    chief = Client()
    chief.force_login(make_staff())
    shown = "mo asked to look up more addresses than one person may, lastly"
    assert shown in chief.get(reverse("admin:index")).content.decode()
    assert shown not in mo.get(reverse("admin:index")).content.decode()


def test_who_stays_within_the_budget_is_on_no_dashboard(mo):
    for number in range(20):
        look_up(mo, number)
    chief = Client()
    chief.force_login(make_staff())
    assert "asked to look up" not in chief.get(reverse("admin:index")).content.decode()
