"""Put missing work and correct wrong counts, after a backup was restored or rows were deleted by hand.

A restored backup is noticed by the site itself, and waits for staff (campaign/journal/recovery.py): this lets it go on
as their button does. Where the journal was lost with the database, whoever restored it says so by this command.

Every app names its functions for this in settings.RECONCILES, and in settings.RECONCILES_RESTORED those for what may
have happened already where a backup was restored. Each takes no arguments, mends what it finds, and returns how many it
was; run again, it finds nothing.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from campaign.journal import recovery
from campaign.journal.models import Restoration


def reconcile(*, is_restored: bool = True) -> dict[str, int]:
    """Run the functions, those for a restored backup first; return the number that each has mended, by its path."""
    recovery.look()
    known = list(Restoration.objects.open()) if is_restored else []
    released = {f"let go, {restoration}": int(recovery.release(restoration, by="")) for restoration in known}
    restored = settings.RECONCILES_RESTORED if is_restored and not known else []
    return released | {path: import_string(path)() for path in [*restored, *settings.RECONCILES]}
