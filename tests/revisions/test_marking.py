"""How what was changed between two versions is shown (campaign/revisions/diff.py)."""

from campaign.revisions.diff import MOST_COMPARED, marked


def test_of_texts_with_many_words_whole_lines_are_compared():
    """Words of two long texts would be compared each with each, for minutes."""
    lines = [f"{number} they said\n" for number in range(MOST_COMPARED // 1000)]
    changed = [*lines[:5], "5 nobody said\n", *lines[6:]]
    shown = marked("".join(lines), "".join(changed))
    assert "<del>5 they said\n</del><ins>5 nobody said\n</ins>6 they said" in shown
    assert shown.count("<del>") == 1


def test_of_others_single_words_are():
    assert marked("5 they said\n", "5 nobody said\n") == "5 <del>they</del><ins>nobody</ins> said\n"
