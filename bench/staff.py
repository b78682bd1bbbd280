"""Somebody of the staff who has given password and code, for what measures their pages from within."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from campaign.staff.models import Authenticator


def client() -> Client:
    user, _is_new = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    phone, _is_new = Authenticator.objects.get_or_create(user=user, defaults={"secret": "never asked for"})
    made = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    made.force_login(user)
    session = made.session
    session[DEVICE_ID_SESSION_KEY] = phone.persistent_id
    session.save()
    return made
