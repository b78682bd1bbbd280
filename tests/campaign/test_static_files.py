"""Static files as a server gives them: small on the wire, and kept by browsers for good."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder, get_finders
from django.test import Client

from campaign.web.static_storage import SiteStorage


@pytest.mark.parametrize("ending", ["br", "gz"])
@pytest.mark.parametrize("name", ["css/site.????????????.css", "js/email_offer.????????????.js"])
def test_a_file_is_compressed_when_it_is_collected(static_files: Path, name: str, ending: str) -> None:
    plain = next(static_files.glob(name))
    packed = plain.with_name(f"{plain.name}.{ending}")
    assert packed.stat().st_size < plain.stat().st_size


def test_what_browsers_ask_for_by_themselves_is_there() -> None:
    icon = Client().get("/favicon.ico")
    assert icon.status_code == 200
    assert b"".join(icon) == (settings.ROOT / "static" / "root" / "favicon.ico").read_bytes()


def forget_finders() -> None:
    get_finder.cache_clear()  # type: ignore[attr-defined]  # of functools, which its stub leaves out


@pytest.fixture
def release(tmp_path: Path, settings: Any) -> Iterator[Callable[[str], SiteStorage]]:
    """Makes what a release's processes read from the folder that all releases share."""

    def made(name: str) -> SiteStorage:
        source = tmp_path / name
        source.mkdir(exist_ok=True)
        (source / f"only-{name}.js").write_text("")
        (source / "site.css").write_text(f"a {{ content: '{name}' }}")
        settings.STATICFILES_DIRS = [source]
        forget_finders()
        return SiteStorage(location=tmp_path / "shared", base_url="/static/")

    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    yield made
    forget_finders()


def collect(storage: SiteStorage) -> None:
    found = [(path, source) for finder in get_finders() for path, source in finder.list([])]
    for path, source in found:
        with source.open(path) as file:
            storage.delete(path)
            storage.save(path, file)
    assert list(storage.post_process({path: (source, path) for path, source in found}))


def test_each_release_finds_its_files_though_another_was_collected_into_the_same_folder_since(
    release: Callable[[str], SiteStorage],
) -> None:
    collect(release("first"))
    of_first = {path: release("first").url(path) for path in ("site.css", "only-first.js")}
    collect(release("second"))
    again, second = release("first"), release("second")
    assert {path: again.url(path) for path in of_first} == of_first
    assert second.url("site.css") != of_first["site.css"]
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        second.url("only-first.js")
