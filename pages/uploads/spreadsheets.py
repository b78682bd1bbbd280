"""Spreadsheets (XLSX) as CSV, of which line n is row n of the first sheet.

They are read in a process of its own (pages/uploads/isolation.py), which is this module as a program. Whoever loads
lists finds it as settings.READ_SPREADSHEET.
"""

import csv
import io
import zipfile
import zlib
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy
from openpyxl.utils.exceptions import InvalidFileException

from pages.uploads import isolation

MOST_BYTES = 20 * 1024 * 1024
ADVICE = for_staff_lazy("Save it as CSV (UTF-8) and upload that.")
UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    OSError,
    EOFError,
    RuntimeError,  # an encrypted archive
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
)


def csv_of(data: bytes) -> bytes:
    """Return the first sheet as CSV. Raises ValidationError for what is no such file, or would take too much."""
    if len(data) > MOST_BYTES:
        raise ValidationError(for_staff("The file is larger than 20 MB. %(advice)s") % {"advice": ADVICE})
    _facts, files = isolation.run("pages.uploads.spreadsheets", data, advice=ADVICE)
    return files["rows"]


def first_sheet(data: bytes) -> isolation.Made:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerows(filled(row) for row in sheet.iter_rows(values_only=True))
    except UNREADABLE:
        raise ValidationError(
            for_staff("This cannot be read as a spreadsheet. %(advice)s") % {"advice": ADVICE}
        ) from None
    return {}, {"rows": written.getvalue().encode("utf-8", "replace")}


def filled(row: tuple[Any, ...]) -> list[str]:
    """Return the cells as text in one line, without the empty ones at the end."""
    cells = ["" if cell is None else " ".join(str(cell).split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


if __name__ == "__main__":
    isolation.serve(first_sheet)
