"""The button in a message that takes back what a moderator has just decided."""

from collections.abc import Callable, Sequence

from django.core import signing
from django.http import HttpRequest
from django.template.loader import render_to_string

from petitions.moderation import decisions

UNDONE_BY: dict[str, Callable[..., list[int]]] = {
    "release": decisions.hold_again,
    "invalidate": decisions.take_back_invalidation,
}
SALT = "petitions.undo"
DAY = 24 * 60 * 60


def with_button(request: HttpRequest, text: str, act: str, ids: Sequence[int]) -> str:
    """Return the text with a form that names what was decided; it is signed, so that it names nothing else."""
    decided = signing.dumps([act, list(ids)], salt=SALT, compress=True)
    context = {"text": text, "decided": decided}
    return render_to_string("admin/petitions/undo.html", context, request=request)


def take_back(request: HttpRequest) -> list[int]:
    """Undo what the posted form names; return the numbers of what has its former state again."""
    try:
        act, ids = signing.loads(request.POST.get("decided", ""), salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return []
    return UNDONE_BY[act](ids, by=request.user.get_username())
