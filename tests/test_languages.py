"""Every language says everything, to visitors or to staff: nothing missing, no placeholder lost, all compiled."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import Catalog, Message, pofile
from django.conf import settings
from django.utils.translation import to_locale

FOR_VISITORS, FOR_STAFF = Path("locale"), Path("backoffice/locale")
CODES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
STAFF_CODES = [code for code in settings.STAFF_LANGUAGES if code != settings.LANGUAGE_CODE]
CATALOGUES = [*((FOR_VISITORS, code) for code in CODES), *((FOR_STAFF, code) for code in STAFF_CODES)]
in_every_catalogue = pytest.mark.parametrize(
    ("folder", "code"), CATALOGUES, ids=[f"{folder}-{code}" for folder, code in CATALOGUES]
)
SOURCES = ("backoffice", "campaign", "letters", "pages", "petitions", "templates")
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]*\}|</?[a-z]+")


def file_of(folder: Path, code: str, suffix: str = "po") -> Path:
    return Path(settings.ROOT) / folder / to_locale(code) / "LC_MESSAGES" / f"django.{suffix}"


def catalog(folder: Path, code: str) -> Catalog:
    with file_of(folder, code).open("rb") as file:
        return pofile.read_po(file, locale=to_locale(code))


def texts(message: Message) -> tuple[list[str], list[str]]:
    """What is to be said, and how it is said; one or several forms each."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    said = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return source, said


def test_every_text_that_anybody_can_meet_has_been_collected(tmp_path):
    collected = collected_in(copy(tmp_path))
    differing = {(folder, code): collected[folder] ^ asked_for(catalog(folder, code)) for folder, code in CATALOGUES}
    assert {where: texts for where, texts in differing.items() if texts} == {}


def test_a_text_that_is_added_anywhere_is_collected(tmp_path):
    """In each module and each template of the site, and for whom it was written."""
    root = copy(tmp_path)
    added: dict[Path, set[tuple[object, object]]] = {FOR_VISITORS: set(), FOR_STAFF: set()}
    for name in SOURCES:
        for path in (path for path in (root / name).rglob("*") if path.suffix in {".py", ".html", ".txt"}):
            place = path.relative_to(root)
            whose = FOR_STAFF if is_staffs(place) else FOR_VISITORS
            text = f"said in {place}"
            mark = "for_staff" if whose == FOR_STAFF else "gettext"
            line = f'lambda: {mark}("{text}")' if path.suffix == ".py" else f'{{% translate "{text}" %}}'
            path.write_text(f"{path.read_text()}\n{line}\n")
            added[whose].add((None, text))
    collected = collected_in(root)
    assert {whose: texts - collected[whose] for whose, texts in added.items()} == {
        FOR_VISITORS: set(),
        FOR_STAFF: set(),
    }
    assert not added[FOR_STAFF] & collected[FOR_VISITORS]


def copy(root: Path) -> Path:
    """All that texts are collected from, and one catalogue of each kind."""
    unneeded = shutil.ignore_patterns("__pycache__", "fonts", "data", "locale")
    for name in (*SOURCES, "standalone"):
        shutil.copytree(settings.ROOT / name, root / name, ignore=unneeded)
    shutil.copy(settings.ROOT / "Makefile", root)
    for folder in (FOR_VISITORS, FOR_STAFF):
        shutil.copytree(settings.ROOT / folder / "de", root / folder / "de")
    return root


def collected_in(root: Path) -> dict[Path, set[tuple[object, object]]]:
    """What `make messages` collects there, for visitors and for staff. Needs GNU gettext, which the gate installs."""
    if not shutil.which("xgettext"):
        pytest.skip("no GNU gettext")
    command = ["make", "--old-file=.ready", "messages", f"IN={Path(sys.executable).parent}/"]
    subprocess.run(command, cwd=root, env={"PATH": os.environ["PATH"]}, check=True, capture_output=True)
    found = {}
    for folder in (FOR_VISITORS, FOR_STAFF):
        written = root / folder / "de" / "LC_MESSAGES" / "django.po"
        assert "POT-Creation-Date" not in written.read_text()
        with written.open("rb") as file:
            found[folder] = asked_for(pofile.read_po(file))
    return found


def asked_for(messages: Catalog) -> set[tuple[object, object]]:
    return {(message.context, message.id) for message in messages}


def test_modules_of_staff_mark_their_texts_as_theirs():
    marked = re.compile(r"\b[np]{0,2}gettext")
    places = [path.relative_to(settings.ROOT) for name in SOURCES for path in (settings.ROOT / name).rglob("*.py")]
    theirs = [place for place in places if is_staffs(place)]
    assert {"admin", "backoffice", "management", "staff"} <= {part for place in theirs for part in place.parts}
    assert [place for place in theirs if marked.search((settings.ROOT / place).read_text())] == []


def is_staffs(place: Path) -> bool:
    """Whether a module or a template is for staff alone, by the folder it is in."""
    return bool(set(place.with_suffix("").parts) & {"admin", "backoffice", "management", "staff"})


@in_every_catalogue
def test_nothing_is_left_untranslated(folder, code):
    missing = [texts(message)[0][0] for message in catalog(folder, code) if message.id and not all(texts(message)[1])]
    assert missing == []


@in_every_catalogue
def test_no_text_is_marked_as_unsure(folder, code):
    assert [message.id for message in catalog(folder, code) if message.id and message.fuzzy] == []


@in_every_catalogue
def test_placeholders_and_tags_are_kept(folder, code):
    for message in catalog(folder, code):
        source, said = texts(message)
        known = {mark for text in source for mark in PLACEHOLDER.findall(text)}
        for text in said:
            used = set(PLACEHOLDER.findall(text))
            assert used <= known, (source, text)
            assert len(source) > 1 or used == known or not message.id, (source, text)


@in_every_catalogue
def test_there_are_as_many_plural_forms_as_the_language_has(folder, code):
    found = catalog(folder, code)
    plurals = [message for message in found if isinstance(message.id, tuple | list)]
    assert {len(texts(message)[1]) for message in plurals} <= {found.num_plurals}


@in_every_catalogue
def test_the_compiled_file_says_what_the_written_one_says(folder, code):
    with file_of(folder, code, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalog(folder, code):
        source, said = texts(message)
        if message.context:
            assert compiled.pgettext(message.context, source[0]) == said[0]
        elif len(source) > 1:
            assert {compiled.ngettext(source[0], source[1], number) for number in range(1, 30)} <= set(said)
        elif message.id:
            assert compiled.gettext(source[0]) == said[0]
