"""What staff did to many signatures or voices at once, in the book of what staff did."""

from collections.abc import Sequence

from campaign import audit
from petitions.models import Signature, Voice


def note(act: str, on: Sequence[Signature] | Sequence[Voice], *, by: str) -> int:
    """One entry for each petition, with the numbers of those that are its; how many there are in all."""
    ids: dict[int, list[str]] = {}
    for one in on:
        ids.setdefault(one.petition_id, []).append(str(one.pk))
    for petition, its_ids in ids.items():
        audit.note(act, by=by, on=f"petitions.petition {petition}", number=len(its_ids), ids=" ".join(its_ids))
    return len(on)
