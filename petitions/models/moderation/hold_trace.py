"""What a moderator can judge a held signature by, for a day: its network and mail domain, its hour, the domain rule.

Network and domain are pseudonyms of the day (campaign/secrecy/periods/pseudonyms.py). The row is deleted a day after
the hour; then nothing tells any more which signatures came from one place.
"""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, F, Q

from campaign.secrecy.addresses import LONGEST_DOMAIN
from petitions.models.signature import Signature, State


class TraceKind(models.TextChoices):
    NETWORK = "network", "network"
    DOMAIN = "domain", "mail domain"
    RULE = "rule", "domain rule"
    HOUR = "hour", "hour"


class TracedGroup(NamedTuple):
    """Held signatures of one petition that have this much in common."""

    petition_id: int
    value: Any
    number: int
    countries: int
    hours: int


class HoldTraceQuerySet(models.QuerySet["HoldTrace"]):
    def like(self, trace: str) -> Self:
        """Return the rows that a text such as `network:c0ffee...` stands for. Raises ValueError if it stands for none.

        >>> HoldTrace.objects.like("network:zz")
        Traceback (most recent call last):
        ValueError: non-hexadecimal number found in fromhex() arg at position 0
        """
        kind, _, text = trace.partition(":")
        return self.filter(**{TraceKind(kind).value: value_of(TraceKind(kind), text)})

    def groups(self, kind: TraceKind, *, limit: int) -> list[TracedGroup]:
        """Return the largest groups of what is held; those of which the value is not known are left out."""
        held = self.filter(signature__state=State.HELD).exclude(Q(**{f"{kind}__isnull": True}) | EMPTY[kind])
        found = held.values_list("signature__petition", kind.value).annotate(
            number=Count("pk"),
            countries=Count("signature__country", distinct=True),
            hours=Count("hour", distinct=True),
        )
        ordered = found.order_by(F("number").desc(), kind.value, "signature__petition")
        return [TracedGroup(*row) for row in ordered[:limit]]


EMPTY = {kind: Q(rule="") if kind == TraceKind.RULE else Q(pk=None) for kind in TraceKind}


def value_of(kind: TraceKind, text: str) -> Any:
    """Raises ValueError."""
    if kind == TraceKind.HOUR:
        return datetime.fromisoformat(text)
    return text if kind == TraceKind.RULE else bytes.fromhex(text)


def text_of(kind: TraceKind, value: Any) -> str:
    r"""Return what `like` understands.

    >>> text_of(TraceKind.NETWORK, b"\xc0\xff")
    'network:c0ff'
    """
    if kind == TraceKind.HOUR:
        return f"{kind}:{value.isoformat()}"
    return f"{kind}:{value}" if kind == TraceKind.RULE else f"{kind}:{bytes(value).hex()}"


class HoldTrace(models.Model):
    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, db_constraint=False, related_name="+")
    hour = models.DateTimeField("hour", db_index=True)
    network = models.BinaryField(null=True)
    domain = models.BinaryField(null=True)
    rule = models.CharField("domain rule", max_length=LONGEST_DOMAIN, blank=True)

    objects = HoldTraceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = "trace of a held signature"
        verbose_name_plural = "traces of held signatures"
