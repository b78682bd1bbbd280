"""What signers say, and what of it is shown: only to who asked for it, and only after a moderator has read it.

The reason is sealed with the name, for the addressee. A copy is made only if the signer wants it shown; it is
encrypted, can be changed or taken back by the mailed link at any time, and goes with the signature.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from campaign import countries
from campaign.figures import SMALLEST_CELL
from campaign.keeping import kept
from campaign.secrecy.encryption import encrypt
from petitions import acts
from petitions.models import Signature, Tally, Voice, VoiceState

SHOWN = 10


@dataclass(frozen=True)
class Said:
    """`name` is what shall be shown as one, such as a first name."""

    reason: str = ""
    name: str = ""
    is_public: bool = False

    @property
    def sealed_values(self) -> dict[str, str]:
        return {"reason": self.reason} if self.reason else {}

    def words(self, *, country: str, language: str) -> dict[str, str] | None:
        """None if nothing shall be shown."""
        if not self.is_public or not (self.reason or self.name):
            return None
        return {"name": self.name, "country": country, "reason": self.reason, "language": language}


NOTHING = Said()


def box(words: dict[str, str] | None) -> bytes | None:
    """As the column `words` holds it."""
    return encrypt(json.dumps(words, ensure_ascii=False)) if words else None


def say(signature: Signature, said: Said) -> None:
    """Show this in the place of what was said before; a moderator reads it anew. Nothing said: nothing is shown."""
    words = said.words(country=signature.country, language=signature.language)
    if words is None:
        hush([signature])
        return
    fresh = {"petition": signature.petition, "words": words, "state": VoiceState.WAITING}
    Voice.objects.update_or_create(signature=signature, defaults=fresh)


def hush(signatures: Iterable[Signature]) -> None:
    """They no longer count, or no longer want to be shown."""
    Voice.objects.filter(signature__in=[signature.pk for signature in signatures]).delete()


def unread(signatures: Iterable[Signature]) -> None:
    """What was approved of them waits for a moderator again."""
    shown = Voice.objects.approved().filter(signature__in=[signature.pk for signature in signatures])
    shown.update(state=VoiceState.WAITING)


@transaction.atomic
def approve(ids: Iterable[int], *, by: str) -> int:
    """Show what waits; how many."""
    chosen = list(Voice.objects.to_read().filter(pk__in=ids).select_for_update(of=("self",)))
    Voice.objects.filter(pk__in=[voice.pk for voice in chosen]).update(state=VoiceState.APPROVED)
    return acts.note("voices.approved", chosen, by=by)


@transaction.atomic
def refuse(ids: Iterable[int], *, by: str) -> int:
    """Show it not, or no longer, and forget the copy; how many. What is sealed stays as it is."""
    chosen = list(Voice.objects.exclude(state=VoiceState.REFUSED).filter(pk__in=ids).select_for_update())
    Voice.objects.filter(pk__in=[voice.pk for voice in chosen]).update(state=VoiceState.REFUSED, words=None)
    return acts.note("voices.refused", chosen, by=by)


@dataclass(frozen=True)
class Shown:
    name: str
    country: str  # its code; empty where fewer than SMALLEST_CELL have signed
    reason: str
    language: str

    @property
    def country_name(self) -> str:
        return countries.name_of(self.country) if self.country else ""


@kept
def newest(petition_id: int) -> list[Shown]:
    """The last that were approved, newest first."""
    voices = list(Voice.objects.approved().filter(petition=petition_id).order_by("-signature")[:SHOWN])
    large = {code for code, count in Tally.objects.sums_by("country", petition_id) if count >= SMALLEST_CELL}
    return [shown(voice.said, large) for voice in voices]


def shown(words: dict[str, str], large: set[str]) -> Shown:
    country = words["country"] if words["country"] in large else ""
    return Shown(words["name"], country, words["reason"], words["language"])
