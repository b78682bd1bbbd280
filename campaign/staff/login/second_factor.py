"""Set up, check, change and reset the second factor of a member of staff. Every step is recorded in the audit."""

from django.contrib.auth.models import User
from django.db import transaction

from campaign import audit
from campaign.staff.login import one_time_codes
from campaign.staff.models import Authenticator, Factor, RecoveryCodes


def is_set_up(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


@transaction.atomic
def accept_code(user: User, typed: str) -> Factor | None:
    """Return the factor that accepted the code, or None; no code is accepted twice."""
    kind: type[Factor] = Authenticator if one_time_codes.is_six_digits(typed) else RecoveryCodes
    factor: Factor | None = kind.objects.select_for_update().filter(user=user).first()
    if factor is None or not factor.verify_token(typed):
        audit.note("second-factor.refused", by=user.get_username(), on=user)
        return None
    if isinstance(factor, RecoveryCodes):
        audit.note("second-factor.recovery-code-used", by=user.get_username(), on=user, left=len(factor.digests))
    return factor


@transaction.atomic
def set_up_factor(user: User, *, secret: str, step: int, is_change: bool) -> Authenticator | None:
    """Store a new authenticator; return None if somebody with the same password was faster.

    `step` is that of the code that was typed as proof.
    """
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
    """Replace the recovery codes; return the new ones, which can be read only now."""
    made = one_time_codes.new_recovery_codes()
    RecoveryCodes.objects.update_or_create(
        user=user, defaults={"digests": [one_time_codes.recovery_digest(code) for code in made]}
    )
    audit.note("second-factor.recovery-codes-made", by=user.get_username(), on=user, number=len(made))
    return made


@transaction.atomic
def reset(user: User, *, by: str) -> None:
    """Remove the second factor, so that the next login with the password sets up a new one.

    `by` is empty for the command line.
    """
    remove(user)
    audit.note("second-factor.reset", by=by, on=user)


def remove(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
