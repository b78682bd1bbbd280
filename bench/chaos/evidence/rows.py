"""`python -m bench.within bench.chaos.evidence.rows` with addresses on standard input: what the database says, as JSON.

Names in it are those of `checker.Rows`. Whose a row is tells the fingerprint of the address, as in the site itself.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.db import connection

from bench.chaos.evidence.checker import (
    ConstituentRow,
    DispatchRow,
    ItemRow,
    LetterRow,
    Rows,
    SignatureRow,
    SubscriberRow,
)
from campaign.audit.models import Entry
from campaign.secrecy.addresses import fingerprint
from campaign.supporters.models import Subscriber
from campaign.supporters.subscriptions import PURPOSE
from letters.models import Constituent, Delivery
from pages.models import Dispatch
from petitions.counting import recount
from petitions.models import Petition, Signature, Tally
from petitions.models.tally import Total
from petitions.signing.sign import fingerprint_for

# What has come to its end, waits for days, or was refused by a mail server is as it should be.
STUCK = """
    SELECT id, kind, state, reason FROM outbox_item
    WHERE state = 'dead' OR state IN ('published', 'running') AND leased_until < now() - interval '60 seconds'
        OR state = 'waiting' AND due_at < now() - interval '60 seconds'
"""


def rows(addresses: list[str], readers: list[str]) -> Rows:
    petition = Petition.objects.get(slug="end-forced-organ-harvesting")
    signers = {fingerprint_for(petition.pk, address): address for address in addresses}
    subscribers = {fingerprint(address, PURPOSE): address for address in [*addresses, *readers]}
    return Rows(
        signatures=[
            SignatureRow(pk, signers.get(bytes(print_), ""), state)
            for pk, print_, state in Signature.objects.filter(petition=petition).values_list(
                "pk", "fingerprint", "state"
            )
        ],
        constituents=[
            ConstituentRow(one.sender.email, one.confirmed_at.timestamp() if one.confirmed_at else None)
            for one in Constituent.objects.all()
        ],
        letters=[
            LetterRow(one.delivery_id, one.letter.constituent.sender.email, one.state, bool(one.held_because))
            for one in Delivery.objects.with_letter()
        ],
        subscribers=[
            SubscriberRow(subscribers.get(bytes(print_), ""), state)
            for print_, state in Subscriber.objects.values_list("fingerprint", "state")
        ],
        dispatches=[
            DispatchRow(issue, subscribers.get(bytes(print_), ""), state)
            for issue, print_, state in Dispatch.objects.values_list("issue", "subscriber__fingerprint", "state")
        ],
        stuck_items=[ItemRow(*row) for row in stuck()],
        count_differences=[f"{one.place}: {one.rows} rows, {one.shown} shown" for one in recount.differences()],
        total=sum(Total.objects.filter(petition=petition).values_list("count", flat=True)),
        by_country=sum(Tally.objects.filter(petition=petition).values_list("count", flat=True)),
        audited=list(Entry.objects.values_list("act", "on")),
    )


def stuck() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(STUCK)
        return cursor.fetchall()


if __name__ == "__main__":
    print(json.dumps(asdict(rows(**json.loads(sys.stdin.read())))))
