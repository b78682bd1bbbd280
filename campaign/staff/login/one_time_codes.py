"""Codes of both kinds: six digits that an app shows for half a minute, and recovery codes on paper."""

import base64
import secrets
from urllib.parse import quote, urlencode, urlsplit

import segno
from django.conf import settings
from django_otp.oath import TOTP

from campaign.database import clock
from campaign.secrecy.addresses import keyed_hash

DIGITS, RECOVERY_CODES, RECOVERY_LETTERS = 6, 10, 12


def new_secret() -> str:
    """Return 20 random bytes in the base32 letters that apps accept when a secret is typed."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def is_six_digits(typed: str) -> bool:
    return len(without_spaces(typed)) == DIGITS and without_spaces(typed).isdecimal()


def step_of(typed: str, secret: str, *, after: int = -1) -> int | None:
    """Return the half-minute, counted from 1970, that the code belongs to; None if it is wrong.

    The present one, the one before and the one after are accepted, if later than `after`.
    """
    totp = TOTP(base64.b32decode(secret))
    totp.time = clock.now().timestamp()
    is_right = is_six_digits(typed) and totp.verify(int(without_spaces(typed)), tolerance=1, min_t=after + 1)
    return totp.t() if is_right else None


def otpauth_address(secret: str, name: str) -> str:
    """Return the text of the QR code, which tells the app whose secret this is, and of which site."""
    site = str(urlsplit(settings.SITE_URL).hostname)
    return f"otpauth://totp/{quote(f'{site}:{name}')}?{urlencode({'secret': secret, 'issuer': site})}"


def drawing(text: str) -> str:
    """Return a QR code as a data URI for an image."""
    drawn: str = segno.make(text, error="m").svg_data_uri(scale=5, light="#fff")
    return drawn


def in_fours(text: str) -> str:
    """Return the text in groups of four characters.

    >>> in_fours("abcdefghij")
    'abcd efgh ij'
    """
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_recovery_codes() -> list[str]:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    words = ["".join(secrets.choice(alphabet) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    return [in_fours(word) for word in words]


def recovery_digest(recovery_code: str) -> bytes:
    """Return what is stored of a recovery code."""
    return keyed_hash(without_spaces(recovery_code).lower(), "recovery code")


def without_spaces(typed: str) -> str:
    return "".join(typed.split()).replace("-", "")
