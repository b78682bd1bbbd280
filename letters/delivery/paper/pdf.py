"""Letters on paper: one for the constituent to post, or a batch for an office, to be posted or handed over."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from babel import dates
from django.utils.translation import to_locale

from campaign.database import clock
from campaign.typesetting import typeset, typeset_parts
from letters.models import Delivery, Office

LETTER_TEMPLATE = Path(__file__).with_name("letter.typ")
AT_ONCE = 5  # letters that are laid out together; more would only take more memory


def letter_pdf(delivery: Delivery) -> bytes:
    now = clock.now()
    data = {"title": f"Letter to {delivery.letter.office.title_and_name}", "letters": [page_of(delivery, now)]}
    return typeset(LETTER_TEMPLATE, data, made_at=now)


def batch_pdf(office: Office, deliveries: Sequence[Delivery]) -> bytes:
    """All of one office, with a page before them that lists who wrote."""
    now = clock.now()
    return typeset_parts(LETTER_TEMPLATE, parts(office, deliveries, now), made_at=now)


def parts(office: Office, deliveries: Sequence[Delivery], now: datetime) -> Iterator[dict[str, Any]]:
    title = f"Letters to {office}"
    summary = f"{len(deliveries)} letters from constituents, printed on {now:%B %-d, %Y}. {office.postal_address}"
    rows = [row_of(delivery.print_number or number, delivery) for number, delivery in enumerate(deliveries, start=1)]
    yield {"title": title, "index": {"summary": summary, "rows": rows}, "letters": []}
    for start in range(0, len(deliveries), AT_ONCE):
        pages = [page_of(delivery, now) for delivery in deliveries[start : start + AT_ONCE]]
        yield {"title": title, "letters": pages}


def row_of(number: int, delivery: Delivery) -> list[str]:
    sender = delivery.letter.constituent.sender
    return [str(number), sender.full_name, ", ".join(sender.address()[1:])]


def page_of(delivery: Delivery, now: datetime) -> dict[str, Any]:
    sender, message = delivery.letter.constituent.sender, delivery.letter.message
    address = sender.address(message.language)
    name, *rest = (line for line in sender.lines(message.language) if line not in address)
    return {
        "name": name,
        "from": [name, *address],
        "to": envelope(delivery.letter.office),
        "date": dates.format_date(now, "long", locale=to_locale(message.language)),
        "closing": message.closing,
        "language": message.language.partition("-")[0],
        "subject": message.subject,
        "body": message.body,
        "signed": [name, *rest],
    }


def envelope(office: Office) -> list[str]:
    """The lines of the address, as the window shows them."""
    street, comma, town = office.postal_address.partition(", ")
    where = office.recipient_list
    return [office.named(where.name_on_envelope), where.name, *([street, town] if comma else [street])]
