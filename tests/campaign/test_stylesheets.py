from pathlib import Path

from django.core.management import call_command
from pytest_django.fixtures import Settings

LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities")


def collected(settings: Settings, folder: Path) -> str:
    settings.STATIC_ROOT = folder
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "campaign.stylesheets.SiteStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return next((folder / "css").glob("site.????????????.css")).read_text()


def test_collected_styles_are_one_file_in_the_order_of_the_layers(settings: Settings, tmp_path: Path) -> None:
    css = collected(settings, tmp_path)
    assert "@import" not in css
    places = [css.index(f"@layer {name} {{") for name in LAYERS]
    assert places == sorted(places)


def test_collecting_again_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    assert collected(settings, tmp_path) == collected(settings, tmp_path)


def test_all_styles_stay_short(settings: Settings) -> None:
    files = (settings.ROOT / "static" / "css").glob("*.css")
    assert sum(len(file.read_text().splitlines()) for file in files) < 700


def test_all_scripts_stay_short(settings: Settings) -> None:
    lengths = [len(file.read_text().splitlines()) for file in (settings.ROOT / "static" / "js").glob("*.js")]
    assert max(lengths) < 60
    assert sum(lengths) < 300
