"""An address of staff counts once a link that was mailed to it was used (campaign/staff/accounts/)."""

import base64
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from campaign.audit.models import Entry
from campaign.database import clock
from campaign.observability.logs import scrubbed
from campaign.outbox.models import Item
from campaign.staff.accounts import address_verification, former_contacts, standing
from campaign.staff.accounts.address_verification import AddressLink
from campaign.staff.accounts.standing import NotSettled
from tests.race import race
from tests.staff.desk import at_the_desk, make_administrator

pytestmark = pytest.mark.django_db
PERMISSION = "petitions.export_signatures"
LINK = re.compile(r"http://testserver(/admin/address/\S+)")


@pytest.fixture
def ana() -> User:
    return make_administrator("ana")


@pytest.fixture
def bo() -> User:
    """Whose address is not verified yet."""
    return make_administrator("bo", is_verified=False)


def give_address(person: User, by: User, address: str) -> None:
    values = {"username": person.username, "email": address, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert at_the_desk(by).post(f"/admin/auth/user/{person.pk}/change/", values).status_code == 302


def told() -> set[str]:
    return {address for _account, address in former_contacts.contacts(PERMISSION)}


def path_to(person: User, address: str) -> str:
    return AddressLink.to(person.pk, address).url().removeprefix("http://testserver")


def test_an_address_that_nobody_verified_is_told_nothing_and_its_account_is_no_second_person(ana, bo):
    assert told() == {"ana@example.org"}
    with pytest.raises(NotSettled, match="bo"):
        standing.demand_standing(bo)


def test_the_mailed_link_leads_to_one_button_that_verifies(ana, bo, client, outbox_drained):
    give_address(bo, ana, "new@example.org")
    Item.objects.exclude(kind=address_verification.ASKED).delete()
    outbox_drained()
    (message,) = mail.outbox
    assert message.to == ["new@example.org"]
    found = LINK.search(str(message.body))
    assert found
    assert "It is mine" in client.get(found[1]).content.decode()
    assert told() == {"ana@example.org"}
    assert "is verified" in client.post(found[1]).content.decode()
    assert told() == {"ana@example.org", "new@example.org"}
    assert Entry.objects.filter(act="address.verified", who="bo").exists()


def test_until_another_address_is_verified_notices_go_to_the_one_before(ana, bo, client, outbox_drained):
    address_verification.mark_verified(bo)
    give_address(bo, ana, "new@example.org")
    assert told() == {"ana@example.org", "bo@example.org"}
    client.post(path_to(bo, "new@example.org"))
    assert told() == {"ana@example.org", "bo@example.org", "new@example.org"}
    outbox_drained()
    changed = [message.to for message in mail.outbox if "was changed" in message.subject]
    assert changed == [["bo@example.org"], ["bo@example.org"]]


def test_a_verified_address_counts_however_its_account_was_changed_long_ago(ana, bo):
    address_verification.mark_verified(bo)
    give_address(bo, ana, "")
    assert "bo@example.org" in told()
    with pytest.raises(NotSettled):
        standing.demand_standing(User.objects.get(pk=bo.pk))


@pytest.mark.parametrize("spelling", ["ana@example.org", "Ana+second@Example.org"])
def test_two_accounts_with_one_mailbox_are_one_person(ana, bo, client, spelling):
    give_address(bo, ana, spelling)
    assert client.post(path_to(bo, spelling)).status_code == 404
    assert not address_verification.is_verified(User.objects.get(pk=bo.pk))


def test_the_button_pressed_again_says_the_same_and_is_noted_once(bo, client):
    path = path_to(bo, bo.email)
    assert ["is verified" in client.post(path).content.decode() for _again in range(2)] == [True, True]
    assert Entry.objects.filter(act="address.verified").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_is_noted():
    bo = make_administrator("bo", is_verified=False)
    path = path_to(bo, bo.email)
    pressed = race(lambda: Client().post(path), lambda: Client().post(path), after='FROM "staff_verifiedaddress"')
    assert ["is verified" in answer.result().content.decode() for answer in pressed] == [True, True]
    assert Entry.objects.filter(act="address.verified").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_that_verify_one_mailbox_at_once_one_does():
    ana, bo = (make_administrator(name, is_verified=False) for name in ("ana", "bo"))
    User.objects.filter(pk=bo.pk).update(email="Ana+bo@example.org")
    first, second = race(
        lambda: Client().post(path_to(ana, "ana@example.org")),
        lambda: Client().post(path_to(bo, "Ana+bo@example.org")),
        after='FROM "staff_verifiedaddress"',
    )
    assert [second.result().status_code, first.result().status_code] == [200, 404]
    assert "another account has this one" in first.result().content.decode()
    assert Entry.objects.get(act="address.verified").who == "bo"


def test_a_link_of_an_address_that_was_changed_meanwhile_does_nothing(ana, bo, client):
    path = path_to(bo, "bo@example.org")
    give_address(bo, ana, "new@example.org")
    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert not address_verification.is_verified(User.objects.get(pk=bo.pk))


def test_a_link_ends_after_three_days(bo, client):
    late = AddressLink(bo.pk, AddressLink.to(bo.pk, bo.email).of, int(clock.now().timestamp()) - 1)
    assert client.post(late.url()).status_code == 404
    assert not address_verification.is_verified(bo)


@pytest.mark.parametrize("token", ["x", "WzEsICJ4IiwgMV0:x", "%00", "é"])
def test_a_link_that_we_did_not_sign_does_nothing(client, token):
    assert client.post(f"/admin/address/{token}/").status_code in {400, 404}


def test_the_link_holds_no_address_and_is_not_written_into_logs(bo):
    path = path_to(bo, bo.email)
    signed = path.removeprefix("/admin/address/").partition(":")[0]
    assert not [word for word in ("bo@", "bo%40", "example") if word in path]
    assert b"bo@" not in base64.urlsafe_b64decode(signed + "=" * (-len(signed) % 4))
    assert scrubbed(f"POST {path}") == "POST /admin/address/[token]/"


def test_the_first_page_asks_and_mails_the_link_again(bo, outbox_drained):
    desk = at_the_desk(bo)
    assert "Your address is not verified" in desk.get("/admin/").content.decode()
    assert desk.get("/admin/address/").status_code == 403
    assert "on its way to bo@example.org" in desk.post("/admin/address/", follow=True).content.decode()
    outbox_drained()
    (message,) = mail.outbox
    found = LINK.search(str(message.body))
    assert found
    desk.post(found[1])
    assert "Your address is not verified" not in desk.get("/admin/").content.decode()
