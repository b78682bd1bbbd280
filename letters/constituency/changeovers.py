"""Have the letters looked at that wait for senators who have left their seats (letters/succession/handler.py)."""

from campaign.outbox import queue
from letters.models import Delivery, Office

CHANGEOVER = "letters.changeover"


def note_changeovers() -> None:
    """Call it in the transaction that changes who holds a seat; again does no harm."""
    for pk in Office.objects.former().values_list("pk", flat=True):
        if Delivery.objects.left_behind(pk).exists():
            queue.forget([CHANGEOVER], [pk])
            queue.put(CHANGEOVER, subject=pk, payload={"office": pk})
