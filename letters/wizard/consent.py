"""What sending letters means for the constituent's data, in the words next to the button; each wording is kept."""

from django.utils.translation import get_language, gettext

from campaign.supporters.models import Consent

PURPOSE = "letter"


def wording() -> str:
    """Return the wording in the active language."""
    return gettext(
        "By sending, you ask us to pass your letters, with your name, postal address and email address, to the offices "
        "named above, which may reply to you. We keep the letters and these details here, encrypted, "
        "until 28 days after the campaign ends. Nothing about you is shown in public, and nobody else receives your "
        "letters or your details."
    )


def current_wording() -> Consent:
    """Return the wording that is shown now, as a row for constituents to refer to."""
    return Consent.objects.get_or_create(purpose=PURPOSE, language=get_language() or "en", wording=wording())[0]
