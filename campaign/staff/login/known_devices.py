"""Know the browsers with which a member of staff has logged in, by a signed cookie.

A known device is not subject to the limit of tries by name (campaign/protection/limits/login_throttle.py), so nobody
shuts out the owner of an account by trying passwords for it. Of a login from another device its owner is told by mail.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats

from campaign.database import clock
from campaign.outbox import queue

COOKIE = "known_device"
SALT = "campaign.staff.known-device"
KNOWN_FOR = timedelta(days=90)
NEW_DEVICE = "staff.new-device"


def owner_of(request: HttpRequest | None) -> User | None:
    """Return the account whose device this is, by the cookie; None without a valid one.

    None as well if its owner has left since and was invited again.
    """
    value = request.COOKIES.get(COOKIE, "") if request else ""
    try:
        known = signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None
    until = datetime.fromtimestamp(known["until"], UTC)
    joined_before = until - KNOWN_FOR + timedelta(seconds=1)  # `until` is in whole seconds
    owner = User.objects.filter(pk=known["account"], date_joined__lt=joined_before).first()
    return owner if until > clock.now() else None


def is_known_device(request: HttpRequest | None, name: str) -> bool:
    """Return whether the device is known for the account of that user name."""
    owner = owner_of(request)
    return owner is not None and owner.get_username() == name


@transaction.atomic
def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember the device after a complete login, and tell the owner of the account if it was not known."""
    if user.email and not is_known_device(request, user.get_username()):
        at = formats.date_format(clock.now(), "DATETIME_FORMAT")
        secret = {"address": user.email, "person": user.get_username(), "at": f"{at} UTC"}
        queue.put(NEW_DEVICE, payload={"account": user.pk}, secret=secret)
    until = clock.now() + KNOWN_FOR
    response.set_cookie(
        COOKIE,
        signing.dumps({"account": user.pk, "until": int(until.timestamp())}, salt=SALT),
        max_age=KNOWN_FOR,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
