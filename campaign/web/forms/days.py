"""Days that staff enter."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from campaign.database import clock
from campaign.translation import for_staff


def validate_past_day(day: date) -> None:
    """Refuse a day that has begun nowhere yet. Raises ValidationError."""
    if day > clock.now().date() + timedelta(days=1):  # it may already be tomorrow east of here
        raise ValidationError(for_staff("This day is still to come."))
