from celery import shared_task

from campaign.staff.accounts import nightly
from campaign.staff.login import failed_logins


@shared_task(name="campaign.staff.tasks.note_failed_logins")
def note_failed_logins() -> None:
    failed_logins.tidy()


@shared_task(name="campaign.staff.tasks.report_night", time_limit=3600)
def report_night() -> None:
    nightly.mail_report()
