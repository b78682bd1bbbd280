"""Public comments: what signers ask to have shown next to a petition, once a moderator has approved it.

A signer's reason is sealed with the name, for the addressee. Only if the signer asks for it to be shown is a copy
stored, encrypted. The signer can change or withdraw it at any time by the mailed link, and it is deleted with the
signature.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.performance.local_cache import kept
from campaign.secrecy.encryption import seal_json
from campaign.secrecy.periods.keys import Purpose
from campaign.web import countries
from campaign.web.statistics.disclosure_control import SMALLEST_CELL
from petitions.models import Signature, Tally, Voice, VoiceState

COMMENTS_SHOWN = 10


@dataclass(frozen=True)
class PublicComment:
    """What a signer typed to have shown; `name` is whatever they want to be called there, such as a first name."""

    reason: str = ""
    name: str = ""
    is_public: bool = False

    @property
    def sealed_values(self) -> dict[str, str]:
        return {"reason": self.reason} if self.reason else {}

    def words(self, *, country: str, language: str) -> dict[str, str] | None:
        """Return the comment as it is stored; None if nothing is to be shown."""
        if not self.is_public or not (self.reason or self.name):
            return None
        return {"name": self.name, "country": country, "reason": self.reason, "language": language}


NO_COMMENT = PublicComment()


def sealed_words(words: dict[str, str] | None) -> bytes | None:
    """Return the comment encrypted, as the column `words` stores it."""
    return seal_json(words, Purpose.SHORT) if words else None


def submit_comment(signature: Signature, said: PublicComment) -> None:
    """Replace the signer's comment, which then waits for a moderator; delete it if nothing is to be shown."""
    words = said.words(country=signature.country, language=signature.language)
    if words is None:
        remove_comments([signature])
        return
    fresh = {"petition": signature.petition, "words": words, "state": VoiceState.WAITING, "refused_on": None}
    Voice.objects.update_or_create(signature=signature, defaults=fresh)


def remove_comments(signatures: Iterable[Signature]) -> None:
    """Delete the comments of signatures that no longer count, or whose signers want nothing shown any more."""
    Voice.objects.filter(signature__in=[signature.pk for signature in signatures]).delete()


def review_again(signatures: Iterable[Signature]) -> None:
    """Return the approved comments of these signatures to the moderators' queue."""
    shown = Voice.objects.approved().filter(signature__in=[signature.pk for signature in signatures])
    shown.update(state=VoiceState.WAITING)


@dataclass(frozen=True)
class ShownComment:
    name: str
    country: str  # its code; empty where fewer than SMALLEST_CELL have signed
    reason: str
    language: str

    @property
    def country_name(self) -> str:
        return countries.name_of(self.country) if self.country else ""


@kept
def newest(petition_id: int) -> list[ShownComment]:
    """Return the latest approved comments, newest first."""
    voices = list(Voice.objects.approved().filter(petition=petition_id).order_by("-signature")[:COMMENTS_SHOWN])
    large = {
        code for code, count in Tally.objects.filter(petition=petition_id).sums_by("country") if count >= SMALLEST_CELL
    }
    return [shown_comment(voice.said, large) for voice in voices]


def shown_comment(words: dict[str, str], large: set[str]) -> ShownComment:
    country = words["country"] if words["country"] in large else ""
    return ShownComment(words["name"], country, words["reason"], words["language"])
