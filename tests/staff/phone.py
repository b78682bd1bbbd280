"""What an app on a phone does with a secret."""

import base64

from django_otp.oath import TOTP


def code(secret: str, *, steps: int = 0) -> str:
    """The six digits that it shows now, or so many half-minutes later."""
    return f"{TOTP(base64.b32decode(secret.replace(' ', '')), drift=steps).token():06}"
