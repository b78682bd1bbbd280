"""Leave by a link that the form of the newsletter mails, for whoever has no mail of it at hand.

    ask(address=..., language="en")     the same for every address, known or not
    leave("ana@example.org")            the link was used: no subscription, and nothing that waits becomes one

The link carries the address, encrypted with a key that is destroyed after two to three days. So it also ends what has
no row yet: the wish of somebody who has ticked the box while signing, or waits to join with others.
"""

from django.conf import settings
from django.db import transaction

from campaign.mail import budgets
from campaign.protection.networks import Address
from campaign.secrecy import passages
from campaign.secrecy.periods.keys import Purpose
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber

PASSAGE = "newsletter-leave"
LEAVING = "supporters.newsletter-leaving"


def ask(*, address: str, language: str, client: Address | None = None) -> None:
    budgets.put_mail(LEAVING, payload={"language": language}, address=address, client=client)


def link_token(address: str) -> str:
    return passages.in_url({"email": address}, PASSAGE, Purpose.LINK)


def address_in_token(token: str) -> str | None:
    found = passages.read(token, PASSAGE)
    return found["email"] if found else None


@transaction.atomic
def leave(address: str) -> None:
    """End the subscription. The row that stays, also of an address that had none, tells when it was left.

    So what waits or is in a worker's hands for this address, which was asked for before, does nothing
    (`subscriptions.has_left_since`); nothing is searched for it, as very much may wait.
    """
    subscriber = subscriptions.upsert(address, settings.LANGUAGE_CODE)
    Subscriber.objects.filter(pk=subscriber.pk).unsubscribe()
