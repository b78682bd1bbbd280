"""Apply to a restored database what the journal tells of whom an issue of the newsletter went to.

The ledger gets its rows again, also of an issue that had not begun when the backup was made: it is sent then to those
who have not had it.
"""

from collections import Counter
from collections.abc import Sequence

from campaign.journal.files import JournalLine
from campaign.journal.replay import Replayed
from campaign.supporters.models import Subscriber
from pages.models import Dispatch, Issue
from pages.models.newsletter import DispatchState


def enter_again(lines: Sequence[JournalLine]) -> Replayed:
    last = {(line["issue"], line["subscriber"]): line for line in lines}
    went = {pair: line for pair, line in last.items() if line["state"] != DispatchState.WAITING}
    issues = Issue.objects.in_bulk({issue for issue, _ in went})
    subscribers = Subscriber.objects.in_bulk({subscriber for _, subscriber in went})
    rows = [
        Dispatch(issue_id=issue, subscriber_id=subscriber, state=line["state"], attempts=1)
        for (issue, subscriber), line in went.items()
        if issue in issues and subscriber in subscribers and subscribers[subscriber].mark == line["mark"]
    ]
    Dispatch.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["subscriber", "issue"], update_fields=["state"]
    )
    return Replayed(+Counter({"subscribers who had an issue of the newsletter": len(rows)}))
