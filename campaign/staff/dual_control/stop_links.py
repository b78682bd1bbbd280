"""The links by which whoever is told of an approved act stops it, without logging in.

A link says which act, how long that waits and to whose account it was mailed, and is signed. It opens nothing, and has
no effect once the waiting time is over or the act was stopped. It can only prevent, so it is safe in a mailbox that
somebody else reads.
"""

from dataclasses import astuple, dataclass
from typing import Self

from django.apps import apps
from django.contrib.auth.models import User
from django.core import signing
from django.urls import reverse

from campaign.staff.dual_control.models import Stoppable
from campaign.web.links import absolute

SIGNER = signing.Signer(salt="campaign.staff.stop-link")


@dataclass(frozen=True)
class StopLink:
    kind: str  # label of the model, as in "petitions.handover"
    pk: int
    until: int  # microseconds since 1970
    account: int

    @classmethod
    def to(cls, act: Stoppable, *, account: int) -> Self:
        return cls(act._meta.label_lower, act.pk, opening_moment(act), account)

    @classmethod
    def read(cls, token: str) -> Self | None:
        """Return the link, or None for anything that we did not sign."""
        try:
            return cls(*SIGNER.unsign_object(token))
        except signing.BadSignature:
            return None

    def url(self) -> str:
        return absolute(reverse("admin:stop_act", args=[SIGNER.sign_object(astuple(self))]))

    def is_of(self, act: Stoppable) -> bool:
        """Return whether `act` still waits for the same time, and not for another one later."""
        return self.until == opening_moment(act)

    def act(self) -> Stoppable | None:
        model: type[Stoppable] = apps.get_model(self.kind)
        return model.objects.for_work().filter(pk=self.pk).first()

    def person(self) -> str:
        """Return the user name of whom it was mailed to, or a number if the account is gone."""
        name = User.objects.filter(pk=self.account).values_list("username", flat=True).first()
        return name or f"account {self.account}, which was deleted"


def opening_moment(act: Stoppable) -> int:
    return int(act.opens_at.timestamp() * 1_000_000) if act.opens_at else 0
