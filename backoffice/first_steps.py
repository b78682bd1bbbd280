"""What a new site still needs, for its administrators: each step is ticked by what the site finds, not by a person.

The list goes from the first page once everything on it is done. It takes one query.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Q
from django.urls import reverse_lazy
from django_stubs_ext import StrOrPromise

from campaign.appeals.models import Visibility
from campaign.outbox import monitoring, rehearsals
from campaign.staff.accounts.rights import ADMINISTRATOR
from campaign.translation import for_staff_lazy
from letters.models import Delivery, LetterCampaign, Office
from letters.models.delivery_states import State
from pages.models import Page, SiteSettings
from pages.models.page import PRIVACY
from petitions.models import Petition, Total

ADMINISTRATORS = Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR)


@dataclass(frozen=True)
class Step:
    """Something to be done once, and where; `why` is shown until it is."""

    name: str
    text: StrOrPromise
    why: StrOrPromise
    url: Any


FIRST_STEPS = [
    Step(
        "name",
        for_staff_lazy("Give the site its name"),
        for_staff_lazy("It stands on top of every page and in every mail."),
        reverse_lazy("admin:pages_sitesettings_changelist"),
    ),
    Step(
        "privacy",
        for_staff_lazy("Publish the page “privacy”"),
        for_staff_lazy("Whoever signs must be able to read what becomes of their data."),
        reverse_lazy("admin:pages_page_changelist"),
    ),
    Step(
        "mail",
        for_staff_lazy("See one mail go out"),
        for_staff_lazy("Such as the link that verifies your own address, above. Without mail nobody can confirm."),
        reverse_lazy("admin:outbox_item_changelist"),
    ),
    Step(
        "second",
        for_staff_lazy("Add a second administrator, whose address is verified"),
        for_staff_lazy("Signatures are handed over by two people, and one of you may be ill."),
        reverse_lazy("admin:auth_user_changelist"),
    ),
    Step(
        "petition",
        for_staff_lazy("Publish a petition with a key of its own"),
        for_staff_lazy(
            "Make the key on a machine without a network (docs/handover.md), and try to open a signature before many "
            "sign."
        ),
        reverse_lazy("admin:petitions_petition_changelist"),
    ),
    Step(
        "rehearsal",
        for_staff_lazy("Begin a rehearsal of the whole site"),
        for_staff_lazy(
            "Then try what follows: mail leaves to staff only and letters to the sandbox, until you end it."
        ),
        reverse_lazy("admin:outbox_rehearsal_switch"),
    ),
    Step(
        "signature",
        for_staff_lazy("Sign it yourself, and confirm"),
        for_staff_lazy("Read the mail on a phone, in a language that your supporters speak."),
        reverse_lazy("admin:petitions_petition_changelist"),
    ),
    Step(
        "recipients",
        for_staff_lazy("Import whom letters go to"),
        for_staff_lazy(
            "Upload a list, look at what it changes, apply it. Remove the letter campaign if you write no letters."
        ),
        reverse_lazy("admin:letters_officeimport_add"),
    ),
    Step(
        "letter",
        for_staff_lazy("Write a letter in rehearsal"),
        for_staff_lazy("In a rehearsal letters go to the rehearsal box: nothing is sent."),
        reverse_lazy("admin:letters_delivery_changelist"),
    ),
]


def first_steps(user: Any) -> list[tuple[Step, bool]]:
    """Return each step, and whether it is done; nothing for who may not change accounts, or once all are done."""
    if not user.has_perm("auth.change_user"):
        return []
    others = User.objects.filter(ADMINISTRATORS, is_active=True, verified_address__isnull=False).exclude(pk=user.pk)
    no_letters = ~Exists(LetterCampaign.objects.exclude(visibility=Visibility.REMOVED))
    recipients = Office.objects.current().exclude(pk__in=Office.objects.term_over().values("pk"))
    found = {
        "name": Exists(SiteSettings.objects.exclude(name="")),
        "privacy": Exists(Page.objects.published().filter(path=PRIVACY)),
        "mail": monitoring.has_mailed(),
        "second": Exists(others),
        "petition": Exists(Petition.objects.published().filter(active_key__isnull=False)),
        "rehearsal": rehearsals.has_been(),
        "signature": Exists(Total.objects.filter(count__gt=0)),
        "recipients": no_letters | Exists(recipients),
        "letter": no_letters | Exists(Delivery.objects.filter(state=State.ACCEPTED)),
    }
    done: Any = User.objects.filter(pk=user.pk).values(**{f"has_{name}": is_so for name, is_so in found.items()}).get()
    steps = [(step, bool(done[f"has_{step.name}"])) for step in FIRST_STEPS]
    return [] if all(is_done for _step, is_done in steps) else steps
