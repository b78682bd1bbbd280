"""What staff have beside their password. django-otp makes whoever types wrong codes wait: one second, two, four ..."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin

from campaign.secrecy.encryption import EncryptedTextField
from campaign.staff import codes


class Factor(TimestampMixin, ThrottlingMixin, Device):
    """`take(typed)` of a kind says whether a code is right, and sees to it that it is right only once."""

    name = None
    user = models.OneToOneField(User, models.CASCADE, verbose_name=_("member of staff"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.user.get_username()

    def verify_token(self, typed: str) -> bool:
        """For a row that is locked."""
        if not self.verify_is_allowed()[0]:
            return False
        if is_right := self.take(typed):
            self.throttle_reset(commit=False)
            self.set_last_used_timestamp(commit=False)
        else:
            self.throttle_increment(commit=False)
        self.save()
        return is_right

    def take(self, typed: str) -> bool:
        raise NotImplementedError

    def get_throttle_factor(self) -> int:
        return 1


class Authenticator(Factor):
    """The app on somebody's phone. No code is taken that is as old as the one taken last, or older."""

    secret: Any = EncryptedTextField(editable=False)
    last_step = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def take(self, typed: str) -> bool:
        step = codes.step_of(typed, self.secret, after=self.last_step)
        self.last_step = self.last_step if step is None else step
        return step is not None


class RecoveryCodes(Factor):
    digests: Any = ArrayField(models.BinaryField(), editable=False)

    def take(self, typed: str) -> bool:
        left = [bytes(kept) for kept in self.digests if bytes(kept) != codes.digest(typed)]
        is_right = len(left) < len(self.digests)
        self.digests = left
        return is_right
