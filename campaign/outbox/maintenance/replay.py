"""Apply to a restored database what the journal tells of suppressions, of mail that went out, and of rehearsals."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import JSONField, Value
from django.db.models.expressions import CombinedExpression, F

from campaign.journal.files import JournalLine
from campaign.journal.replay import Replayed
from campaign.outbox.handlers import WAS_MAILED
from campaign.outbox.models import Item, Rehearsal, Suppression

# Mail that tells of something which the database may know nothing of, since it was entered after the backup.
MAIL_SUBJECTS = {
    "petitions.confirmation": "signatures",
    "letters.confirmation": "submissions of letters",
    "supporters.newsletter-confirmation": "requests for news",
}
OTHER_MAIL = "things that other mail was about"


def suppress_again(lines: Sequence[JournalLine]) -> Replayed:
    """Suppress the addresses that were suppressed, and let in those that were let in; of each the last line counts."""
    causes = {bytes.fromhex(line["of"]): line["cause"] for line in lines}
    there = Suppression.objects.among(causes)
    missing = {print_: cause for print_, cause in causes.items() if cause and print_ not in there}
    lifted = [print_ for print_ in there if not causes[print_]]
    new = [Suppression(fingerprint=print_, cause=cause) for print_, cause in missing.items()]
    Suppression.objects.bulk_create(new, ignore_conflicts=True)
    Suppression.objects.filter(fingerprint__in=lifted).delete()
    return Replayed(+Counter({"addresses that get nothing more": len(new), "addresses let in again": len(lifted)}))


def mark_mailed(lines: Sequence[JournalLine]) -> Replayed:
    """Have the mails that went out not sent again; all else that their work does is done.

    What the database knows nothing of tells how much it has lost.
    """
    mailed = {line["item"]: line for line in lines}
    there = [item for item in Item.objects.filter(pk__in=mailed) if item.mark == mailed[item.pk]["mark"]]
    mark = CombinedExpression(F("payload"), "||", Value({WAS_MAILED: True}, JSONField()), JSONField())
    Item.objects.filter(pk__in=[item.pk for item in there]).update(payload=mark)
    lost = mailed.keys() - {item.pk for item in there}
    about = Counter(MAIL_SUBJECTS.get(mailed[pk]["kind"], OTHER_MAIL) for pk in lost)
    return Replayed(+Counter({"mails that went out and do not go again": len(there)}), about)


def rehearse_again(lines: Sequence[JournalLine]) -> Replayed:
    """Begin and end the rehearsals that were begun and ended."""
    known = set(Rehearsal.objects.values_list("began_at", "ended_at"))
    done = Counter[str]()
    for line in lines:
        began_at = datetime.fromisoformat(line["began_at"])
        ended_at = datetime.fromisoformat(line["ended_at"]) if line["ended_at"] else None
        if (began_at, ended_at) not in known:
            end = {"ended_at": ended_at, "ended_by": line["by"]} if ended_at else {}
            begun = {"begun_by": line["by"], **end}
            Rehearsal.objects.update_or_create(began_at=began_at, defaults=end, create_defaults=begun)
            done["rehearsals ended" if ended_at else "rehearsals begun"] += 1
    return Replayed(done)
