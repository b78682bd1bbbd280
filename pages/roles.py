"""What staff of each role may do. The roles are groups; giving somebody a role is putting them in the group.

The groups are brought in line with this list after every migration, since Django makes the permissions themselves then.
Who needs other roles makes groups of their own: those are never touched.
"""

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission


def all_of(app: str, *models: str) -> list[str]:
    return [f"{app}.*_{model}" for model in models]


EDITOR = [
    *all_of(
        "pages", "page", "pageblock", "newsitem", "newsblock", "cosigner", "audience", "action", "source", "example"
    ),
    *all_of("pages", "timelineentry", "picture", "document"),
    *(f"pages.{act}_issue" for act in ("add", "change", "delete", "view")),
    "petitions.view_petition",
    "letters.view_lettercampaign",
]
TYPIST = ["petitions.add_paperbatch", "petitions.view_paperbatch"]  # what is loaded or typed, others stop or take back
PAPER = all_of("petitions", "paperbatch", "paperremark", "uploadpart", "papersheet", "rekeying")
MODERATOR = [
    "petitions.view_petition",
    "petitions.*_signature",
    *all_of("petitions", "decision"),
    *PAPER,
    *all_of("protection", "domainrule"),
    *all_of("outbox", "suppression"),
]
CAMPAIGNER = [
    *EDITOR,
    "pages.send_issue",
    *all_of("pages", "sitesettings", "socialaccount"),
    *all_of("petitions", "petition", "petitiontext", "petitionkey", "milestone"),
    *all_of("protection", "sitepause"),
    *PAPER,
    *all_of("letters", "lettercampaign", "office", "officeimport", "channelstatus", "delivery", "letter"),
]
ROLES = {
    "Editor": EDITOR,
    "Typist": TYPIST,
    "Moderator": MODERATOR,
    "Campaigner": CAMPAIGNER,
    "Auditor": ["*.view_*"],
    "Administrator": ["*"],
}


def grant(**kwargs: Any) -> None:
    """Receiver of `post_migrate`: every role has exactly what ROLES says."""
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    known = {f"{label}.{code}": pk for pk, label, code in permissions()}
    for name, patterns in ROLES.items():
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.set([pk for permission, pk in known.items() if matches(permission, patterns)])


def permissions() -> Iterable[tuple[int, str, str]]:
    return Permission.objects.values_list("pk", "content_type__app_label", "codename")


def matches(permission: str, patterns: list[str]) -> bool:
    return any(fnmatch(permission, pattern) for pattern in patterns)
