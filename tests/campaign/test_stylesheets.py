import gzip
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

PARTS = ("Reset", "Tokens", "Base", "Layout", "Components", "Utilities")


def collected(settings: Settings, folder: Path) -> str:
    settings.STATIC_ROOT = folder
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "campaign.web.static_storage.SiteStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return next((folder / "css").glob("site.????????????.css")).read_text()


def test_pages_link_one_style_sheet_that_asks_for_no_other(settings: Settings, tmp_path: Path) -> None:
    css = collected(settings, tmp_path)
    assert "@import" not in css
    places = [css.index(f"/* {name} */") for name in PARTS]
    assert places == sorted(places)


def test_files_are_packed_under_the_names_that_pages_link(settings: Settings, tmp_path: Path) -> None:
    collected(settings, tmp_path)
    packed = [file.name for ending in ("br", "gz") for file in (tmp_path / "css").glob(f"site*.{ending}")]
    assert len(packed) == 2
    assert "site.css.br" not in packed


def test_collecting_again_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    assert collected(settings, tmp_path) == collected(settings, tmp_path)


def over_the_wire(settings: Settings, pattern: str) -> int:
    """Bytes of all such files together, packed as the site packs them at the least."""
    return sum(len(gzip.compress(file.read_bytes())) for file in (settings.ROOT / "static").glob(pattern))


def test_all_styles_stay_small(settings: Settings) -> None:
    assert over_the_wire(settings, "css/*.css") < 20_000


def test_all_scripts_stay_small(settings: Settings) -> None:
    assert over_the_wire(settings, "js/*.js") < 10_000


OPTIONAL = re.compile(r"\.letter-form:has\([^{]*|body:has\([^{]*")  # without these rules a page is as usable
TOO_NEW = (
    r"@layer",
    r":is\(",
    r":where\(",
    r"light-dark\(",
    r":not\([^()]*,",
    r"^\s*&",
    r"@container",
    r":has\(",
    r"^[^{]*(?<!:not\():focus-visible",
)


@pytest.mark.parametrize("rule", TOO_NEW)
@pytest.mark.parametrize("sheet", ["site.css", "style_page.css"])
def test_no_rule_is_lost_on_a_telephone_of_2020(settings: Settings, sheet: str, rule: str) -> None:
    """A browser drops a whole rule with a selector that it does not know, and all of a block that it does not know."""
    css = re.sub(r"/\*.*?\*/", "", (settings.ROOT / "static" / "css" / sheet).read_text(), flags=re.DOTALL)
    assert not re.findall(rule, OPTIONAL.sub("", css), flags=re.MULTILINE)
