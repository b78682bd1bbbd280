"""Hand signatures over only under dual control (campaign/staff/dual_control), or on the server itself."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from campaign import audit
from campaign.outbox import queue
from campaign.staff.accounts import former_contacts
from campaign.staff.dual_control import workflow
from petitions.handover import export_file
from petitions.models import HandOver, Petition

ANNOUNCEMENT = "petitions.handover-announcement"


def take(handover: HandOver, *, by: User) -> Iterator[bytes]:
    """Return the file, in blocks, for the person who asked or the one who approved.

    Raises NotOpen, PermissionDenied and NotSettled (campaign/staff/dual_control/workflow.py).
    """
    with transaction.atomic():
        opened = workflow.begin(handover, by=by)
        HandOver.objects.filter(pk=opened.pk).update(times_taken=F("times_taken") + 1)
        workflow.record("taken", opened, by=by)
    return export_file.write_export(handover.petition)


@transaction.atomic
def take_on_the_server(petition: Petition) -> Iterator[bytes]:
    """Return the file, in blocks, for `export_signatures`: no approval, as whoever has the server has the database.

    It is audited and announced all the same.
    """
    audit.note("handover.exported", by="", on=petition)
    addresses = {address for _account, address in former_contacts.contacts(HandOver.permission)}
    for address in sorted(addresses):
        queue.put(ANNOUNCEMENT, payload={"event": "exported", "petition": petition.pk}, secret={"address": address})
    return export_file.write_export(petition)
