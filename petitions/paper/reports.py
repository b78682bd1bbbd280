"""The report on a batch: one line for each row that is no signature of its own, with the reason. Names nobody."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext

from petitions.models import PaperBatch
from petitions.models.paper import Outcome, Reason


class Line:
    """A file for csv.writer that hands each line on."""

    def write(self, text: str) -> str:
        return text


def report(batch: PaperBatch) -> Iterator[str]:
    """As CSV, line by line, in the active language."""
    writer = csv.writer(Line())
    yield writer.writerow([gettext("line"), gettext("outcome"), gettext("reason")])
    remarks = batch.remarks.order_by("number").values_list("number", "outcome", "reason")
    for number, outcome, reason in remarks.iterator(chunk_size=5000):
        yield writer.writerow([number, Outcome(outcome).label, Reason(reason).label])
