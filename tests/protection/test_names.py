"""Names (campaign/protection/inputs/typed_text.py) and cells of spreadsheets (cells.py)."""

import pytest
from django.core.exceptions import ValidationError

from campaign.admin.spreadsheets import harmless
from campaign.protection.inputs.typed_text import clean_name, is_storable


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "محمد بن سلمان",
        "王小明",
        "Ø",
        "O'Brien",
        "Jean-Luc de l’Étoile",
        "=cmd",
        "+1",
        "-x",
        "@x",
        "＝x",
        "J. R. Smith",
        "Dr.Who",
        "क्ष",
        "a" * 255,
    ],
)
def test_names_of_any_script_and_shape_are_accepted(name):
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "...",
        "…",
        "- -",
        "。",
        "\u200b\u202e",
        "a" * 256,
        "http://x.org",
        "see www.x",
        "buy at pills.com",
        "x.example/a",
    ],
)
def test_links_emptiness_and_excess_are_refused(name):
    with pytest.raises(ValidationError):
        clean_name(name)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("A\u202enna", "Anna"),
        ("An\u200bna", "Anna"),
        ("An\ufffena\uffff\ufdd0", "Anna"),
        ("An\x00\x07na", "Anna"),
        ("An\tna\r\n", "An na"),
        ("  A   B ", "A B"),
    ],
)
def test_invisible_characters_are_taken_out(typed, stored):
    assert clean_name(typed) == stored


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1"])
def test_no_cell_begins_with_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


def test_half_a_surrogate_pair_and_nul_cannot_be_stored():
    assert not is_storable("\ud800")
    assert not is_storable("a\0")
    assert is_storable("𠮷 😀")
