"""Signers as tables: for machines the exact text (RFC 4180), for spreadsheets with nothing that could be a formula."""

import csv
from typing import IO

from campaign.protection.cells import harmless
from petitions.handover.unsealing import Signer

COLUMNS = Signer._fields


class Table:
    """A CSV file that takes one signer at a time; open `file` with newline=""."""

    def __init__(self, file: IO[str], *, is_for_spreadsheets: bool) -> None:
        self.is_for_spreadsheets = is_for_spreadsheets
        self.writer = csv.writer(file, lineterminator="\r\n")
        self.writer.writerow(COLUMNS)

    def add(self, signer: Signer) -> None:
        self.writer.writerow(map(harmless, signer) if self.is_for_spreadsheets else signer)
