"""What moderators decide about the reasons that signers want to have shown; each decision stands in the audit log."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from campaign.database import clock
from campaign.journal import journal
from campaign.secrecy.encryption import encrypt_json
from petitions.models import Voice, VoiceState
from petitions.moderation import audit


@transaction.atomic
def approve_comments(read: Mapping[int, str], *, by: str) -> int:
    """Show what waits; return how many. What is public needs no key of a period, and would be sealed anew for ever.

    `read` has the `Voice.mark_of_words` that the moderator saw: a signer may have said something else since.
    """
    waiting = Voice.objects.to_read().filter(pk__in=read).select_for_update(of=("self",))
    chosen = [voice for voice in waiting if voice.said and voice.mark_of_words == read[voice.pk]]
    for voice in chosen:
        Voice.objects.filter(pk=voice.pk).update(state=VoiceState.APPROVED, words=encrypt_json(voice.said))
    return audit.note("voices.approved", chosen, by=by)


@transaction.atomic
def refuse_comments(ids: Iterable[int], *, by: str) -> int:
    """Show it not, or no longer; return how many. The words are forgotten seven days later, what is sealed stays."""
    shown = Voice.objects.exclude(state=VoiceState.REFUSED).select_related("signature")
    chosen = list(shown.filter(pk__in=ids).select_for_update(of=("self",)))
    for voice in chosen:
        refused = {"state": VoiceState.REFUSED, "refused_on": clock.now().date(), "words": voice.words}
        Voice.objects.filter(pk=voice.pk).update(**refused)
    signatures = [voice.signature for voice in chosen]
    journal.record_many("silenced", ({"id": one.pk, "mark": one.mark} for one in signatures))
    return audit.note("voices.refused", chosen, by=by)


@transaction.atomic
def read_again(ids: Iterable[int], *, by: str) -> int:
    """Put refused words that are not forgotten yet back among those to be read; return how many."""
    chosen = list(Voice.objects.refused().filter(pk__in=ids).select_for_update(of=("self",)))
    mine = Voice.objects.filter(pk__in=[voice.pk for voice in chosen])
    mine.update(state=VoiceState.WAITING, refused_on=None)
    return audit.note("voices.to-be-read-again", chosen, by=by)
