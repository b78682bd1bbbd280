"""What a person may do, on the first page, in the order in which the work usually comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django_stubs_ext import StrOrPromise

from campaign.translation import for_staff_lazy


@dataclass(frozen=True)
class Task:
    permission: str
    text: StrOrPromise
    view: str
    filters: str = ""

    @property
    def url(self) -> str:
        return reverse(f"admin:{self.view}") + self.filters


TASKS = [
    Task(
        "petitions.moderate_signature",
        for_staff_lazy("Decide on held signatures"),
        "petitions_heldsignature_changelist",
    ),
    Task(
        "petitions.moderate_signature",
        for_staff_lazy("Read what signers ask to have shown"),
        "petitions_voice_changelist",
    ),
    Task("petitions.add_paperbatch", for_staff_lazy("Type a paper sheet"), "petitions_paper_register"),
    Task("pages.add_newsitem", for_staff_lazy("Write news"), "pages_newsitem_add"),
    Task("pages.change_audience", for_staff_lazy("Change an action list"), "pages_audience_changelist"),
    Task("pages.change_page", for_staff_lazy("Translate what waits for it"), "to_translate"),
    Task("pages.change_issue", for_staff_lazy("Write the newsletter"), "pages_issue_changelist"),
    Task(
        "petitions.change_petition",
        for_staff_lazy("Change, pause or close a petition"),
        "petitions_petition_changelist",
    ),
    Task(
        "letters.change_delivery",
        for_staff_lazy("Look after letters that are stuck"),
        "letters_delivery_changelist",
        "?needs=staff",
    ),
    Task("letters.read_letter", for_staff_lazy("Print letters for an office"), "letters_printrun_changelist"),
    Task(
        "petitions.add_handover",
        for_staff_lazy("Hand signatures over, with a colleague"),
        "petitions_handover_add",
    ),
    Task("staff.add_invitation", for_staff_lazy("Invite a colleague"), "staff_invitation_add"),
    Task("audit.view_entry", for_staff_lazy("See who did what"), "audit_entry_changelist"),
]


def tasks(user: Any) -> Iterator[Task]:
    return (task for task in TASKS if user.has_perm(task.permission))
