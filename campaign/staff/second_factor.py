"""The second factor of a member of staff: set up, checked, changed, reset. Every step is noted in the audit book."""

from django.contrib.auth.models import User
from django.db import transaction

from campaign import audit
from campaign.staff import codes
from campaign.staff.models import Authenticator, Factor, RecoveryCodes


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


@transaction.atomic
def accept(user: User, typed: str) -> Factor | None:
    """What accepted the code, which nothing will accept again."""
    kind: type[Factor] = Authenticator if codes.is_six_digits(typed) else RecoveryCodes
    factor: Factor | None = kind.objects.select_for_update().filter(user=user).first()
    if factor is None or not factor.verify_token(typed):
        audit.note("second-factor.refused", by=user.get_username(), on=user)
        return None
    if isinstance(factor, RecoveryCodes):
        audit.note("second-factor.recovery-code-used", by=user.get_username(), on=user, left=len(factor.digests))
    return factor


@transaction.atomic
def set_up(user: User, *, secret: str, step: int, is_change: bool) -> Authenticator | None:
    """None where somebody with the same password was faster; `step` is that of the code that was typed to prove it."""
    if is_change:
        Authenticator.objects.filter(user=user).delete()
    values = {"secret": secret, "last_step": step}
    authenticator, is_new = Authenticator.objects.get_or_create(user=user, defaults=values)
    if not is_new:
        return None
    audit.note(f"second-factor.{'changed' if is_change else 'added'}", by=user.get_username(), on=user)
    return authenticator


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """The new ones, which can be read only now; older ones end."""
    made = codes.new_recovery_codes()
    RecoveryCodes.objects.update_or_create(user=user, defaults={"digests": [codes.digest(code) for code in made]})
    audit.note("second-factor.recovery-codes-made", by=user.get_username(), on=user, number=len(made))
    return made


@transaction.atomic
def reset(user: User, *, by: str) -> None:
    """At the next login, with the password, a new one is set up. `by` is empty for the command line."""
    Authenticator.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
    audit.note("second-factor.reset", by=by, on=user)
