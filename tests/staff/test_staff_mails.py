"""Mail to staff is not held back by the list of suppressions (campaign/staff/mail/staff_mail.py)."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import RequestFactory

from campaign.mail.handler import MailHandler
from campaign.outbox.handlers import handler_for, kinds
from campaign.outbox.models import Cause, Suppression
from campaign.outbox.suppressions import fingerprint_of
from campaign.staff.accounts import address_verification, former_contacts, mails, nightly
from campaign.staff.invitations import workflow
from campaign.staff.login import known_devices
from campaign.staff.mail.staff_mail import StaffMail
from petitions.counting import mails as petition_mails
from petitions.handover import approval
from petitions.models import CountCheck
from tests.petitions.factories import make_petition
from tests.staff.desk import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    """Whose address bounced when it was a supporter's."""
    Suppression.objects.create(fingerprint=fingerprint_of("ana@example.org"), cause=Cause.BOUNCE)
    return make_person("ana", "change_user", "change_petition", "export_signatures")


def take_rights(person: User) -> None:
    with former_contacts.keep_changed():
        person.user_permissions.clear()


def invite(person: User) -> None:
    """Invite somebody else with this address, which no account has any more."""
    person.delete()
    chief = User.objects.create_superuser("chief")
    workflow.invite(name="Ana", address="ana@example.org", role=Group.objects.get(name="Editor"), by=chief)


ACTS: dict[str, Callable[[User], object]] = {
    "the link of an address": address_verification.ask,
    "a changed account": take_rights,
    "an invitation": invite,
    "another administrator": lambda ana: mails.announce_administrator(ana, by=User(username="chief")),
    "the night": lambda _ana: nightly.mail_report(),
    "a new device": lambda ana: known_devices.remember_device(RequestFactory().get("/"), HttpResponse(), ana),
    "an export on the server": lambda _ana: approval.take_on_the_server(make_petition()),
    "a difference of counts": lambda _ana: petition_mails.tell_staff(
        petition_mails.DIFFERENCES, check=CountCheck.objects.create(number=1).pk
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_bounced_once_still_gets_mail_as_staff(ana, act, outbox_drained, mailoutbox):
    ACTS[act](ana)
    outbox_drained()
    assert [message.to for message in mailoutbox] == [["ana@example.org"]]


def test_no_mail_to_staff_heeds_suppressions_and_every_other_does():
    mail = {kind: type(handler_for(kind)) for kind in kinds() if isinstance(handler_for(kind), MailHandler)}
    to_staff = {kind for kind in settings.OUTBOX_HANDLERS if kind.startswith("staff.")}
    to_staff |= {"petitions.milestone", "petitions.differences", "petitions.handover-announcement"}
    to_staff |= {"pages.contact", "pages.newsletter-test"}
    assert {kind for kind, handler in mail.items() if issubclass(handler, StaffMail)} == to_staff
    assert {kind for kind, handler in mail.items() if "admitted" in vars(handler)} == set()
