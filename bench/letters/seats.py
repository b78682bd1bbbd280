"""`python -m bench.within bench.letters.seats --number N --list FILE`: letters to all offices, and a new list.

Each office gives an address that names it, so that a mail server can tell whom a letter was for. In the list, all
senators of class 2 and one more have successors: 34 seats, as on 2027-01-03.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from bench.letters.filling import fill
from campaign.outbox import queue
from letters.delivery import dispatch
from letters.models import ChannelName, Constituent, Delivery, Office
from letters.models.deliveries import TO_BE_PRINTED
from letters.models.delivery_states import State
from letters.models.recipients.us_states import STATES

SEATS = 34
GIVEN = {"email_given_by": "x", "email_given_on": "2026-11-30"}
# Of twenty letters each; the rest is ready. None of these has work in the outbox.
STANDING: list[dict[str, Any]] = [
    {"state": State.UNCONFIRMED},
    {"state": State.NEEDS_CONSTITUENT, "channel": ChannelName.CONTACT_FORM},
    {"state": State.REJECTED, "channel": ChannelName.EMAIL},
    {"state": State.DEAD},
    {"state": State.UNKNOWN, "channel": ChannelName.EMAIL},
    {"state": State.ACCEPTED, "channel": ChannelName.EMAIL},
    {"state": State.READY, "held_because": TO_BE_PRINTED, "printed_at": Now()},
    {"state": State.NEEDS_CONSTITUENT, "channel": ChannelName.CONTACT_FORM, "sent_by_hand_at": Now()},
]


def spread(number: int) -> None:
    for office in Office.objects.current():
        Office.objects.filter(pk=office.pk).update(email=f"{office.directory_id.lower()}@office.example", **GIVEN)
    for state in STATES:
        fill(number // len(STATES), f"seats{state}", state)
    ids = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    for place, fields in enumerate(STANDING):
        chosen = [pk for position, pk in enumerate(ids) if position // 2 % 20 == place]  # both letters of a person
        queue.forget(dispatch.DELIVERY_KINDS, chosen)
        Delivery.objects.filter(pk__in=chosen).update(**fields, queued_item=None)
        if fields["state"] == State.UNCONFIRMED:
            Constituent.objects.filter(letters__delivery__in=chosen).update(confirmed_at=None)


def listed() -> Iterator[dict[str, Any]]:
    """Yield the new Congress, in the format of unitedstates/congress-legislators."""
    first = Office.objects.current().filter(seat=2).order_by("area")
    more = Office.objects.current().filter(~Q(seat=2)).order_by("term_ends_on", "area")
    leaving = {office.pk for office in [*first, *more][:SEATS]}
    for number, office in enumerate(Office.objects.current().order_by("area", "seat")):
        is_new = office.pk in leaving
        yield {
            "id": {"bioguide": f"N{number:06}" if is_new else office.directory_id},
            "name": {"first": "Nora", "last": f"Newman{number}"}
            if is_new
            else {"first": office.first_name, "last": office.last_name, "official_full": office.name},
            "terms": [
                {
                    "type": "sen",
                    "state": office.area,
                    "class": office.seat,
                    "party": office.party,
                    "start": "2027-01-03",
                    "end": "2033-01-03",
                    "contact_form": "https://new.example.org/form",
                }
            ],
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--list", type=Path, required=True)
    options = parser.parse_args()
    spread(options.number)
    options.list.write_text(json.dumps(list(listed())))
