"""Reports of the mail provider: which addresses do not exist, and whose owners complained.

Anymail knows how each provider signs its reports, and what they mean. Only the provider that EMAIL_URL names is
believed, and only with EMAIL_WEBHOOK_SECRET; a report that is old, repeated or irrelevant changes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import EventType
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from campaign.database import clock
from campaign.mail.mailers import PROVIDERS
from campaign.mail.reports import NotYet
from campaign.outbox.suppressions import Cause
from campaign.protection.limits import rate_limits
from campaign.protection.limits.rate_limits import Limit
from campaign.supporters.provider_reports import bounces
from campaign.supporters.provider_reports.suppress import suppress
from campaign.web.links import absolute

OLDEST, NEWEST = timedelta(days=3), timedelta(minutes=10)  # before and after now; providers retry for a day or two
ONCE = (Limit(1, OLDEST + timedelta(days=1)),)
UNDELIVERED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}


class Unbelieved(Exception):
    """The report does not come from our provider, or cannot be read."""


def is_heard() -> bool:
    return bool(settings.EMAIL_PROVIDER and settings.EMAIL_WEBHOOK_SECRET)


def believed(request: HttpRequest) -> list[Any]:
    """Return the events of a report, as Anymail puts them. Raises Unbelieved."""
    path, name = PROVIDERS[settings.EMAIL_PROVIDER]
    where = absolute(request.path)  # Mandrill signs it as well
    view = import_string(f"anymail.webhooks.{path}")(**{name: settings.EMAIL_WEBHOOK_SECRET, "webhook_url": where})
    try:
        view.run_validators(request)
        return list(view.parse_events(request))
    except (AnymailWebhookValidationFailure, AnymailError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unbelieved(type(error).__name__) from None


def take(events: Iterable[Any]) -> int:
    """Suppress the addresses that the events rule out; return how many.

    What is about mail of another kind, such as a letter to an office, goes to whoever takes it, and suppresses nobody.
    Raises NotYet, after all others were taken.
    """
    mine, not_yet = [], None
    for event in events:
        try:
            if not is_taken(event):
                mine.append(event)
        except NotYet as error:
            not_yet = error
    suppressed = sum(suppress_once(event, cause) for event, cause in telling(mine))
    if not_yet:
        raise not_yet
    return suppressed


def is_taken(event: Any) -> bool:
    takers = map(import_string, settings.MAIL_REPORT_TAKERS)
    is_for_good = cause_of(event) == Cause.BOUNCE
    return any(take(event, is_for_good=is_for_good) for take in takers)


def telling(events: Iterable[Any]) -> Iterator[tuple[Any, Cause]]:
    """Yield the events that are recent and rule an address out, with the cause."""
    for event in events:
        cause = cause_of(event)
        if cause and event.recipient and is_recent(event):
            yield event, cause


def cause_of(event: Any) -> Cause | None:
    """Return the cause for a suppression; None for what may pass, such as a full mailbox or a slow server."""
    if event.event_type == EventType.COMPLAINED and not bounces.is_filtered(event.esp_event):
        return Cause.COMPLAINT
    said = " ".join(filter(None, [event.mta_response, event.description]))
    if event.event_type in UNDELIVERED and bounces.is_for_good(settings.EMAIL_PROVIDER, event.esp_event, said):
        return Cause.BOUNCE
    return None


def is_recent(event: Any) -> bool:
    now = clock.now()
    return event.timestamp is not None and now - OLDEST < event.timestamp < now + NEWEST


@transaction.atomic
def suppress_once(event: Any, cause: Cause) -> bool:
    """Suppress the address unless this event has done so. Both or neither is stored: a provider repeats what failed."""
    return is_new(event) and suppress(event.recipient, cause)


def is_new(event: Any) -> bool:
    """Record the event; return whether it is new: a repeated one must not suppress what staff have let in again."""
    mark = f"{event.event_id}\0{event.event_type}\0{event.recipient}\0{event.timestamp}"
    return rate_limits.take(hashlib.sha256(mark.encode()).digest(), ONCE)
