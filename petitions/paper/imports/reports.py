"""The report on a batch: one line for each row that did not become a signature, with the reason. It names nobody."""

from collections.abc import Iterator

from campaign.admin.spreadsheets import csv_lines
from petitions.models import PaperBatch
from petitions.models.paper import Reason, RowOutcome

ROWS_READ_AT_A_TIME = 5000


def report(batch: PaperBatch) -> Iterator[str]:
    """Yield the report as CSV, line by line, in the active language."""
    rows = ((number, RowOutcome(outcome).label, Reason(reason).label) for number, outcome, reason in row_remarks(batch))
    return csv_lines(["line", "outcome", "reason"], rows)


def row_remarks(batch: PaperBatch) -> Iterator[tuple[int, str, str]]:
    """Yield them slice by slice, so that memory stays flat also behind a pooler, where no cursor can be kept open."""
    ordered, last = batch.remarks.order_by("number").values_list("number", "outcome", "reason"), -1
    while found := list(ordered.filter(number__gt=last)[:ROWS_READ_AT_A_TIME]):
        yield from found
        last = found[-1][0]
