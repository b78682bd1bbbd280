"""What signing means for the signer's data, in the words next to the button; each wording is kept."""

import hashlib
import re

from django.utils import translation
from django.utils.translation import get_language, gettext

from campaign.performance.local_cache import kept
from campaign.supporters.models import Consent
from petitions.models import Petition

PURPOSE = "signature"
PAPER_PURPOSE = "paper signature"
MARK = re.compile(r"[0-9a-f]{32}")


def wording(petition: Petition) -> str:
    """Return, in the active language, what this petition does with the data, and nothing that it does not do."""
    return consent_words(is_aloud=petition.asks_why, reminds=bool(petition.remind_after_days))


def consent_words(*, is_aloud: bool, reminds: bool) -> str:
    return " ".join(
        filter(None, [sealed_sentence(), public_sentence(is_aloud=is_aloud), reminder_sentence() if reminds else ""])
    )


def sealed_sentence() -> str:
    return gettext(
        "By signing, you ask us to count your signature and to hand your name to the addressee with the petition. Your "
        "name and email address are sealed at once: only the coalition can open them, with a key kept elsewhere. This "
        "server keeps your email address, encrypted, only until our email to you has been sent."
    )


def public_sentence(*, is_aloud: bool) -> str:
    if is_aloud:
        return gettext("Nothing about you is shown in public except what you ask for above.")
    return gettext("Nothing about you is shown in public.")


def reminder_sentence() -> str:
    return gettext(
        "If you do not confirm, we send you one more email as a reminder; your email address is kept, encrypted, "
        "until then."
    )


def current(petition: Petition) -> Consent:
    """Return the wording that is shown now, as a row for signatures to refer to."""
    language = get_language() or "en"
    return current_in_language(language, is_aloud=petition.asks_why, reminds=bool(petition.remind_after_days))


def shown(petition: Petition, marked: str) -> Consent:
    """Return the wording of the page that carried this mark; today's if nobody has signed with such a one."""
    today = current(petition)
    if not MARK.fullmatch(marked) or marked == mark_of(today):
        return today
    return with_mark(marked) or today


def mark(language: str, wording: str) -> str:
    """Return what stands for a wording in the form that shows it, so that the page needs no row of it."""
    return hashlib.sha256(f"{language}\0{wording}".encode()).hexdigest()[:32]


def mark_of(consent: Consent) -> str:
    return mark(consent.language, consent.wording)


@kept
def with_mark(marked: str) -> Consent | None:
    """Find the wording among those of signatures, of which each language has a few."""
    known = Consent.objects.filter(purpose=PURPOSE)
    return next((consent for consent in known if mark_of(consent) == marked), None)


@kept
def current_in_language(language: str, *, is_aloud: bool, reminds: bool) -> Consent:
    with translation.override(language):
        return recorded(PURPOSE, language, consent_words(is_aloud=is_aloud, reminds=reminds))


@kept
def recorded(purpose: str, language: str, wording: str) -> Consent:
    return Consent.objects.get_or_create(purpose=purpose, language=language, wording=wording)[0]


def wording_on_paper() -> str:
    """Return the sentence for printed sheets in the active language."""
    return gettext(
        "By signing, you ask us to count your signature and to hand your name to the addressee with the petition. What "
        "you write is typed in and then sealed: only the coalition can open it, with a key kept elsewhere. This sheet "
        "is then locked away, and destroyed when the petition has been handed over."
    )


def on_paper(language: str) -> Consent:
    """Return the sentence printed on sheets in `language`, as a row for signatures to refer to."""
    with translation.override(language):
        wording = wording_on_paper()
    return recorded(PAPER_PURPOSE, language, wording)
