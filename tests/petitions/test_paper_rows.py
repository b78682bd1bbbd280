"""From a file to persons (campaign/protection/inputs/csv_records.py, rows.py): any file ends in rows or in reasons."""

import pytest

from campaign.protection.inputs.csv_records import LONGEST_LINE, Unusable, lines_of
from petitions.models.paper import Reason
from petitions.paper.imports.rows import (
    NumberedRow,
    Person,
    Reading,
    known_layout,
    layout_of,
    numbered_rows,
    open_table,
)
from tests.petitions.paper import make_file


def read(content: bytes, piece: int = 7) -> list[NumberedRow]:
    table = open_table((content[start : start + piece] for start in range(0, len(content), piece)), Reading())
    return list(numbered_rows(table.records, layout_of(table.reading)))


def reason(row: str) -> object:
    return read(make_file(row))[0][1]


def test_rows_keep_the_number_of_their_line_whatever_ends_it():
    content = b'name,address,country\r\nAna,"Main street 5\r\n12345 Bern",ch\r\n\r\nBob,Elsewhere,DE'
    assert read(content) == [
        (2, Person("Ana", "CH", "Main street 5 12345 Bern")),
        (5, Person("Bob", "DE", "Elsewhere")),
    ]


def test_a_quotation_that_is_not_closed_costs_one_row_only():
    rows = [f"P{number},,Street {number},DE" for number in range(30)]
    rows[3] = 'P3,,"Street 3,DE'
    found = read(make_file(*rows))
    assert len(found) == 30
    assert [(number, person) for number, person in found if isinstance(person, Reason)] == [(5, Reason.QUOTES)]


def test_quotation_marks_inside_a_cell_are_text():
    found = read(make_file('Ana,,The "Blue" House,DE', 'Bob "B,,Street 1,DE', 'Eve,,Street "2,DE'))
    assert [person.name for _, person in found if isinstance(person, Person)] == ["Ana", 'Bob "B', "Eve"]
    assert [number for number, _ in found] == [2, 3, 4]


def test_a_thousand_broken_quotations_are_a_thousand_reasons():
    assert [person for _, person in read(make_file(*['"x'] * 1001))][-1] == Reason.QUOTES


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",a@example.org,,DE", Reason.NO_NAME),
        ("\u202e\u200b,a@example.org,,DE", Reason.NO_NAME),
        ("http://x.example,a@example.org,,DE", Reason.NAME_LINK),
        (f"{'x' * 256},a@example.org,,DE", Reason.NAME_LONG),
        ("Ana,not an address,,DE", Reason.EMAIL),
        ("Ana,a..b@example.org,,DE", Reason.EMAIL),
        ("Ana,a\0@example.org,,DE", Reason.EMAIL),
        ("Ana,a@example.org,,Nowhere", Reason.COUNTRY),
        ("Ana,a@example.org,,", Reason.COUNTRY),
        ("Ana,,,DE", Reason.NO_ADDRESS),
        (f"Ana,,{'x' * 501},DE", Reason.ADDRESS_LONG),
        ("Ana,a@example.org,,DE,more", Reason.CELLS),
        ("Ana", Reason.COUNTRY),
    ],
)
def test_a_faulty_row_has_a_reason(row, expected):
    assert reason(row) == expected


def test_bytes_that_are_no_text_are_a_reason_and_the_next_row_is_read():
    found = read(make_file("Ana,,Street 1,DE") + b"B\xff,,Street 2,DE\nEve,,Street 3,DE\n")
    assert [type(person) for _, person in found] == [Person, Reason, Person]


@pytest.mark.parametrize("sign", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_the_end_of_a_line_ends_a_row_also_beside_bytes_that_are_no_text(sign):
    """Python's own idea of lines has others."""
    row = f"Ana{sign}Lopez,,Street{sign}1,DE"
    assert read(make_file(row)) == [(2, Person("Ana Lopez", "DE", "Street 1"))]
    beside = read(make_file(row) + b"B\xff,,Street 2,DE\n")
    assert beside == [(2, Person("Ana Lopez", "DE", "Street 1")), (3, Reason.NOT_UTF8)]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_recognised(delimiter):
    content = make_file("Ana,,Street 1,DE").replace(b",", delimiter.encode())
    assert read(b"\xef\xbb\xbf" + content)[0][1] == Person("Ana", "DE", "Street 1")


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"name,phone,country\n",
        b"email,country\n",
        b"name,country,country\n",
        b"name\n",
        b"\xff\xfen\0",
        b"name," + b"x" * 131_073,
    ],
)
def test_a_file_without_usable_columns_is_refused(first):
    with pytest.raises(Unusable):
        known_layout(open_table([first], Reading()))


def test_a_first_line_of_a_megabyte_is_refused_in_a_few_words():
    with pytest.raises(Unusable) as refused:
        known_layout(open_table([b",".join(b"c%06d" % number for number in range(120_000))], Reading()))
    assert len(str(refused.value)) < 1000


def test_a_file_without_line_ends_is_refused():
    with pytest.raises(Unusable):
        list(lines_of([b"x" * LONGEST_LINE, b"x"]))


def test_the_same_person_in_other_spelling_has_the_same_fingerprint():
    one, other = Person("Lopez, Ana", "DE", "Main Street 5, Bern"), Person("ana LOPEZ", "DE", "main street 5 Bern")
    assert one.fingerprint(1) == other.fingerprint(1) != one.fingerprint(2)
    assert one.fingerprint(1) != one._replace(country="CH").fingerprint(1)
