"""What stood in the database when a backup was made, and what was done between that and its restore.

Run in the site's own shell, by its own functions (tests/system/test_restored_backup.py).
"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models.functions import Now

from campaign.outbox import claims, queue
from campaign.outbox.models import Item
from campaign.outbox.suppressions import Cause
from campaign.secrecy.addresses import fingerprint
from campaign.secrecy.tokens import digest
from campaign.supporters import subscriptions
from campaign.supporters.provider_reports.suppress import suppress
from letters.delivery import attempts
from letters.delivery.channels.email import EmailChannel
from letters.models import Delivery
from letters.models.delivery_states import State
from letters.submission import retention, workflow
from pages.models import Issue
from pages.newsletter import sending
from petitions.data_requests import self_service
from tests.letters.factories import confirm, make_addressed_office, make_campaign, make_submission
from tests.pages.test_newsletter import make_issue
from tests.petitions.factories import make_confirmed, make_petition, make_signature

STAFF, PASSWORD = "ada", "password-of-the-tests"
OFFICE = "office@senate.example"
UNCONFIRMED, DUE, LATER = range(20), range(20, 100), range(100, 140)
SETTLED = {
    State.ACCEPTED: range(140, 150),
    State.UNKNOWN: range(150, 157),
    State.REJECTED: range(157, 163),
    State.DEAD: range(163, 170),
    State.NEEDS_CONSTITUENT: range(170, 175),
    State.WITHDRAWN: range(175, 180),
}
BEGUN, TAKEN_BACK, ERASED, LETTERS = range(180, 190), range(190, 195), range(195, 200), 200
SIGNERS, LEAVING, PENDING, READERS = 60, 50, 60, 70
SUPPRESSED = [f"pending{number}@example.org" for number in range(30, 40)] + [
    f"x{number}@example.org" for number in range(40)
]


def prepare() -> None:
    """The state that goes into the backup. Nothing runs that would carry work on."""
    User.objects.create_superuser(STAFF, password=PASSWORD)
    prepare_letters()
    petition = make_petition("restored")
    for number in range(SIGNERS):
        make_confirmed(petition, f"signer{number}@example.org")
    Item.objects.filter(kind__startswith="petitions.").delete()
    for number in range(PENDING):
        make_signature(petition, f"pending{number}@example.org")
        if number >= PENDING // 2:
            put_off("petitions.confirmation", petition.signatures.latest("pk").pk)
    for number in range(READERS):
        subscriptions.join(address=f"reader{number}@example.org", language="en")
    make_issue(subject="Restored")
    print("PUBLISHED", claims.claim("petitions.confirmation", limit=10, lease=timedelta(seconds=5)))


def prepare_letters() -> None:
    office = make_addressed_office(email=OFFICE)
    campaign = make_campaign("restored")
    for number in range(LETTERS):
        constituent = make_submission(campaign, [office], email=f"writer{number}@example.org")
        if number not in UNCONFIRMED:
            confirm(constituent)
    Item.objects.exclude(kind="letters.delivery").delete()
    for number in [*LATER, *BEGUN, *TAKEN_BACK, *ERASED]:
        put_off("letters.delivery", delivery(number).pk)
    for state, numbers in SETTLED.items():
        for number in numbers:
            queue.forget(["letters.delivery"], [delivery(number).pk])
            Delivery.objects.filter(pk=delivery(number).pk).update(state=state, channel="email")


def put_off(kind: str, subject: int) -> None:
    Item.objects.filter(kind=kind, subject=subject).update(due_at=Now() + timedelta(days=1))


def delivery(number: int) -> Delivery:
    return Delivery.objects.filter(letter__campaign__slug="restored").order_by("pk")[number]


def spend() -> None:
    """What people and staff do after the backup was made, while all processes run."""
    for number in UNCONFIRMED[:10]:
        workflow.confirm(delivery(number).letter.constituent)
    for number in TAKEN_BACK:
        workflow.withdraw(delivery(number))
    for number in ERASED:
        retention.erase(delivery(number).letter.constituent)
    begun = attempts.begin([(delivery(number), EmailChannel()) for number in BEGUN])
    for attempt in begun.values():
        attempts.hand_over(attempt)
    leave()
    for address in SUPPRESSED:
        suppress(address, Cause.BOUNCE)
    for number in range(20):
        address = f"reader{number}@example.org"
        print_ = fingerprint(address, subscriptions.PURPOSE)
        assert subscriptions.unsubscribe(token_digest=digest(subscriptions.lasting_token(print_)))
    sending.start(Issue.objects.get(subject="Restored"), by=None)


def leave() -> None:
    for number in range(LEAVING):
        (signature,) = self_service.own_signatures(f"signer{number}@example.org")
        (self_service.forget if number % 2 else self_service.withdraw)(signature)


def let_everything_be_due() -> None:
    Item.objects.waiting().update(due_at=Now())
    sending.start(Issue.objects.get(subject="Restored"), by=None)
