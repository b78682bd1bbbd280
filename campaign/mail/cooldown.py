"""Receipts: whoever uses a link from a confirmation mail has shown that the mailbox is theirs.

That mail then stops counting against the address. Otherwise somebody who signs and goes straight on to the letter would
have to wait a quarter of an hour. The link carries the sealed key of the allowance, since the server does not know the
address any more.
"""

from campaign.protection.limits import rate_limits
from campaign.secrecy import tokens
from campaign.secrecy.addresses import fingerprint

ALLOWANCE_SALT = "confirmation-mail"


def allowance_key(address: str) -> bytes:
    """Return the key under which confirmation mails to this address are counted, for all forms of the site."""
    return fingerprint(address, ALLOWANCE_SALT)


def receipt_for(address: str) -> str:
    """Return the query of a mailed link, `?receipt=...`."""
    return f"?receipt={seal_for(address)}"


def seal_for(address: str) -> str:
    """Return the receipt itself, also for somebody who has shown in another way that the mailbox is theirs."""
    return tokens.signed(allowance_key(address), ALLOWANCE_SALT)


def honour(*receipts: str) -> None:
    """Let the next mail go at once; the number of mails in a day stays limited.

    Call it only when the link is used for the first time. A forged or missing receipt does nothing.
    """
    if keys := {key for receipt in receipts if (key := tokens.signed_bytes(receipt, ALLOWANCE_SALT))}:
        rate_limits.date_back(keys, by=rate_limits.CONFIRMATION_MAIL[0].within)
