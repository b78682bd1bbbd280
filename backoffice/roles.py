"""What staff of each role may do. A role is a group; giving somebody a role is putting them in the group.

The groups are brought in line with this list after every migration, since Django creates the permissions then. For
other roles, staff add groups of their own, which are never changed. The page “Who may do what” of the admin shows this
list, with a sentence for each role, which is on its card where it is given; so does docs/roles.md, as
`make manage ARGS="list_roles"` prints it.
"""

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import models

from campaign.staff.accounts.rights import ADMINISTRATOR
from campaign.translation import for_staff_lazy


def all_of(app: str, *models: str) -> list[str]:
    return [f"{app}.*_{model}" for model in models]


EDITOR = [
    *all_of(
        "pages", "page", "pageblock", "newsitem", "newsblock", "cosigner", "audience", "action", "source", "example"
    ),
    *all_of("pages", "timelineentry", "picture", "document", "film", "redirect"),
    *(f"pages.{act}_issue" for act in ("add", "change", "delete", "view")),
    "petitions.view_petition",
    "letters.view_lettercampaign",
]
TYPIST = [
    "petitions.add_paperbatch",
    "petitions.view_paperbatch",
]  # other roles load files, stop batches or take them back
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
    *all_of("supporters", "subscriber", "segment", "subscriberimport"),
    *all_of("pages", "sitesettings", "socialaccount", "weeklydigest"),
    *all_of("petitions", "petition", "petitiontext", "petitionkey", "milestone"),
    "petitions.replace_key",
    *all_of("protection", "sitepause"),
    *("outbox.view_rehearsal", "outbox.view_rehearsedmail", "outbox.read_rehearsedmail"),
    *PAPER,
    *all_of(
        "letters",
        "lettercampaign",
        "lettercampaigntext",
        "position",
        "consentwording",
        "recipientlist",
        "office",
        "officeimport",
        "channelstatus",
        "delivery",
        "printrun",
        "letter",
    ),
]
ROLES = {
    "Editor": EDITOR,
    "Typist": TYPIST,
    "Moderator": MODERATOR,
    "Campaigner": CAMPAIGNER,
    "Auditor": ["*.view_*"],
    ADMINISTRATOR: ["*"],
}
NAMES = {
    "Editor": for_staff_lazy("Editor"),
    "Typist": for_staff_lazy("Typist"),
    "Moderator": for_staff_lazy("Moderator"),
    "Campaigner": for_staff_lazy("Campaigner"),
    "Auditor": for_staff_lazy("Auditor"),
    ADMINISTRATOR: for_staff_lazy("Administrator"),
}
SENTENCES = {
    "Editor": for_staff_lazy(
        "Writes pages, news, actions, pictures and drafts of the newsletter, and publishes them. May not send the"
        " newsletter, change a petition, or see who signed."
    ),
    "Typist": for_staff_lazy("Types paper sheets. May not take a batch back, nor see anything else."),
    "Moderator": for_staff_lazy(
        "Decides about signatures that are held and about reasons, works with paper, and blocks domains and addresses."
        " May not change a petition, nor take signatures out."
    ),
    "Campaigner": for_staff_lazy(
        "Does what an Editor does; sends the newsletter, keeps the lists of subscribers, runs petitions and letter"
        " campaigns, works with paper, and reads letters; replaces the key of a signed petition together with a second"
        " person. May not moderate signatures, nor take them or the subscribers out."
    ),
    "Auditor": for_staff_lazy(
        "Views every list and the audit, and changes nothing. May not read letters, nor see held signatures and reasons"
        " of signers."
    ),
    ADMINISTRATOR: for_staff_lazy(
        "Does everything: accounts, and together with a second person hand-overs of signatures, exports of subscribers"
        " and replacements of keys. Only a superuser gives this role, and all other administrators are told."
    ),
}


def grant(**kwargs: Any) -> None:
    """Give every role exactly what ROLES says; a receiver of `post_migrate`."""
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


ACT_WORDS = {
    "all": for_staff_lazy("all"),
    "view": for_staff_lazy("view"),
    "add": for_staff_lazy("add"),
    "change": for_staff_lazy("change"),
    "delete": for_staff_lazy("delete"),
    "find": for_staff_lazy("find"),
    "load": for_staff_lazy("load"),
    "send": for_staff_lazy("send"),
    "read": for_staff_lazy("read"),
    "moderate": for_staff_lazy("moderate"),
    "replace": for_staff_lazy("replace"),
}
IN_TABLE = ["Editor", "Typist", "Moderator", "Campaigner"]  # docs/roles.md has a sentence for each of the others


def permission_rows() -> list[tuple[str, ...]]:
    """Return app, kind of content, and what each role of IN_TABLE may do with it; the database is not read."""
    kinds = sorted(apps.get_models(), key=lambda model: (model._meta.app_label, str(model._meta.verbose_name_plural)))
    found = [(kind._meta, [acts(kind, ROLES[role]) for role in IN_TABLE]) for kind in kinds]
    return list(
        dict.fromkeys((meta.app_label, str(meta.verbose_name_plural), *cells) for meta, cells in found if any(cells))
    )


def permission_table() -> str:
    """Return the rows as a table in Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in (("app", "what", *IN_TABLE), *permission_rows())]
    lines.insert(1, "|---" * (len(IN_TABLE) + 2) + "|")
    return "\n".join(lines)


def list_of_sentences() -> str:
    """Return the sentences as a list in Markdown."""
    return "\n".join(f"- **{name}.** {sentence}" for name, sentence in SENTENCES.items())


def acts(kind: type[models.Model], patterns: list[str]) -> str:
    """Return what these permissions allow to do with the model; "all" stands for Django's four."""
    usual = [(act, f"{act}_{kind._meta.model_name}") for act in kind._meta.default_permissions]
    more = [(str(code).partition("_")[0], code) for code, _name in kind._meta.permissions]
    may = [act for act, code in [*usual, *more] if matches(f"{kind._meta.app_label}.{code}", patterns)]
    has_all = {act for act, _code in usual} <= set(may)
    told = ["all", *may[len(usual) :]] if has_all and usual else may
    return ", ".join(str(ACT_WORDS.get(act, act)) for act in told)
