"""What a new signature causes besides its mail: it counts in the trends, and its reminder is put in the outbox.

The worker does this, so that the signer need not wait for it. It does it before the mail goes out, when nobody can have
confirmed yet, and only once, whatever happens to the mail.

The reminder waits in the outbox together with the encrypted address, and so does the wish for news. They are removed
when their signature is confirmed, counted by paper, withdrawn, invalidated or erased.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from campaign.outbox import claims, queue
from campaign.outbox.handlers import Item
from campaign.secrecy.addresses import domain_of
from campaign.supporters.subscriptions import WISH
from petitions.counting import trends
from petitions.counting.trends import Signed
from petitions.models import Signature
from petitions.signing.sign import LIFETIME, REMINDER


@transaction.atomic
def note(items: Sequence[Item]) -> None:
    """Count new signatures in the trends and put their reminders.

    The wish for news of each new mail replaces an earlier one, also if it wants none. What a mail asked for is noted
    once, and not at all if a newer mail was faster: it would be older than the answer that stands.
    """
    new_ids = {item.pk for item in items if item.payload.get("is_new")}
    unheard = claims.mark([item for item in items if not item.payload.get("is_heard")], is_heard=True, is_new=False)
    new = [item for item in unheard if item.pk in new_ids]
    queue.overtake([item for item in unheard if item.pk not in new_ids])
    beginnings = list(with_signatures(new))
    trends.add_to_trends(signed(item, signature) for item, signature in beginnings)
    queue.put_many(REMINDER, (work for item, signature in beginnings if (work := reminder_of(item, signature))))
    put_wishes([item for item in unheard if not item.payload.get("is_overtaken")])


def put_wishes(items: Sequence[Item]) -> None:
    """Keep the wish for news until the link is used or has expired, one for each signature, that of its newest mail.

    It waits here rather than in the link, since proxies write links into their logs.
    """
    in_order = sorted(items, key=lambda item: item.pk)
    answers = {signature.pk: (item, signature) for item, signature in with_signatures(in_order)}
    queue.forget([WISH], answers)
    wishing = [(item, signature) for item, signature in answers.values() if item.secret.get("wants_news")]
    queue.put_many(WISH, (wish_of(item, signature) for item, signature in wishing))


def wish_of(item: Item, signature: Signature) -> queue.Work:
    due_at = signature.token_expires_at or item.created_at + LIFETIME
    return queue.Work(signature.pk, {"language": signature.language}, due_at, item.sealed_secret)


def with_signatures(items: Sequence[Item]) -> Iterator[tuple[Item, Signature]]:
    """Yield each item whose signature is pending, with the signature.

    The signatures are locked in the order of their keys, so that none is erased or withdrawn meanwhile.
    """
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


def reminder_of(item: Item, signature: Signature) -> queue.Work | None:
    """Return the reminder, with the secret of the first mail; None if its petition sends no reminders.

    It is delayed by as long as the budget made the first mail wait (campaign/mail/budgets.py), so that made-up
    addresses get their reminders no faster than their first mails.
    """
    due_at = reminded_at(signature)
    waited = max(item.due_at - item.created_at, timedelta())
    payload = {"signature": signature.pk}
    return queue.Work(signature.pk, payload, due_at + waited, item.sealed_secret) if due_at else None


def reminded_at(signature: Signature) -> datetime | None:
    days = signature.petition.remind_after_days
    ends_at = signature.token_expires_at
    return ends_at - LIFETIME + timedelta(days=days) if days and ends_at else None
