"""Nobody takes the signatures alone: one asks, another agrees, all others are told, and each step is noted."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from campaign import audit
from campaign.outbox import work
from petitions.handover import parcels
from petitions.models import HandOver, Petition

ANNOUNCEMENT = "petitions.handover-announcement"
PERMISSION = "petitions.export_signatures"


class NotOpen(Exception):
    """Not approved, or approved too long ago."""


@transaction.atomic
def request(*, petition: Petition, reason: str, by: User) -> HandOver:
    handover = HandOver.objects.create(petition=petition, reason=reason, requested_by=by)
    record("requested", handover, by)
    return handover


@transaction.atomic
def approve(handover: HandOver, *, by: User) -> None:
    """Again changes nothing. Raises PermissionDenied for one's own request."""
    waiting = HandOver.objects.select_for_update().get(pk=handover.pk)
    if by.pk == waiting.requested_by_id or not by.has_perm(PERMISSION):
        raise PermissionDenied("a hand-over needs a second person")
    if waiting.approved_by_id is None:
        HandOver.objects.filter(pk=handover.pk).update(approved_by=by, approved_at=timezone.now())
        record("approved", handover, by)


def take(handover: HandOver, *, by: User) -> Iterator[bytes]:
    """The parcel, for the one who asked or the one who agreed. Raises NotOpen, PermissionDenied."""
    if not handover.is_open:
        raise NotOpen
    if not handover.is_between(by) or not by.has_perm(PERMISSION):
        raise PermissionDenied("this hand-over is between two others")
    with transaction.atomic():
        HandOver.objects.filter(pk=handover.pk).update(times_taken=F("times_taken") + 1)
        record("taken", handover, by)
    return parcels.write(handover.petition)


@transaction.atomic
def take_on_the_server(petition: Petition) -> Iterator[bytes]:
    """For `export_signatures`: who has the server has the database; it is noted and announced all the same."""
    audit.note("handover.exported", by="", on=petition)
    announce({"event": "exported", "petition": petition.pk}, but=None)
    return parcels.write(petition)


def record(event: str, handover: HandOver, by: User) -> None:
    audit.note(f"handover.{event}", by=by.get_username(), on=handover, petition=handover.petition_id)
    announce({"event": event, "petition": handover.petition_id, "handover": handover.pk, "by": by.pk}, but=by)


def announce(payload: dict[str, int | str], *, but: User | None) -> None:
    """One mail to each other person who may do this."""
    people = User.objects.with_perm(PERMISSION, backend="django.contrib.auth.backends.ModelBackend").exclude(email="")
    for person in people.exclude(pk=but.pk if but else 0).order_by("pk"):
        work.put(ANNOUNCEMENT, payload=payload, secret={"address": person.email})
