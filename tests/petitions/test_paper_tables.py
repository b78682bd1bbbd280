"""One table in any kind of file and any encoding is the same rows (encodings.py, headers.py, rows.py)."""

import csv
import io

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaign.protection.inputs.encodings import ENCODINGS, OF_LANGUAGE, guess_encoding
from pages.uploads.spreadsheets import csv_of, first_sheet
from petitions.models.paper import Reason
from petitions.paper.imports.headers import COLUMNS, HEADERS, columns_of
from petitions.paper.imports.rows import NumberedRow, Person, Reading, layout_of, numbered_rows, open_table
from tests.petitions.paper import spreadsheet

HEAD = ["Name", "E-Mail", "Adresse", "Land"]
ONE_WAY = "¢£¥¬•‖‾−∼☉♁〜､"  # characters that some encodings take for others
ENDS = ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"]  # of lines, for Python alone
NAMES = {
    "ja": "髙橋々子", "ko": "김민준", "zh-hant": "陳大文", "zh-hans": "陈伟", "he": "דוד", "ar": "محمد", "vi": "Hà",
}  # fmt: skip


def read(content: bytes, reading: Reading, piece: int = 1000) -> list[NumberedRow]:
    table = open_table((content[at : at + piece] for at in range(0, len(content), piece)), reading)
    return list(numbered_rows(table.records, layout_of(table.reading, "CH")))


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    encoding = draw(st.sampled_from(list(ENCODINGS)))
    return encoding, draw(tables(encoding))


def tables(encoding: str) -> st.SearchStrategy[list[list[str]]]:
    """Rows of texts that a file in this encoding and a spreadsheet can both hold."""
    letters = st.characters(
        codec=encoding, exclude_categories=["Cc", "Cn", "Co", "Cs"], exclude_characters=f"_\ufeff{ONE_WAY}"
    )
    texts = st.text(letters, max_size=8) | st.sampled_from(['"', ";", "a,b", " =1+1", "ana@example.org", "DE", "|"])
    return st.lists(st.lists(texts, min_size=1, max_size=4), max_size=5)


@given(files(), st.sampled_from(",;\t|"), st.integers(1, 9))
def test_any_table_is_the_same_rows_in_every_kind_of_file(file, delimiter, piece):
    encoding, rows = file
    table = [HEAD, *rows]
    found = read(as_csv(table, delimiter).encode(encoding), Reading(encoding, delimiter), piece)
    sheets = [read(first_sheet(spreadsheet(kind, table))[1]["rows"], Reading()) for kind in ("xlsx", "ods")]
    assert found == sheets[0] == sheets[1]


@given(
    st.lists(st.sampled_from(["Ana", "Zoë", "名前", *(f"B{end}C" for end in ENDS)]), min_size=2, max_size=12),
    st.sampled_from([b"B\xff,,Street 2,DE", b'"x', b'a"b,"c', b"\xed\xa0\x80,,x,DE", b",,,", b'B,,"S', b"x" * 9]),
    st.data(),
)
@hypothesis_settings(max_examples=100, deadline=None)
def test_a_row_never_depends_on_its_neighbours(names, poison, data):
    lines = [f"{name},,Street 1,DE".encode() for name in names]
    at = data.draw(st.integers(0, len(lines)))
    alone, among = ([b"name,email,address,country", *some] for some in (lines, [*lines[:at], poison, *lines[at:]]))
    expected, found = (
        [row for _, row in read(b"\n".join(some), Reading()) if isinstance(row, Person)] for some in (alone, among)
    )
    assert expected == found
    assert len(found) == len(names)


def test_rows_between_two_that_each_open_a_quotation_are_read():
    found = read(b'name,address\nA,"Street 3\nEve,Street 4\nB,"Street 5\nBob,Street 6\n', Reading())
    assert found == [
        (2, Reason.QUOTES),
        (3, Person("Eve", "CH", "Street 4")),
        (4, Reason.QUOTES),
        (5, Person("Bob", "CH", "Street 6")),
    ]


def test_the_place_of_a_fault_is_told_by_its_row_also_behind_a_cell_of_two_lines():
    found = read(b'name,address\nAna,"Street\n3"\nB\xff,Street\nEve,"S\n\xff"\nBob,Street\n', Reading())
    assert [number for number, _row in found] == [2, 4, 5, 7]
    assert [isinstance(row, Person) for _number, row in found] == [True, False, False, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_an_encoding_is_recognised(encoding):
    content = as_csv([HEAD, ["Zoë Müller", "", "Straße 1", "Österreich"]], ";").encode(encoding)
    guessed = guess_encoding([content], "de")
    assert read(content, Reading(guessed)) == [(2, Person("Zoë Müller", "AT", "Straße 1"))]


@pytest.mark.parametrize("language", OF_LANGUAGE)
def test_the_encoding_of_a_language_is_recognised_and_so_is_utf_16(language):
    text = as_csv([HEAD, [NAMES[language], "", "x 1", "CH"]])
    for encoding in (OF_LANGUAGE[language], "utf-16-le", "utf-8"):
        assert guess_encoding([text.encode(encoding)], language) == encoding
    assert guess_encoding([as_csv([HEAD, ["Zoë Müller", "", "ß", "CH"]]).encode("cp1252")], language) in (
        "cp1252",
        OF_LANGUAGE[language],
    )


def test_a_broken_line_leaves_a_file_what_it_is():
    content = "Name,Land\nMüller,DE\n".encode() + b"M\xfcller,DE\n"
    assert guess_encoding([content], "de") == "utf-8"


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_headers_are_known_in_every_language(language):
    table = HEADERS[language]
    assert set(table) == set(COLUMNS)
    for column, names in table.items():
        for name in names.split(", "):
            assert columns_of([f" {name.upper()}: "]) == (column,), name


def test_first_and_last_name_are_one_name_and_what_is_unknown_is_not_read():
    head, row = "Nr.;Vorname;Nachname;Straße;PLZ;Ort;;Land", "1;Ana;López;Weg 5;01067;Dresden;;Deutschland;;"
    found = read(f"\n;;;;\nsep=;\n{head}\n;;;;;;;\n{row}\n".encode(), Reading())
    assert found == [(6, Person("Ana López", "DE", "Weg 5, 01067, Dresden"))]


def test_the_delimiter_that_a_file_names_itself_is_taken():
    assert read(b"sep=|\nname|address,a;b\nAna|Street 1\n", Reading(columns=("name", "address")))[0][1] == Person(
        "Ana", "CH", "Street 1"
    )


def test_a_spreadsheet_with_a_cell_at_its_farthest_corner_is_refused_with_the_reason():
    book, written = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "name", "x"
    book.save(written)
    with pytest.raises(ValidationError, match="GB of memory"):
        csv_of(written.getvalue())


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_a_spreadsheet_calculates_or_shows_as_a_number_is_text(kind):
    rows = first_sheet(spreadsheet(kind, [["", ""], ["", "name", ""], ["", " Ana\u2028B ", ""]]))[1]["rows"]
    assert [line.strip(",") for line in rows.decode().splitlines()] == ["", "name", "Ana B"]
