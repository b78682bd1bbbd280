"""What signing means for the signer's data, in the words shown beside the button; each wording is kept."""

from django.utils.translation import get_language, gettext

from campaign.supporters.models import Consent

PURPOSE = "signature"


def wording() -> str:
    """In the active language."""
    return gettext(
        "By signing you ask us to count you and to hand your name to the addressee with the petition. Your name and "
        "address are sealed at once: this server cannot read them, only the coalition can, with a key kept elsewhere. "
        "Nothing about you is shown in public."
    )


def current() -> Consent:
    """The wording that is shown now, as a row that a signature can point at."""
    return Consent.objects.get_or_create(purpose=PURPOSE, language=get_language() or "en", wording=wording())[0]
