"""Pause a petition or a letter campaign, resume it, or end it: acts of their own, which no form carries.

A form would write back what it was opened with; an act changes one column, whatever else is saved at the moment.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now

from campaign import audit
from campaign.appeals.models import Appeal
from campaign.translation import for_staff_lazy


@dataclass(frozen=True)
class StoppingAct:
    """`words` are of the button, `effect` is said before it is pressed, and `done` after; `noted` is for the audit."""

    words: str
    effect: str
    done: str
    noted: str
    changes: dict[str, object]
    applies: Q  # otherwise there is nothing to do


STOPPING_ACTS = {
    "pause": StoppingAct(
        for_staff_lazy("Pause"),
        for_staff_lazy(
            "Nobody can take part while it is paused, and its page says so. Links that were mailed before still work. "
            "You can resume it at any time."
        ),
        for_staff_lazy("Paused: nobody can take part until you resume it."),
        "paused",
        {"is_paused": True},
        Q(is_paused=False),
    ),
    "resume": StoppingAct(
        for_staff_lazy("Resume"),
        for_staff_lazy("People can take part again, within its dates."),
        for_staff_lazy("People can take part again, within its dates."),
        "resumed",
        {"is_paused": False},
        Q(is_paused=True),
    ),
    "end": StoppingAct(
        for_staff_lazy("End it now"),
        for_staff_lazy(
            "Nobody can take part any more, and its page says that it is over. Links that were mailed before still "
            "work for 24 hours. To undo it, save another date in “closes at”."
        ),
        for_staff_lazy("It ended just now."),
        "ended",
        {"closes_at": Now()},
        Q(opens_at__lt=Now()) & (Q(closes_at=None) | Q(closes_at__gt=Now())),
    ),
}


def acts_for(appeal: Appeal) -> dict[str, StoppingAct]:
    """Return what can be done to it now, by name."""
    asked = {name: Count("pk", filter=act.applies) for name, act in STOPPING_ACTS.items()}
    found = type(appeal)._meta.base_manager.filter(pk=appeal.pk).aggregate(**asked)
    return {name: act for name, act in STOPPING_ACTS.items() if found[name]}


@transaction.atomic
def perform(appeal: Appeal, name: str, *, by: str) -> bool:
    """Do it and note it; return False if somebody had done it before."""
    act = STOPPING_ACTS[name]
    is_done = bool(type(appeal)._meta.base_manager.filter(act.applies, pk=appeal.pk).update(**act.changes))
    if is_done:
        audit.note(f"{appeal._meta.model_name}.{act.noted}", by=by, on=appeal)
    return is_done
