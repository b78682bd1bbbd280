"""Count an address of staff only once somebody has used a link that was mailed to it.

    address_verification.ask(person)  mails the link; call it in the transaction that sets the address
    address_verification.use(link)    what its one button does

Until then notices go to the address that was verified before, and the account is no second person. No two accounts have
the same verified address: two that share a mailbox are one person.
"""

from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Self

from django.contrib.auth.models import User
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse

from campaign import audit
from campaign.database import clock
from campaign.outbox import queue
from campaign.secrecy.addresses import fingerprint
from campaign.staff.accounts import former_contacts
from campaign.staff.models import VerifiedAddress
from campaign.web.links import absolute

ASKED = "staff.verify-address"
SIGNER = signing.Signer(salt="campaign.staff.address-link")
PURPOSE = "address of staff"
LASTS = timedelta(days=3)


@dataclass(frozen=True)
class AddressLink:
    """A signed link that verifies an address. It holds no address, which proxies would write into logs."""

    account: int
    of: str
    until: int

    @classmethod
    def to(cls, account: int, address: str) -> Self:
        return cls(account, mailbox_fingerprint(address).hex(), int((clock.now() + LASTS).timestamp()))

    @classmethod
    def read(cls, token: str) -> Self | None:
        """Return the link, or None for anything that we did not sign or that is too old."""
        try:
            link = cls(*SIGNER.unsign_object(token))
        except signing.BadSignature:
            return None
        return link if link.until > clock.now().timestamp() else None

    def url(self) -> str:
        return absolute(reverse("admin:verify_address", args=[SIGNER.sign_object(astuple(self))]))

    def person(self) -> User | None:
        """Return the account if it is open and still has this address."""
        person = User.objects.filter(pk=self.account, is_active=True).exclude(email="").first()
        return person if person and mailbox_fingerprint(person.email).hex() == self.of else None


@transaction.atomic
def ask(person: User) -> None:
    """Mail the link to the address that the account has."""
    audit.note("address.asked", by="", on=person)
    queue.put(ASKED, payload={"account": person.pk}, secret={"address": person.email})


@transaction.atomic
def use(link: AddressLink) -> bool:
    """Verify the address; again changes nothing.

    Returns False if the account has another one by now, or another account has verified this one. An address that was
    verified before is told, and gets all notices for a while.
    """
    User.objects.select_for_update().filter(pk=link.account).first()  # of two presses of the button, the second waits
    person = link.person()
    if person is None or is_taken(person):
        return False
    former = VerifiedAddress.objects.filter(user=person).first()
    if former and former.address == person.email:
        return True
    try:
        with transaction.atomic():
            mark_verified(person)
    except IntegrityError:  # another account has verified it a moment ago
        return False
    if former and bytes(former.fingerprint) != mailbox_fingerprint(person.email):
        former_contacts.replace(person, former.address)
    audit.note("address.verified", by=person.get_username(), on=person)
    return True


def mark_verified(person: User) -> None:
    values = {"address": person.email, "fingerprint": mailbox_fingerprint(person.email), "verified_at": Now()}
    VerifiedAddress.objects.update_or_create(user=person, defaults=values)


def is_taken(person: User) -> bool:
    """Return whether another account has verified an address of the same mailbox."""
    return VerifiedAddress.objects.filter(fingerprint=mailbox_fingerprint(person.email)).exclude(user=person).exists()


def is_verified(person: User) -> bool:
    return (
        bool(person.email)
        and VerifiedAddress.objects.filter(user=person, fingerprint=mailbox_fingerprint(person.email)).exists()
    )


def mailbox_fingerprint(address: str) -> bytes:
    """Return the same for all spellings of an address that are one mailbox."""
    return fingerprint(address, PURPOSE)
