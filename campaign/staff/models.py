"""The second factors of staff, invitations, languages, verified and former addresses, and failed logins.

After wrong codes django-otp refuses further ones for a while: one second, two, four ...
"""

from datetime import timedelta
from typing import Any, Self

from django.contrib.auth.models import Group, User
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django_otp.models import Device, ThrottlingMixin, TimestampMixin

from campaign.secrecy.encryption import EncryptedTextField
from campaign.staff.login import one_time_codes
from campaign.translation import for_staff_lazy


class Factor(TimestampMixin, ThrottlingMixin, Device):
    """A kind of code. `take(typed)` returns whether a code is right, and makes sure that it is accepted only once."""

    name = None
    user = models.OneToOneField(User, models.CASCADE, verbose_name=for_staff_lazy("member of staff"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.user.get_username()

    def verify_token(self, typed: str) -> bool:
        """Check a code and record the try; the row must be locked."""
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
    """The app on a phone. A code as old as the last accepted one, or older, is refused."""

    secret: Any = EncryptedTextField(editable=False)
    last_step = models.BigIntegerField(default=-1, editable=False)

    class Meta:
        verbose_name = for_staff_lazy("second factor")
        verbose_name_plural = for_staff_lazy("second factors")

    def take(self, typed: str) -> bool:
        step = one_time_codes.step_of(typed, self.secret, after=self.last_step)
        self.last_step = self.last_step if step is None else step
        return step is not None


class RecoveryCodes(Factor):
    digests: Any = ArrayField(models.BinaryField(), editable=False)

    def take(self, typed: str) -> bool:
        left = [bytes(kept) for kept in self.digests if bytes(kept) != one_time_codes.recovery_digest(typed)]
        is_right = len(left) < len(self.digests)
        self.digests = left
        return is_right


class ChosenLanguage(models.Model):
    """In which somebody reads the admin and the mails of the site (campaign/staff/languages/)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="chosen_language")
    code = models.CharField(max_length=10)


class FormerContact(models.Model):
    """An address and permissions that an account had until they were changed.

    No foreign key: it outlives the account (campaign/staff/accounts/former_contacts.py).
    """

    account = models.BigIntegerField(editable=False)
    address: Any = EncryptedTextField(editable=False)
    permissions: Any = ArrayField(models.CharField(max_length=200), editable=False)
    until = models.DateTimeField(db_default=Now(), editable=False)


class VerifiedAddress(models.Model):
    """The address at which somebody has shown to read mail for the account (accounts/address_verification.py)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="verified_address")
    address: Any = EncryptedTextField(editable=False)
    fingerprint = models.BinaryField(unique=True, editable=False)  # a keyed hash: one mailbox, one account
    verified_at = models.DateTimeField(db_default=Now(), editable=False)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Return those that were neither used nor withdrawn, also if their time is over."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def for_work(self) -> Self:
        return self.select_related("role", "invited_by", "account")

    def locked(self, invitation: "Invitation") -> "Invitation":
        """Return the invitation as it is now; nobody else changes it meanwhile."""
        return self.for_work().select_for_update(of=("self",)).get(pk=invitation.pk)


class Invitation(models.Model):
    """Somebody was invited to the staff (campaign/staff/invitations/). Whoever may make accounts works with these."""

    LASTS = timedelta(days=3)

    name = models.CharField(
        for_staff_lazy("name"),
        max_length=150,
        help_text=for_staff_lazy("As colleagues know them: first name, then last name."),
    )
    address: Any = EncryptedTextField(for_staff_lazy("e-mail address"), editable=False)
    role = models.ForeignKey(Group, models.CASCADE, verbose_name=for_staff_lazy("role"), related_name="+")
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=for_staff_lazy("invited by")
    )
    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")  # made by it, or to be opened again
    nonce = models.BinaryField(editable=False)
    token_digest = models.BinaryField(unique=True, editable=False)
    made_at = models.DateTimeField(for_staff_lazy("invited at"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(for_staff_lazy("good until"), db_default=Now() + LASTS, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("invitation")
        verbose_name_plural = for_staff_lazy("invitations")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def inviter(self) -> str:
        """Return whom to ask about it, as colleagues know them."""
        return (self.invited_by.get_full_name() or self.invited_by.get_username()) if self.invited_by else ""


class FailedLogins(models.Model):
    """How many logins failed for one user name, or for all names without an account.

    campaign/staff/login/failed_logins.py counts them.
    """

    act = models.CharField(max_length=20)
    name = models.CharField(max_length=150, blank=True)
    number = models.IntegerField(default=0)
    unnoted = models.IntegerField(default=0)  # of these, the audit does not know yet
    since = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "name"], name="failed_logins_once")]
