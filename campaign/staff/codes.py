"""Codes of both kinds: six digits that an app on a phone shows for half a minute, and recovery codes on paper."""

import base64
import secrets
import time
from urllib.parse import quote, urlencode, urlsplit

import segno
from django.conf import settings
from django_otp.oath import TOTP

from campaign.secrecy.addresses import keyed_hash

DIGITS, RECOVERY_CODES, RECOVERY_LETTERS = 6, 10, 12


def new_secret() -> str:
    """20 random bytes in the letters that apps take when the secret is typed."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def is_six_digits(typed: str) -> bool:
    return len(bare(typed)) == DIGITS and bare(typed).isdecimal()


def step_of(typed: str, secret: str, *, after: int = -1) -> int | None:
    """The half-minute, counted from 1970, whose code this is: now, one before or one behind, and later than `after`."""
    clock = TOTP(base64.b32decode(secret))
    clock.time = time.time()
    is_right = is_six_digits(typed) and clock.verify(int(bare(typed)), tolerance=1, min_t=after + 1)
    return clock.t() if is_right else None


def address(secret: str, name: str) -> str:
    """What the QR code says to the app: whose secret this is, and of which site."""
    site = str(urlsplit(settings.SITE_URL).hostname)
    return f"otpauth://totp/{quote(f'{site}:{name}')}?{urlencode({'secret': secret, 'issuer': site})}"


def drawing(text: str) -> str:
    """A QR code as an address that an image can have."""
    drawn: str = segno.make(text, error="m").svg_data_uri(scale=5, light="#fff")
    return drawn


def in_fours(text: str) -> str:
    """
    >>> in_fours("abcdefghij")
    'abcd efgh ij'
    """
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_recovery_codes() -> list[str]:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    words = ["".join(secrets.choice(alphabet) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    return [in_fours(word) for word in words]


def digest(recovery_code: str) -> bytes:
    """What is kept of it."""
    return keyed_hash(bare(recovery_code).lower(), "recovery code")


def bare(typed: str) -> str:
    return "".join(typed.split()).replace("-", "")
