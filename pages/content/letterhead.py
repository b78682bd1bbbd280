"""What mails bear of the settings of the site (campaign/mail/letterhead.py)."""

from campaign.mail.letterhead import Letterhead
from pages.content.context_processors import load


def letterhead() -> Letterhead:
    site = load()
    local = site.local
    return Letterhead(local.name, local.language, site.contact_details, site.contact_email)
