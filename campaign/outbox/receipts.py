"""Receipts: who uses a link from a confirmation mail has shown that the mailbox is theirs, so the mail is not held
against them. Without it somebody who signs and goes straight on to the letter would wait a quarter of an hour.

The link carries the sealed key of the allowance, since the server does not know the address any more.
"""

from django.core import signing

from campaign.protection import allowances
from campaign.secrecy.addresses import fingerprint

SALT = "confirmation-mail"


def allowance_key(address: str) -> bytes:
    """What confirmation mails to this address are counted under, over all forms of the site."""
    return fingerprint(address, SALT)


def receipt_for(address: str) -> str:
    """The query of a mailed link, `?receipt=...`."""
    return f"?receipt={seal_for(address)}"


def seal_for(address: str) -> str:
    """The receipt itself, also for who has shown in another way that the mailbox is theirs."""
    return signing.dumps(allowance_key(address).hex(), salt=SALT)


def honour(*receipts: str) -> None:
    """Let the next mail go at once; the day's number stays what it is. To be called when the link is used for the first
    time only. A forged or missing receipt does nothing."""
    if keys := {key for receipt in receipts if (key := key_in(receipt))}:
        allowances.date_back(keys, by=allowances.CONFIRMATION_MAIL[0].within)


def key_in(receipt: str) -> bytes | None:
    try:
        return bytes.fromhex(signing.loads(receipt, salt=SALT))
    except (signing.BadSignature, ValueError):
        return None
