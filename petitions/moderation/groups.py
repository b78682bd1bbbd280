"""Held signatures in groups, so that a wave is judged as one: by network, mail domain, domain rule, hour or reason.

Networks and domains are pseudonyms that hold for a day (petitions/models/moderation/hold_trace.py). A decision on a
group can be undone for as long; after that nothing tells which signatures it was about.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django_stubs_ext import StrOrPromise

from campaign.secrecy.addresses import canonical_domain
from petitions.models import Decision, HoldTrace, Petition, Signature, TraceKind
from petitions.models.moderation.decision import FORGOTTEN, MOVING
from petitions.models.moderation.hold_trace import text_of
from petitions.models.signature import HoldReason
from petitions.signing.fraud_checks import domain_pseudonym

KEPT_FOR = timedelta(days=1)
MOST_GROUPS = 100
REASON = "reason"


@dataclass(frozen=True)
class HeldGroup:
    """Held signatures of one petition with something in common; `filters` choose them for a decision."""

    petition: Petition
    name: StrOrPromise
    number: int
    filters: dict[str, Any]
    countries: int = 0
    hours: int = 0


def held_groups(by: str) -> list[HeldGroup]:
    """Return the largest groups, in two queries and those for the petitions' names."""
    petitions = {petition.pk: petition for petition in Petition.named.all()}
    if by == REASON:
        return by_reason(petitions)
    kind = TraceKind(by)
    return [
        HeldGroup(
            petitions[group.petition_id],
            name_of(kind, group.value),
            group.number,
            {"trace": text_of(kind, group.value)},
            group.countries,
            group.hours,
        )
        for group in HoldTrace.objects.groups(kind, limit=MOST_GROUPS)
    ]


def by_reason(petitions: dict[int, Petition]) -> list[HeldGroup]:
    found = (
        Signature.objects.held()
        .values_list("petition", "hold_reason")
        .annotate(number=Count("pk"), countries=Count("country", distinct=True))
    )
    return [
        HeldGroup(petitions[petition], HoldReason(reason).label, number, {"hold_reason": reason}, countries)
        for petition, reason, number, countries in found.order_by("-number", "hold_reason", "petition")[:MOST_GROUPS]
    ]


def name_of(kind: TraceKind, value: Any) -> str:
    """Return the first half of a pseudonym, which is enough to tell one from the other, or what it is."""
    if kind == TraceKind.HOUR:
        return f"{value:%Y-%m-%d %H}:00"
    return str(value) if kind == TraceKind.RULE else bytes(value).hex()[:8]


def pseudonym_of(domain: str) -> str:
    """Return the name of the group of this mail domain, empty if no key is there."""
    found = domain_pseudonym(canonical_domain(domain.strip().removeprefix("@")))
    return name_of(TraceKind.DOMAIN, found) if found else ""


def members(trace: str) -> QuerySet[HoldTrace, Any]:
    """Return the numbers of the signatures of a group; none of one that is forgotten."""
    found = HoldTrace.objects.none() if trace == FORGOTTEN else HoldTrace.objects.like(trace)
    return found.values("signature")


def forget() -> int:
    """Delete what is a day old, and what decisions still tell of it; return how many traces."""
    forget_decisions()
    return HoldTrace.objects.filter(hour__lt=Now() - KEPT_FOR).delete()[0]


@transaction.atomic
def forget_decisions() -> None:
    old = Decision.objects.exclude(trace__in=["", FORGOTTEN]).exclude(state__in=MOVING)
    ids = list(old.filter(made_at__lt=Now() - KEPT_FOR).select_for_update().values_list("pk", flat=True))
    Signature.objects.filter(decision__in=ids).update(decision=None)
    Decision.objects.filter(pk__in=ids).update(trace=FORGOTTEN)
