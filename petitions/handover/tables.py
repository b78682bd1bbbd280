"""Write signers as CSV: the exact text for machines (RFC 4180), or with formulas disarmed for spreadsheets."""

import csv
from typing import IO

from campaign.admin.spreadsheets import harmless
from petitions.handover.unseal import Signer

COLUMNS = Signer._fields


class Table:
    """A CSV file that takes one signer at a time; open `file` with newline=""."""

    def __init__(self, file: IO[str], *, is_for_spreadsheets: bool) -> None:
        self.is_for_spreadsheets = is_for_spreadsheets
        self.writer = csv.writer(file, lineterminator="\r\n")
        self.writer.writerow(COLUMNS)

    def add(self, signer: Signer) -> None:
        self.writer.writerow(map(harmless, signer) if self.is_for_spreadsheets else signer)
