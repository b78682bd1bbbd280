"""The audit of what staff did, which nobody can rewrite.

    audit.note("signature.released", by=request.user.get_username(), on=signature, was_held_for="network")

Call it in the transaction of the act: either both happened or neither did. Numbers and parameters only: never a name,
an address, or anything else that a signer typed. A trigger in the database refuses changes to entries.
"""

from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps as installed
from django.db import models, transaction

if TYPE_CHECKING:
    from campaign.audit.models import Entry

Detail = str | int | bool | date | None


def note(act: str, *, by: str, on: models.Model | str, **details: Detail) -> "Entry":
    """Record an act; `by` is a user name, or empty for the site itself; `on` is what was acted on.

    Raises TransactionManagementError outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{act}: an act and its note belong into one transaction")
    named = on if isinstance(on, str) else f"{on._meta.label_lower} {on.pk}"
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in details.items()}
    entry: Entry = installed.get_model("audit", "Entry").objects.create(who=by, act=act, on=named, details=written)
    return entry
