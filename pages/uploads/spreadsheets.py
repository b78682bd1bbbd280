"""Spreadsheets (XLSX, ODS) as CSV, of which line n is row n of the first sheet.

They are read in a process of its own (pages/uploads/isolation.py), which is this module as a program. Whoever loads
lists finds it as settings.READ_SPREADSHEET.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as for_staff
from django.utils.translation import gettext_lazy as for_staff_lazy
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pages.uploads import isolation

MOST_BYTES = 20 * 1024 * 1024
ADVICE = for_staff_lazy("Save it as CSV (UTF-8) and upload that.")


def csv_of(data: bytes) -> bytes:
    """Return the first sheet as CSV. Raises ValidationError for what is no such file, or would take too much."""
    if len(data) > MOST_BYTES:
        raise ValidationError(for_staff("The file is larger than 20 MB. %(advice)s") % {"advice": ADVICE})
    _facts, files = isolation.run("pages.uploads.spreadsheets", data, advice=ADVICE)
    return files["rows"]


def first_sheet(data: bytes) -> isolation.Made:
    written = io.StringIO()
    try:
        csv.writer(written, lineterminator="\n").writerows(map(filled, rows_of(data)))
    except (CalamineError, ValueError, OSError):
        raise ValidationError(
            for_staff("This cannot be read as a spreadsheet. %(advice)s"), params={"advice": ADVICE}
        ) from None
    return {}, {"rows": written.getvalue().encode("utf-8", "replace")}


def rows_of(data: bytes) -> Iterator[list[Any]]:
    """Return the rows of the first sheet that can be seen. Raises CalamineError, ValueError, OSError."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return book.get_sheet_by_name(sheet.name).iter_rows()
    raise ValueError("no sheet can be seen")


def filled(row: list[Any]) -> list[str]:
    """Return the cells as text in one line, without the empty ones at the end."""
    cells = [" ".join(text_of(cell).split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def text_of(cell: Any) -> str:
    """Return what a cell shows; a whole number, which such files hold with a fraction, without one.

    >>> text_of(10115.0), text_of(1.5), text_of("01067")
    ('10115', '1.5', '01067')
    """
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


if __name__ == "__main__":
    isolation.serve(first_sheet)
