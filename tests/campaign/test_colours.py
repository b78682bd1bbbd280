"""The contrasts that WCAG 2.2 AA asks for, computed from the tokens: 4.5 for text, 3 for edges of controls."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = (settings.ROOT / "static" / "css" / "site.css").read_text()
TOKENS = STYLES[STYLES.index("/* Tokens */") : STYLES.index("/* Base */")]
SHEETS = [*(settings.ROOT / "static").glob("css/*.css"), *(settings.ROOT / "static").glob("admin_look/*.css")]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w[\w-]*): (#\w{6});", block))


PAPER, PREFERRED_NIGHT, ALWAYS_NIGHT = map(colours, re.split(r"^@media screen", TOKENS, flags=re.MULTILINE))
NIGHT = PAPER | ALWAYS_NIGHT
PALETTES = [PAPER, NIGHT]
GROUNDS = ("ground", "raised", "sunken")


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=["paper", "night"])
@pytest.mark.parametrize("text", ["ink", "soft", "accent", "good", "warning", "error"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_can_be_read_on_every_ground(palette: dict[str, str], text: str, ground: str) -> None:
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("text", ["ink", "soft", "accent", "error"])
def test_text_can_be_read_on_the_night_band(text: str) -> None:
    assert contrast(NIGHT[text], NIGHT["night"]) >= 4.5


@pytest.mark.parametrize("palette", PALETTES, ids=["paper", "night"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_control_can_be_seen(palette: dict[str, str], ground: str) -> None:
    assert contrast(palette["edge"], palette[ground]) >= 3


def test_words_on_the_main_button_can_be_read() -> None:
    assert contrast(PAPER["candle"], PAPER["on-candle"]) >= 4.5


def test_what_is_always_night_looks_like_the_night_of_a_device() -> None:
    assert PREFERRED_NIGHT == ALWAYS_NIGHT


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_colour_is_lost_on_a_browser_of_2022(sheet: Path) -> None:
    """A property whose value holds a function that the browser does not know, and var(), ends as if never set."""
    outside_supports = re.sub(r"@supports[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}", "", sheet.read_text())
    assert not re.search(r"light-dark\((?!\))|color-mix\(", outside_supports)
