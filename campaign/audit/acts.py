"""The acts of the audit in words: entries hold a code such as `signatures.released`, which never changes."""

from django.apps import apps
from django.utils.text import capfirst
from django_stubs_ext import StrOrPromise

from campaign.translation import for_staff_lazy

# What was acted on, where that is not the name of a model.
SUBJECTS: dict[str, StrOrPromise] = {
    "address": for_staff_lazy("address"),
    "administrator": for_staff_lazy("administrator"),
    "audit": for_staff_lazy("audit"),
    "channel": for_staff_lazy("channel"),
    "clearing": for_staff_lazy("clearing of rows"),
    "content": for_staff_lazy("content"),
    "counts": for_staff_lazy("counts"),
    "handover": for_staff_lazy("hand-over"),
    "invalidate": for_staff_lazy("invalidation by filter"),
    "letter": for_staff_lazy("letter"),
    "newsletter": for_staff_lazy("newsletter"),
    "paper": for_staff_lazy("paper"),
    "password": for_staff_lazy("password"),
    "print-run": for_staff_lazy("print run"),
    "release": for_staff_lazy("release by filter"),
    "second-factor": for_staff_lazy("second factor"),
    "recipients": for_staff_lazy("recipients"),
    "senators": for_staff_lazy("senators"),
    "signatures": for_staff_lazy("signatures"),
    "site": for_staff_lazy("the site"),
    "subscribers": for_staff_lazy("subscribers"),
    "suppression": for_staff_lazy("suppression"),
    "text": for_staff_lazy("text"),
    "voices": for_staff_lazy("reasons of signers"),
    "work": for_staff_lazy("work of the outbox"),
    "milestone": for_staff_lazy("milestone"),
}
DEEDS: dict[str, StrOrPromise] = {
    "accepted": for_staff_lazy("accepted"),
    "added": for_staff_lazy("added"),
    "announced": for_staff_lazy("announced"),
    "applied": for_staff_lazy("applied"),
    "approved": for_staff_lazy("approved"),
    "asked": for_staff_lazy("asked"),
    "requested": for_staff_lazy("requested"),
    "begun": for_staff_lazy("begun"),
    "cancelled": for_staff_lazy("cancelled"),
    "changed": for_staff_lazy("changed"),
    "deleted": for_staff_lazy("deleted"),
    "discarded": for_staff_lazy("discarded"),
    "done": for_staff_lazy("done"),
    "draft-dropped": for_staff_lazy("draft dropped"),
    "draft-kept": for_staff_lazy("draft kept"),
    "ended": for_staff_lazy("ended"),
    "erased": for_staff_lazy("erased"),
    "exported": for_staff_lazy("exported"),
    "fetched": for_staff_lazy("fetched"),
    "given-back": for_staff_lazy("given the state back that they had"),
    "given-up": for_staff_lazy("given up"),
    "handed-to-constituent": for_staff_lazy("handed to the constituent"),
    "held-after-restore": for_staff_lazy("held after a restore"),
    "held-again": for_staff_lazy("held again"),
    "import-discarded": for_staff_lazy("an import discarded"),
    "import-stopped": for_staff_lazy("an import stopped"),
    "import-undone": for_staff_lazy("an import undone"),
    "imported": for_staff_lazy("imported"),
    "invalidated": for_staff_lazy("invalidated"),
    "left": for_staff_lazy("left staff"),
    "let-go-after-restore": for_staff_lazy("let go on after a restore"),
    "loaded": for_staff_lazy("loaded"),
    "looked-up": for_staff_lazy("looked up"),
    "made": for_staff_lazy("made"),
    "marked-accepted": for_staff_lazy("marked as accepted"),
    "marked-rejected": for_staff_lazy("marked as rejected"),
    "mended": for_staff_lazy("mended"),
    "paused": for_staff_lazy("paused"),
    "posted": for_staff_lazy("posted"),
    "printed": for_staff_lazy("printed"),
    "proposed": for_staff_lazy("proposed"),
    "published": for_staff_lazy("published"),
    "reached": for_staff_lazy("reached"),
    "read": for_staff_lazy("read"),
    "recovery-code-used": for_staff_lazy("a recovery code used"),
    "recovery-codes-made": for_staff_lazy("recovery codes made"),
    "refused": for_staff_lazy("refused"),
    "registered": for_staff_lazy("registered"),
    "released": for_staff_lazy("released"),
    "reset": for_staff_lazy("reset"),
    "restored": for_staff_lazy("restored"),
    "resumed": for_staff_lazy("resumed"),
    "retried": for_staff_lazy("retried"),
    "row-corrected": for_staff_lazy("a row corrected"),
    "row-struck": for_staff_lazy("a row struck out"),
    "running": for_staff_lazy("started"),
    "saved": for_staff_lazy("saved"),
    "scheduled": for_staff_lazy("scheduled"),
    "sending": for_staff_lazy("sending"),
    "sent": for_staff_lazy("sent"),
    "sent-again": for_staff_lazy("sent again"),
    "stopped": for_staff_lazy("stopped"),
    "taken-back": for_staff_lazy("taken back"),
    "taken-to-office": for_staff_lazy("posted or taken to the office"),
    "test-sent": for_staff_lazy("a test sent"),
    "to-be-read-again": for_staff_lazy("to be read again"),
    "tried-again": for_staff_lazy("tried again"),
    "typed": for_staff_lazy("typed"),
    "typed-again": for_staff_lazy("typed again"),
    "undoing": for_staff_lazy("being undone"),
    "undone": for_staff_lazy("undone"),
    "uploaded": for_staff_lazy("uploaded"),
    "validated": for_staff_lazy("validated"),
    "verified": for_staff_lazy("verified"),
    "withdrawn": for_staff_lazy("withdrawn"),
}


def in_words(act: str) -> str:
    """Return an act as staff read it; what has no words here stays as it is."""
    subject, _, deed = act.partition(".")
    named = {**names_of_models(), **SUBJECTS}
    if subject not in named or deed not in DEEDS:
        return act
    return capfirst(f"{named[subject]}: {DEEDS[deed]}")


def names_of_models() -> dict[str, StrOrPromise]:
    return {str(model._meta.model_name): model._meta.verbose_name or "" for model in apps.get_models()}
