"""What signing means for the signer's data, in the words shown beside the button; each wording is kept."""

from django.utils import translation
from django.utils.translation import get_language, gettext

from campaign.keeping import kept
from campaign.supporters.models import Consent
from petitions.models import Petition

PURPOSE = "signature"
PAPER = "paper signature"


def wording(petition: Petition) -> str:
    """In the active language: what this petition does with the data, and nothing that it does not."""
    return words(is_aloud=petition.asks_why, reminds=bool(petition.remind_after_days))


def words(*, is_aloud: bool, reminds: bool) -> str:
    return " ".join(filter(None, [sealed(), public(is_aloud=is_aloud), reminder() if reminds else ""]))


def sealed() -> str:
    return gettext(
        "By signing you ask us to count you and to hand your name to the addressee with the petition. Your name and "
        "address are sealed at once: this server cannot read them, only the coalition can, with a key kept elsewhere."
    )


def public(*, is_aloud: bool) -> str:
    if is_aloud:
        return gettext("Nothing about you is shown in public but what you ask for above.")
    return gettext("Nothing about you is shown in public.")


def reminder() -> str:
    return gettext(
        "If you do not confirm, one more mail reminds you; for that your address is kept encrypted until then."
    )


def current(petition: Petition) -> Consent:
    """The wording that is shown now, as a row that a signature can point at."""
    language = get_language() or "en"
    return shown(language, is_aloud=petition.asks_why, reminds=bool(petition.remind_after_days))


@kept
def shown(language: str, *, is_aloud: bool, reminds: bool) -> Consent:
    with translation.override(language):
        return recorded(PURPOSE, language, words(is_aloud=is_aloud, reminds=reminds))


@kept
def recorded(purpose: str, language: str, wording: str) -> Consent:
    return Consent.objects.get_or_create(purpose=purpose, language=language, wording=wording)[0]


def wording_on_paper() -> str:
    """In the active language."""
    return gettext(
        "By signing you ask us to count you and to hand your name to the addressee with the petition. What you write "
        "is typed in and sealed at once: our server cannot read it, only the coalition can, with a key kept elsewhere. "
        "This sheet is then locked away, and destroyed when the petition has been handed over."
    )


def on_paper(language: str) -> Consent:
    """The sentence printed on sheets in `language`, as a row that a signature can point at."""
    with translation.override(language):
        wording = wording_on_paper()
    return recorded(PAPER, language, wording)
