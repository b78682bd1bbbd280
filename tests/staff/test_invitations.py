"""Somebody joins the staff by a mailed link, under which they choose their own name and password."""

import re
import threading
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib.auth.models import Group, User
from django.core import mail, signing
from django.db import connection
from django.db.models import F
from django.test import Client

from backoffice import roles
from campaign.audit.models import Entry
from campaign.mail.letterhead import letterhead
from campaign.observability.logs import scrubbed
from campaign.outbox.models import Item
from campaign.secrecy import tokens
from campaign.staff.accounts import address_verification, departures, standing
from campaign.staff.accounts.standing import NotSettled
from campaign.staff.invitations import workflow
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Authenticator, Invitation
from tests.staff import phone
from tests.staff.desk import make_person

pytestmark = pytest.mark.django_db
ADD, LIST = "/admin/staff/invitation/add/", "/admin/staff/invitation/"
LINK = re.compile(r"http://testserver(/admin/invitation/\S+)")
PASSWORD = "a long and good password"
CHOSEN = {"username": "ana", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def chief() -> User:
    person = User.objects.create_superuser("chief", "chief@example.org", PASSWORD, first_name="Chi", last_name="Ef")
    address_verification.mark_verified(person)
    return person


@pytest.fixture
def desk(chief: User) -> Client:
    desk = Client()
    desk.force_login(chief)
    return desk


def role(name: str = "Editor") -> Group:
    return Group.objects.get(name=name)


def values(**changes: Any) -> dict[str, Any]:
    return {"name": "Ana López", "email": "ana@example.org", "role": role().pk, **changes}


@pytest.fixture
def invitation(chief: User) -> Invitation:
    return workflow.invite(name="Ana López", address="ana@example.org", role=role(), by=chief)


@pytest.fixture
def path(invitation: Invitation) -> str:
    return workflow.invitation_link(invitation).removeprefix("http://testserver")


@pytest.fixture
def colleague() -> User:
    """May invite as chief may."""
    return User.objects.create_superuser("second", "second@example.org")


def text_of(answer: Any) -> str:
    return " ".join(document_of(answer).text_content().split())


def document_of(answer: Any) -> Any:
    return lxml.html.document_fromstring(answer.content)


def test_an_invitation_is_two_clicks_from_the_first_page(desk):
    first = document_of(desk.get("/admin/"))
    assert first.xpath(f'//a[@href="{ADD}"]')
    assert desk.get("/admin/auth/user/add/").headers["Location"] == ADD


def test_the_form_offers_six_cards_that_say_what_each_role_may(desk):
    document = document_of(desk.get(ADD))
    cards = [" ".join(card.text_content().split()) for card in document.xpath('//input[@name="role"]/..')]
    assert cards == [f"{name} {sentence}" for name, sentence in roles.SENTENCES.items()]


def test_the_mailed_link_makes_an_account_with_the_role_and_a_verified_address(desk, client, outbox_drained):
    answer = desk.post(ADD, values(), follow=True)
    assert "on its way to Ana López" in answer.content.decode()
    outbox_drained()
    (message,) = mail.outbox
    name = letterhead().name
    assert (message.to, message.subject) == (["ana@example.org"], f"You are invited to the staff of {name}")
    assert f"-- \n{name}\nhttp://testserver\n" in message.body
    assert "Chi Ef invites you" in message.body
    found = LINK.search(str(message.body))
    assert found
    assert str(roles.SENTENCES["Editor"]) in text_of(client.get(found[1]))
    assert client.post(found[1], CHOSEN).headers["Location"] == "/admin/"
    ana = User.objects.get(username="ana")
    assert (ana.get_full_name(), ana.email, ana.is_staff, ana.is_superuser) == (
        "Ana López",
        "ana@example.org",
        True,
        False,
    )
    assert [group.name for group in ana.groups.all()] == ["Editor"]
    assert address_verification.is_verified(ana)
    assert client.get("/admin/").status_code == 200
    entry = Entry.objects.get(act="invitation.accepted")
    assert (entry.who, entry.on, entry.details["role"]) == ("ana", f"auth.user {ana.pk}", "Editor")


def test_where_a_second_factor_is_asked_for_it_is_set_up_next(settings, path, client):
    settings.STAFF_SECOND_FACTOR = True
    assert client.post(path, CHOSEN).headers["Location"] == "/admin/second-factor/set-up/"
    assert client.get("/admin/").status_code == 302
    page = document_of(client.get("/admin/second-factor/set-up/"))
    typed = page.xpath('//code[@class="typed"]')[0].text_content()
    passage = page.xpath('//input[@name="passage"]/@value')[0]
    client.post("/admin/second-factor/set-up/", {"passage": passage, "new_code": phone.code(typed)})
    assert client.get("/admin/").status_code == 200


def test_a_link_is_used_once(path, client):
    client.post(path, CHOSEN)
    again = Client().post(path, {**CHOSEN, "username": "second"})
    assert again.status_code == 404
    assert "was used" in text_of(again)
    assert "tell Chi Ef" in text_of(again)
    assert User.objects.filter(email="ana@example.org").count() == 1


def test_a_link_ends_after_three_days_and_says_whom_to_ask(invitation, path, client):
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=3))
    answer = client.post(path, CHOSEN)
    assert answer.status_code == 404
    assert "three days. Ask Chi Ef" in text_of(answer)
    assert not User.objects.filter(username="ana").exists()


def test_a_withdrawn_invitation_opens_nothing_and_says_whom_to_ask(desk, invitation, path, client):
    assert desk.post(f"{LIST}{invitation.pk}/withdraw/").status_code == 302
    assert "was withdrawn. Ask Chi Ef" in text_of(client.post(path, CHOSEN))
    assert not User.objects.filter(username="ana").exists()
    assert not re.search(r"\bAna\b", desk.get(LIST).content.decode().partition("changelist-form")[2])


def test_an_invitation_that_is_over_is_sent_again(desk, invitation, path, client, outbox_drained):
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=9))
    assert "is over" in text_of(desk.get(LIST))
    Item.objects.all().delete()
    desk.post(f"{LIST}{invitation.pk}/send_again/")
    outbox_drained()
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert client.post(path, CHOSEN).status_code == 302


def test_what_was_used_is_neither_sent_again_nor_withdrawn(desk, invitation, path, client):
    client.post(path, CHOSEN)
    assert_not_sent(desk, invitation, "The invitation was used meanwhile.")
    answer = desk.post(f"{LIST}{invitation.pk}/withdraw/", follow=True)
    assert "used or withdrawn meanwhile" in answer.content.decode()


def test_what_was_withdrawn_is_not_sent_again(desk, chief, invitation):
    workflow.withdraw(invitation, by=chief)
    assert_not_sent(desk, invitation, "The invitation was withdrawn meanwhile.")


MOMENTS = [timedelta(), timedelta(days=9)]


@pytest.mark.parametrize("ago", MOMENTS, ids=["while it is good", "once it is over"])
def test_what_could_not_be_used_is_not_sent_again_since_whoever_invited_has_left(desk, colleague, ago):
    invited = workflow.invite(name="Ana López", address="ana@example.org", role=role(), by=colleague)
    Invitation.objects.update(expires_at=F("expires_at") - ago)
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert_not_sent(desk, invited, "Whoever invited may not do so any more: withdraw it, and invite anew.")


@pytest.mark.parametrize("ago", MOMENTS, ids=["while it is good", "once it is over"])
def test_what_could_not_be_used_is_not_sent_again_since_an_account_has_the_mailbox(desk, invitation, ago):
    Invitation.objects.update(expires_at=F("expires_at") - ago)
    make_person("ana")
    assert_not_sent(desk, invitation, "An account has this address by now: withdraw the invitation.")


def assert_not_sent(desk: Client, invitation: Invitation, why: str) -> None:
    Item.objects.all().delete()
    before = Invitation.objects.get(pk=invitation.pk).expires_at
    answer = text_of(desk.post(f"{LIST}{invitation.pk}/send_again/", follow=True))
    assert f"Nothing was sent. {why}" in answer
    assert "on its way" not in answer
    assert not Item.objects.filter(kind=workflow.INVITED).exists()
    assert not Entry.objects.filter(act="invitation.sent-again").exists()
    assert Invitation.objects.get(pk=invitation.pk).expires_at == before


@pytest.mark.parametrize("act", ["send_again", "withdraw"])
def test_the_buttons_are_no_links_and_not_for_everybody(invitation, act):
    editor = Client()
    editor.force_login(make_person("editor", "view_user"))
    assert editor.post(f"{LIST}{invitation.pk}/{act}/").status_code == 403
    assert editor.get(LIST).status_code == 403
    assert Invitation.objects.waiting().exists()


def test_a_get_sends_and_withdraws_nothing(desk, invitation):
    assert desk.get(f"{LIST}{invitation.pk}/withdraw/").status_code == 403
    assert Invitation.objects.waiting().exists()


@pytest.mark.parametrize("token", ["x", "1:x", "%00", "é", "WzFd:abc"])
def test_a_link_that_we_did_not_sign_opens_nothing(client, token):
    assert client.post(f"/admin/invitation/{token}/", CHOSEN).status_code in {400, 404}


def test_the_key_of_the_server_alone_makes_no_link(invitation, client):
    token = signing.Signer(salt="campaign.staff.invitation").sign_object(invitation.pk)
    assert client.post(f"/admin/invitation/{token}/", CHOSEN).status_code == 404
    assert not User.objects.filter(username="ana").exists()


def test_the_database_knows_the_link_by_its_digest_alone(path):
    token = path.removeprefix("/admin/invitation/").removesuffix("/")
    (row,) = Invitation.objects.values()
    assert bytes(row["token_digest"]) == tokens.digest(token)
    assert token not in str(row) + str(bytes(row["nonce"]))


def test_the_link_stays_the_same_when_it_is_sent_again(chief, invitation, path):
    workflow.resend(invitation, by=chief)
    assert workflow.invitation_link(Invitation.objects.get()).endswith(path)


def test_the_link_holds_no_name_and_is_not_written_into_logs(path):
    assert not [word for word in ("ana@", "ana%40", "example") if word in path]
    assert scrubbed(f"POST {path}") == "POST /admin/invitation/[token]/"


def test_another_site_cannot_use_the_link(path, client):
    assert client.post(path, CHOSEN, headers={"Origin": "https://evil.example"}).status_code == 403
    assert not User.objects.filter(username="ana").exists()


REFUSED = [
    {"password1": "short", "password2": "short"},
    {"password1": "passwordpassword", "password2": "passwordpassword2"},
    {"password1": "", "password2": ""},
    {"username": ""},
    {"username": "chief"},
    {"username": "CHIEF"},
    {"username": "ch\u0456ef"},
    {"username": "a b"},
    {"username": "x" * 151},
    {"username": "gone"},
]


@pytest.mark.parametrize("bad", REFUSED, ids=str)
def test_a_name_or_password_that_is_not_good_is_refused_and_the_link_stays_good(path, client, chief, bad):
    Entry.objects.create(who="gone", act="page.changed", on="pages.page 1")
    answer = client.post(path, {**CHOSEN, **bad})
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert User.objects.count() == 1
    assert client.post(path, CHOSEN).status_code == 302


def test_names_are_shown_as_they_are_and_never_as_html(desk, client):
    desk.post(ADD, values(name="<b>Ana</b> {{ x }}"))
    page = client.get(workflow.invitation_link(Invitation.objects.get())).content.decode()
    assert "&lt;b&gt;Ana&lt;/b&gt; {{ x }}" in page
    assert "<b>Ana" not in page + desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    "bad", [{"name": ""}, {"email": "x"}, {"email": ""}, {"role": ""}, {"role": 0}, {"name": "x" * 151}], ids=str
)
def test_what_is_missing_or_wrong_invites_nobody(desk, bad):
    assert desk.post(ADD, values(**bad)).status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("spelling", ["ana@example.org", "Ana+second@Example.org"])
def test_a_mailbox_is_invited_once_at_a_time(desk, invitation, spelling):
    assert "is invited already" in text_of(desk.post(ADD, values(email=spelling)))
    assert Invitation.objects.count() == 1


def test_the_address_of_a_colleague_is_not_invited(desk):
    make_person("ana")
    assert "The account ana has this address" in text_of(desk.post(ADD, values()))


def test_an_account_that_gets_the_mailbox_meanwhile_closes_the_invitation(path, client):
    make_person("ana")
    assert "Another account has the address" in text_of(client.post(path, {**CHOSEN, "username": "second"}))


def test_nobody_invites_to_a_role_beyond_their_own_rights():
    clerk = make_person("clerk", "add_user", "change_user", "view_user")
    desk = Client()
    desk.force_login(clerk)
    assert str(roles.SENTENCES["Editor"]) not in text_of(desk.get(ADD))
    assert desk.post(ADD, values(), follow=True).status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_superuser": False}])
def test_an_invitation_falls_with_the_rights_of_whoever_invited(chief, path, client, change):
    User.objects.filter(pk=chief.pk).update(**change)
    assert "may not invite to this role any more" in text_of(client.post(path, CHOSEN))
    assert not User.objects.filter(username="ana").exists()


def test_an_administrator_is_invited_with_a_fresh_code_alone_and_all_others_are_told(desk, chief, settings, client):
    settings.STAFF_SECOND_FACTOR = True
    secret = one_time_codes.new_secret()
    second_factor.set_up_factor(chief, secret=secret, step=-1, is_change=False)
    desk.logout()
    desk.post("/admin/login/", {"username": "chief", "password": PASSWORD})
    of_login = phone.code(secret)
    desk.post("/admin/second-factor/", {"code": of_login})
    wanted = values(role=role("Administrator").pk)
    for code in ("", "000000", of_login):
        assert desk.post(ADD, {**wanted, "code": code}).status_code == 200
    assert not Invitation.objects.exists()
    Authenticator.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert desk.post(ADD, {**wanted, "code": phone.code(secret, steps=1)}).status_code == 302
    address_verification.mark_verified(User.objects.create_superuser("second", "second@example.org"))
    client.post(workflow.invitation_link(Invitation.objects.get()), CHOSEN)
    assert User.objects.get(username="ana").groups.get().name == "Administrator"
    told = {item.secret["address"] for item in Item.objects.filter(kind="staff.administrator-made")}
    assert told == {"second@example.org", "ana@example.org"}
    assert Entry.objects.filter(act="administrator.made", who="chief").exists()


def test_who_has_the_role_administrator_does_not_invite_another():
    deputy = make_person("deputy")
    deputy.groups.add(role("Administrator"))
    desk = Client()
    desk.force_login(deputy)
    desk.post(ADD, values(role=role("Administrator").pk))
    assert not Invitation.objects.exists()
    desk.post(ADD, values())
    assert Invitation.objects.count() == 1


def test_whoever_left_gets_their_account_back_as_a_new_one(chief, desk, client):
    ana = make_person("ana", "view_user")
    User.objects.filter(pk=ana.pk).update(date_joined=F("date_joined") - timedelta(days=90))
    departures.leave(ana, by=chief, heir=None)
    desk.post(ADD, values())
    path = workflow.invitation_link(Invitation.objects.get())
    assert "Your account ana opens again" in text_of(client.get(path))
    assert client.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    back = User.objects.get(username="ana")
    assert (back.pk, back.is_active, back.get_full_name()) == (ana.pk, True, "Ana López")
    assert [group.name for group in back.groups.all()] == ["Editor"]
    assert not back.user_permissions.exists()
    assert back.check_password(PASSWORD)
    with pytest.raises(NotSettled):
        standing.demand_standing(back)


def test_invitations_that_have_long_been_over_are_deleted(invitation):
    assert workflow.forget() == 0
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=34))
    assert workflow.forget() == 1


def test_the_list_costs_the_same_however_many_wait(desk, chief, django_assert_max_num_queries):
    numbers = []
    for number in (1, 4):
        for each in range(number):
            workflow.invite(name=f"N {number} {each}", address=f"n{number}-{each}@example.org", role=role(), by=chief)
        with django_assert_max_num_queries(100) as counted:
            desk.get(LIST)
        numbers.append(len(counted))
    assert numbers[0] == numbers[1]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_link_at_once_one_gets_the_account():
    roles.grant()
    chief = User.objects.create_superuser("chief", "chief@example.org", PASSWORD)
    path = workflow.invitation_link(workflow.invite(name="Ana", address="ana@example.org", role=role(), by=chief))
    statuses = []

    def use(name: str) -> None:
        statuses.append(Client().post(path, {**CHOSEN, "username": name}).status_code)
        connection.close()

    threads = [threading.Thread(target=use, args=[name]) for name in ("ana", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 404]
    assert User.objects.filter(email="ana@example.org").count() == 1
