"""What a new signature makes necessary beside its mail, and what need not be waited for by who signs.

Done by the worker before the mail goes out, so nobody can have confirmed yet, and once, whatever happens to the mail.
"""

from collections.abc import Iterator, Sequence

from django.db import transaction

from campaign.outbox import claims
from campaign.outbox.models import Item
from petitions import reminding, trends
from petitions.models import Signature
from petitions.screening import domain_of
from petitions.trends import Signed


@transaction.atomic
def note(items: Sequence[Item]) -> None:
    """Count them in the trends and put their reminders; those that are no beginning, or were noted, are left alone."""
    new = claims.mark([item for item in items if item.payload.get("is_new")], is_new=False)
    beginnings = list(with_signatures(new))
    trends.note(signed(item, signature) for item, signature in beginnings)
    reminding.put(beginnings)


def with_signatures(items: Sequence[Item]) -> Iterator[tuple[Item, Signature]]:
    """Locked, in the order of their keys: nobody is erased or withdrawn meanwhile."""
    named = Signature.objects.pending().filter(pk__in=[item.payload["signature"] for item in items])
    locked = named.select_related("petition").select_for_update(of=("self",)).order_by("pk")
    signatures = {signature.pk: signature for signature in locked}
    for item in items:
        if signature := signatures.get(item.payload["signature"]):
            yield item, signature


def signed(item: Item, signature: Signature) -> Signed:
    return Signed(
        petition_id=signature.petition_id,
        at=item.created_at,
        country=signature.country,
        domain=domain_of(item.secret["address"]),
        is_held=bool(signature.hold_reason),
    )
