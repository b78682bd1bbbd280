"""What Celery beat starts, and when. A tick that is not taken at once is dropped: the next one does the same work.

`expires` is in seconds, counted by the database's clock (campaign/celery.py).
"""

from datetime import timedelta

from celery.schedules import crontab

EVERY_MINUTE = {"schedule": timedelta(minutes=1), "options": {"expires": 60}}

SCHEDULE = {
    "count-signatures": {"task": "petitions.tasks.count", "schedule": timedelta(seconds=1), "options": {"expires": 5}},
    "publish-due-content": {"task": "pages.tasks.publish_due", **EVERY_MINUTE},
    "send-due-newsletters": {"task": "pages.tasks.send_due_issues", **EVERY_MINUTE},
    "write-digest": {
        "task": "pages.tasks.write_digest",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "index-missing-texts": {
        "task": "pages.tasks.index_missing",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "link-audit": {"task": "campaign.audit.tasks.link_entries", **EVERY_MINUTE},
    "purge": {
        "task": "campaign.supporters.tasks.purge",
        "schedule": crontab(hour="2", minute="10"),
        "options": {"expires": 4 * 3600},
    },
    "join-subscribers": {
        "task": "campaign.supporters.tasks.join_waiting",
        "schedule": timedelta(hours=1),
        "options": {"expires": 600},
    },
    "check-counts": {
        "task": "petitions.tasks.check_counts",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 4 * 3600},
    },
    "report-night": {
        "task": "campaign.staff.tasks.report_night",
        "schedule": crontab(hour="4", minute="10"),
        "options": {"expires": 4 * 3600},
    },
    "forget-trends": {
        "task": "petitions.tasks.forget_trends",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "release-letters": {"task": "letters.tasks.release", "schedule": timedelta(seconds=1), "options": {"expires": 5}},
    "recount-letters": {"task": "letters.tasks.recount", **EVERY_MINUTE},
    "measure-likeness": {
        "task": "letters.tasks.measure_likeness",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"expires": 4 * 3600},
    },
    "read-letter-inbox": {
        "task": "letters.tasks.read_inbox",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "refresh-offices": {
        "task": "letters.tasks.refresh_offices",
        "schedule": timedelta(hours=1),
        "options": {"expires": 600},
    },
    "tend-periods": {
        "task": "campaign.secrecy.tasks.tend_periods",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "forget-allowances": {
        "task": "campaign.protection.tasks.forget",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "note-failed-logins": {
        "task": "campaign.staff.tasks.note_failed_logins",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
}
