"""Ask, approve, stop and begin an act under dual control. Each step is in the audit, and all who could do it are told.

Two accounts count as two people only once both are settled (campaign/staff/accounts/standing.py). Every step locks the
act's row, so of two that come together the second sees what the first did; what decides is the database's time.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now

from campaign import audit
from campaign.staff.accounts import standing
from campaign.staff.dual_control import mails
from campaign.staff.dual_control.models import DualControlled, Stage, Stoppable
from campaign.staff.dual_control.stop_links import StopLink


class NotOpen(Exception):
    """The act is not approved, still waits, was stopped, or was approved too long ago."""


class Lapsed(Exception):
    """Whoever asked has left or may no longer ask, or asked too long ago, or somebody stopped it."""


@transaction.atomic
def request(act: DualControlled, *, by: User) -> None:
    """Store a new act, as requested by `by`."""
    act.requested_by = by
    act.save(force_insert=True)
    record("requested", act, by=by)


@transaction.atomic
def approve(act: DualControlled, *, by: User) -> None:
    """Agree to a request, and let the waiting time begin; again changes nothing.

    Raises PermissionDenied for one's own request or without the permission, Lapsed, and NotSettled.
    """
    asked = type(act).objects.locked(act)
    if by.pk == asked.requested_by_id or not by.has_perm(act.permission):
        raise PermissionDenied("this needs a second person")
    if asked.stage == Stage.STOPPED:
        raise Lapsed
    if asked.approved_by_id is None:
        if asked.stage != Stage.REQUESTED or not asked.requested_by.has_perm(act.permission):
            raise Lapsed
        for person in (asked.requested_by, by):
            standing.demand_standing(person)
        wait = timedelta(hours=settings.DUAL_CONTROL_WAIT_HOURS)
        type(act).objects.filter(pk=act.pk).update(approved_by=by, approved_at=Now(), opens_at=Now() + wait)
        record("approved", act, by=by)


@transaction.atomic
def stop(act: Stoppable, *, by: User) -> bool:
    """Stop the act for good, as any one person with its permission may; return False if there is nothing to stop.

    Raises PermissionDenied.
    """
    if not by.has_perm(act.permission):
        raise PermissionDenied("this is for those who could do it themselves")
    locked = type(act).objects.locked(act)
    if locked.is_stoppable:
        note_stop(locked, by=by.get_username(), way="admin")
    return bool(locked.is_stoppable)


@transaction.atomic
def stop_by_link(link: StopLink) -> bool:
    """Stop the act by the link that was mailed when it was announced; return False once its waiting time is over."""
    act = link.act()
    locked = act and type(act).objects.locked(act)
    if locked is None or locked.stage != Stage.WAITING or not link.is_of(locked):
        return False
    note_stop(locked, by=link.person(), way="link")
    return True


def note_stop(act: Stoppable, *, by: str, way: str) -> None:
    type(act).objects.filter(pk=act.pk).update(stopped_by=by, stopped_at=Now(), **act.unset_by_stop())
    audit.note(f"{act._meta.model_name}.stopped", by=by, on=act, way=way)
    mails.announce("stopped", act, by=by)


def begin[A: DualControlled](act: A, *, by: User) -> A:
    """Lock an act whose waiting time is over, for one of its two people; call it in the transaction that does the act.

    Raises NotOpen, PermissionDenied and NotSettled.
    """
    locked: A = type(act).objects.locked(act)
    if locked.stage != Stage.OPEN:
        raise NotOpen
    if not locked.is_between(by) or not by.has_perm(act.permission):
        raise PermissionDenied("this is between two others")
    standing.demand_standing(by)
    return locked


def record(event: str, act: DualControlled, *, by: User) -> None:
    """Note a step in the audit and mail all who could do the act; call it in the transaction of the step.

    The actors get these mails as well: somebody else may act with their password.
    """
    audit.note(f"{act._meta.model_name}.{event}", by=by.get_username(), on=act, **act.details())
    mails.announce(event, act, by=by.get_username())
