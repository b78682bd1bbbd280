"""What sending letters means for the constituent's data, in the words beside the button; each wording is kept."""

from django.utils.translation import get_language, gettext

from campaign.supporters.models import Consent

PURPOSE = "letter"


def wording() -> str:
    """In the active language."""
    return gettext(
        "By sending, you ask us to hand your letters, with your name, address and e-mail address, to the offices of "
        "the senators named above, who may answer you. Here they are kept encrypted until 28 days after the campaign "
        "ends. Nothing about you is shown in public, and nobody else gets it."
    )


def current() -> Consent:
    """The wording that is shown now, as a row that a constituent can point at."""
    return Consent.objects.get_or_create(purpose=PURPOSE, language=get_language() or "en", wording=wording())[0]
