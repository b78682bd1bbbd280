"""What an office's mail system answers by itself: kept for the writer, who finds it with their letter.

It goes to the address from which the letter came, and not to the writer's, to which people answer (RFC 3834).
"""

from email.message import EmailMessage

from django.db import transaction

from letters.delivery.inbound.messages import body_text
from letters.models import Delivery

LONGEST = 10_000
CUT = "\n[…]"


def text_of(message: EmailMessage) -> str:
    """Return subject and text, as far as they can be stored."""
    subject, text = " ".join(str(message.get("Subject", "")).split()), body_text(message).replace("\r\n", "\n").strip()
    words = "".join(c for c in f"{subject}\n\n{text}".strip() if c in "\n\t" or c.isprintable())
    return words if len(words) <= LONGEST else words[: LONGEST - len(CUT)] + CUT


@transaction.atomic
def keep(delivery_id: str, answer: str) -> bool:
    """Keep the newest answer, as long as the letter is kept; return whether there is such a letter."""
    readable = Delivery.objects.readable().filter(delivery_id=delivery_id)
    delivery = readable.select_for_update(of=("self",)).first()
    if delivery is None:
        return False
    Delivery.objects.filter(pk=delivery.pk).update(automatic_answer=answer)
    return True
