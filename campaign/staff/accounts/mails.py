"""Mails that tell staff of their account, which somebody else changed, and administrators of a new one."""

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.urls import reverse

from campaign.mail.handler import Mail
from campaign.outbox import queue
from campaign.outbox.handlers import Item
from campaign.staff.accounts import former_contacts
from campaign.staff.accounts.address_verification import AddressLink
from campaign.staff.mail.staff_mail import StaffMail, staff_mail
from campaign.web.links import absolute

ADMINISTRATOR_MADE = "staff.administrator-made"


class AccountChangedMail(StaffMail):
    """Goes to the address that the account had until then."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        url = absolute(reverse("admin:audit_entry_changelist"))
        for item in items:
            yield item, staff_mail("staff/account_changed", to=item.secret["address"], url=url)


class AddressMail(StaffMail):
    """Goes to an address that an account has got, with the link that proves that somebody reads mail there."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        people = User.objects.in_bulk({item.payload["account"] for item in items})
        for item in items:
            person, address = people.get(item.payload["account"]), item.secret["address"]
            yield item, address_mail(person, address) if person and person.email == address else None


def address_mail(person: User, address: str) -> Mail:
    url = AddressLink.to(person.pk, address).url()
    return staff_mail("staff/address", to=address, person=person.get_username(), url=url)


def announce_administrator(person: User, *, by: User) -> None:
    """Put a mail to all others who may manage accounts, or could lately; call it in the transaction of the change."""
    names = {"person": person.get_username(), "by": by.get_username()}
    for address in former_contacts.addresses("auth.change_user", but=by):
        queue.put(ADMINISTRATOR_MADE, payload={"account": person.pk}, secret={"address": address, **names})


class AdministratorMadeMail(StaffMail):
    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        url = absolute(reverse("admin:audit_entry_changelist"))
        for item in items:
            names = {name: item.secret[name] for name in ("person", "by")}
            yield item, staff_mail("staff/administrator_made", to=item.secret["address"], url=url, **names)
