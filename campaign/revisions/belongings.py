"""Drafts of somebody who leaves the staff (campaign/staff/accounts/departures.py)."""

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.formats import date_format

from campaign.revisions.models import Version, VersionQuerySet
from campaign.staff.accounts.departures import Begun
from campaign.translation import for_staff


class Drafts:
    @staticmethod
    def listed(person: User) -> Iterator[Begun]:
        for draft in drafts_of(person).newest():
            if draft.content is not None:
                yield Begun(draft_in_words(draft), history_of(draft))

    @staticmethod
    def permissions(person: User) -> set[str]:
        kinds = ContentType.objects.filter(pk__in=drafts_of(person).values("content_type"))
        return {f"{kind.app_label}.change_{kind.model}" for kind in kinds}

    @staticmethod
    def hand_over(person: User, *, to: User | None) -> int:
        return drafts_of(person).update(made_by=to)


def drafts_of(person: User) -> VersionQuerySet:
    return Version.objects.filter(is_draft=True, made_by=person)


def draft_in_words(draft: Version) -> str:
    due = (
        for_staff(", appears on %(when)s UTC") % {"when": date_format(draft.due_at, "DATETIME_FORMAT")}
        if draft.due_at
        else ""
    )
    return for_staff("Draft of “%(content)s”%(due)s") % {"content": draft.content, "due": due}


def history_of(draft: Version) -> str:
    kind = draft.content_type
    return reverse(f"admin:{kind.app_label}_{kind.model}_history", args=[draft.object_id])
