"""Another key for a petition that somebody has signed takes two people, a day and a code (dual_control)."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from backoffice import roles
from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.revisions.models import Version
from campaign.secrecy.keypairs import Keypair, new_keypair
from campaign.secrecy.sealing import unseal
from campaign.staff.dual_control import mails, workflow
from campaign.staff.dual_control.models import Stage
from campaign.staff.dual_control.stop_links import StopLink
from petitions.models import KeyReplacement, Petition, PetitionKey, Signature
from petitions.signing.key_replacement import replace_key
from tests.petitions.desk import form_of, page_of
from tests.petitions.factories import end_wait, make_petition, make_signature
from tests.race import race
from tests.staff.desk import at_the_desk, make_member

pytestmark = pytest.mark.django_db
ADD = "/admin/petitions/keyreplacement/add/"


@pytest.fixture
def ana() -> User:
    return make_member("ana", "Campaigner")


@pytest.fixture
def bo() -> User:
    return make_member("bo", "Campaigner")


@pytest.fixture
def first() -> Keypair:
    return new_keypair()


@pytest.fixture
def petition(first: Keypair) -> Petition:
    petition = make_petition(keypair=first)
    make_signature(petition)
    return petition


@pytest.fixture
def pair() -> Keypair:
    return new_keypair()


@pytest.fixture
def key(petition: Petition, pair: Keypair) -> PetitionKey:
    return PetitionKey.objects.create(petition=petition, public_key=pair.public)


@pytest.fixture
def replacement(petition: Petition, key: PetitionKey, ana: User, bo: User) -> KeyReplacement:
    """Asked for by ana and approved by bo; it waits."""
    asked = KeyReplacement(petition=petition, key=key, reason="a stick was lost")
    workflow.request(asked, by=ana)
    workflow.approve(asked, by=bo)
    return asked


def active_key() -> int | None:
    return Petition.objects.get().active_key_id


def test_once_somebody_has_signed_the_petitions_page_changes_no_key(petition, key, ana):
    desk = at_the_desk(ana)
    values = form_of(desk, page_of(petition))
    assert "active_key" not in values
    assert desk.post(page_of(petition), {**values, "active_key": key.pk}).status_code == 302
    assert active_key() == petition.active_key_id


def test_one_campaigner_alone_replaces_no_key(petition, key, ana):
    desk = at_the_desk(ana)
    asked = desk.post(ADD, {"petition": petition.pk, "key": key.pk, "reason": "a stick was lost"})
    assert asked.status_code == 302
    replacement = KeyReplacement.objects.get()
    for button, status in (("approve", 403), ("do", 302)):
        assert desk.post(f"/admin/petitions/keyreplacement/{replacement.pk}/{button}/").status_code == status
    with pytest.raises(PermissionDenied):
        workflow.approve(replacement, by=ana)
    assert active_key() == petition.active_key_id


def test_it_cannot_be_replaced_before_the_time(replacement, petition, ana):
    with pytest.raises(workflow.NotOpen):
        replace_key(replacement, by=ana)
    assert active_key() == petition.active_key_id


def test_after_the_time_new_signatures_are_sealed_to_the_new_key_and_old_ones_keep_theirs(
    replacement, key, first, pair, ana
):
    end_wait(replacement)
    page = f"/admin/petitions/keyreplacement/{replacement.pk}/do/"
    assert "sealed to the new key" in at_the_desk(ana).post(page, follow=True).content.decode()
    assert active_key() == key.pk
    new = make_signature(Petition.objects.get(), "new@example.org")
    assert unseal(Signature.objects.get(pk=new.pk).sealed, pair.private)["name"] == "Ana Test"
    old = Signature.objects.earliest("pk")
    assert unseal(old.sealed, first.private)["name"] == "Ana Test"
    acts = Entry.objects.filter(act__startswith="keyreplacement.").order_by("pk").values_list("act", "who")
    assert list(acts) == [
        ("keyreplacement.requested", "ana"), ("keyreplacement.approved", "bo"), ("keyreplacement.done", "ana"),
    ]  # fmt: skip


def test_the_petition_has_a_version_with_the_new_key(replacement, petition, key, ana):
    end_wait(replacement)
    replace_key(replacement, by=ana)
    version = Version.objects.of(petition).get()
    assert (version.data["active_key_id"], version.made_by) == (key.pk, ana)


def test_it_is_done_once(replacement, petition, ana):
    end_wait(replacement)
    replace_key(replacement, by=ana)
    Petition.objects.update(active_key=petition.active_key_id)
    with pytest.raises(workflow.NotOpen):
        replace_key(replacement, by=ana)
    assert active_key() == petition.active_key_id


def test_all_are_told_of_the_whole_key(replacement, key, outbox_drained, mailoutbox):
    told = {item.secret["address"] for item in Item.objects.filter(kind=mails.NOTICE, payload__event="approved")}
    assert told == {"ana@example.org", "bo@example.org"}
    Item.objects.exclude(kind=mails.NOTICE).delete()
    outbox_drained()
    assert all(key.public_key in "".join(mail.body.split()) for mail in mailoutbox)


def test_the_mailed_link_stops_it(replacement, petition, client, ana):
    url = StopLink.to(KeyReplacement.objects.get(), account=ana.pk).url().removeprefix("http://testserver")
    assert "Another key for" in client.get(url).content.decode()
    assert "ana stopped it" in client.post(url).content.decode()
    end_wait(replacement)
    with pytest.raises(workflow.NotOpen):
        replace_key(replacement, by=ana)


def test_anybody_who_may_replace_keys_stops_it_in_the_admin(replacement):
    page = f"/admin/petitions/keyreplacement/{replacement.pk}/stop/"
    assert (
        "Stopped for good" in at_the_desk(make_member("third", "Campaigner")).post(page, follow=True).content.decode()
    )
    assert KeyReplacement.objects.get().stage == Stage.STOPPED


def test_what_the_site_itself_stopped_names_no_person(replacement):
    workflow.note_stop(replacement, by="", way="text changed")
    page = at_the_desk(make_member("cy", "Campaigner")).get(replacement.page).content.decode()
    assert "The site, as it was changed after it was announced, stopped it at " in page


@pytest.mark.parametrize("which", ["another's", "the present one", "none"])
def test_only_another_key_of_the_petition_can_be_asked_for(petition, ana, which):
    keys = {"another's": make_petition("other").active_key_id, "the present one": petition.active_key_id, "none": ""}
    values = {"petition": petition.pk, "key": keys[which], "reason": "a stick was lost"}
    assert at_the_desk(ana).post(ADD, values).status_code == 200
    assert at_the_desk(ana).post(ADD, {"key": keys[which]}).status_code == 200
    assert not KeyReplacement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_stopped_at_the_same_moment_is_not_replaced(transactional_db):
    roles.grant()
    petition = make_petition()
    key = PetitionKey.objects.create(petition=petition, public_key=new_keypair().public)
    ana, bo = make_member("ana", "Campaigner"), make_member("bo", "Campaigner")
    asked = KeyReplacement(petition=petition, key=key, reason="a stick was lost")
    workflow.request(asked, by=ana)
    workflow.approve(asked, by=bo)
    end_wait(asked)
    stopped, replaced = race(
        lambda: workflow.stop(asked, by=bo), lambda: replace_key(asked, by=ana), after="FOR UPDATE"
    )
    assert stopped.result()
    assert isinstance(replaced.exception(), workflow.NotOpen)
    assert active_key() == petition.active_key_id
