"""Seal what is signed from now on to another key; what was signed before keeps the key that it was sealed to."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from campaign.revisions import history
from campaign.staff.dual_control import workflow
from petitions.models import KeyReplacement, Petition


@transaction.atomic
def replace_key(replacement: KeyReplacement, *, by: User) -> None:
    """Do what two people have agreed to. Raises NotOpen, PermissionDenied and NotSettled (dual_control/workflow.py)."""
    opened = workflow.begin(replacement, by=by)
    Petition.objects.filter(pk=opened.petition_id).update(active_key=opened.key_id)
    KeyReplacement.objects.filter(pk=opened.pk).update(done_at=Now())
    workflow.record("done", opened, by=by)
    history.record(opened.petition, by=by, is_noted=False)
