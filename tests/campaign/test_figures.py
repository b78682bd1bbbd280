"""What is shown of small figures (disclosure_control.py): whoever subtracts learns of no group of fewer than ten."""

import random

import pytest

from campaign.web.statistics.disclosure_control import SMALLEST_CELL, safe, safe_within


def is_safe(cells: dict[int, int], shown: dict[int, int | None], whole: int) -> bool:
    """What a reader who knows the whole, and what is shown, can work out."""
    hidden = [key for key in cells if shown[key] is None]
    missing = whole - sum(count or 0 for count in shown.values())
    return (not missing and not hidden) or len(hidden) == len(cells) or (len(hidden) > 1 and missing >= SMALLEST_CELL)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_missing_from_the_sum_is_never_small_and_never_one_cell(seed):
    chance = random.Random(seed)
    for _ in range(50):
        cells = {key: chance.choice([1, 3, 9, 10, 11, 40, 900]) for key in range(chance.randint(1, 6))}
        shown = safe(cells.items())
        assert is_safe(cells, shown, sum(cells.values())), cells
        assert all(count in {None, cells[key]} for key, count in shown.items())


def test_what_need_not_be_hidden_is_shown():
    assert safe([("FR", 30), ("DE", 10), ("LI", 9), ("AD", 1), ("VA", 0)]) == {
        "FR": 30,
        "DE": 10,
        "LI": None,
        "AD": None,
    }
    assert safe([("FR", 30), ("DE", 10)]) == {"FR": 30, "DE": 10}


def test_parts_of_what_is_hidden_are_hidden_and_parts_of_what_is_shown_are_safe():
    cells = [("AZ", 1, 20), ("AZ", 2, 20), ("NM", 3, 30), ("NM", 4, 8), ("UT", 5, 11)]
    assert safe_within(cells, {"AZ": 40, "NM": 38, "UT": None}) == {1: 20, 2: 20, 3: None, 4: None, 5: None}


def test_parts_that_fall_short_of_their_whole_by_a_few_do_not_tell_the_few():
    assert safe_within([("monday", 9, 30), ("monday", 10, 20), ("monday", 11, 15)], {"monday": 62}) == {
        9: 30, 10: None, 11: None
    }  # fmt: skip
