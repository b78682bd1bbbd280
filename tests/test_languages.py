"""Every language says everything: nothing missing, no placeholder lost, compiled as written."""

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

CATALOGS = Path(settings.ROOT) / "locale"
CODES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
SOURCES = ("backoffice", "campaign", "letters", "pages", "petitions", "templates")
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]*\}|</?[a-z]+")


def catalog(code: str) -> Catalog:
    with (CATALOGS / to_locale(code) / "LC_MESSAGES" / "django.po").open("rb") as file:
        return pofile.read_po(file, locale=to_locale(code))


def texts(message: Message) -> tuple[list[str], list[str]]:
    """What is to be said, and how it is said; one or several forms each."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    said = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return source, said


def test_every_text_that_visitors_can_meet_has_been_collected(tmp_path):
    collected = collected_in(copy(tmp_path))
    differing = {code: collected ^ asked_for(catalog(code)) for code in CODES}
    assert {code: texts for code, texts in differing.items() if texts} == {}


def test_a_text_that_is_added_anywhere_is_collected(tmp_path):
    """In each module and each template of the site."""
    root = copy(tmp_path)
    added = set()
    for name in SOURCES:
        for path in (path for path in (root / name).rglob("*") if path.suffix in {".py", ".html", ".txt"}):
            text = f"said in {path.relative_to(root)}"
            line = f'gettext("{text}")' if path.suffix == ".py" else f'{{% translate "{text}" %}}'
            path.write_text(f"{path.read_text()}\n{line}\n")
            added.add((None, text))
    assert {text.partition("/")[0] for _, text in added} == {f"said in {name}" for name in SOURCES}
    assert added - collected_in(root) == set()


def copy(root: Path) -> Path:
    """All that visitors' texts are collected from, and one catalogue."""
    unneeded = shutil.ignore_patterns("__pycache__", "fonts", "data")
    for name in SOURCES:
        shutil.copytree(settings.ROOT / name, root / name, ignore=unneeded)
    shutil.copy(settings.ROOT / "Makefile", root)
    shutil.copytree(CATALOGS / "de", root / "locale" / "de")
    return root


def collected_in(root: Path) -> set[tuple[object, object]]:
    """What `make messages` collects there. Needs GNU gettext, which the gate installs."""
    if not shutil.which("xgettext"):
        pytest.skip("no GNU gettext")
    command = ["make", "--old-file=.ready", "messages", f"IN={Path(sys.executable).parent}/"]
    subprocess.run(command, cwd=root, env={"PATH": os.environ["PATH"]}, check=True, capture_output=True)
    written = root / "locale" / "de" / "LC_MESSAGES" / "django.po"
    assert "POT-Creation-Date" not in written.read_text()
    with written.open("rb") as file:
        return asked_for(pofile.read_po(file))


def asked_for(messages: Catalog) -> set[tuple[object, object]]:
    return {(message.context, message.id) for message in messages}


def test_what_only_staff_read_is_not_marked_for_translation():
    marked = re.compile(r"\b[np]{0,2}gettext|\{% (block)?translate\b")
    places = [path for name in SOURCES for path in (settings.ROOT / name).rglob("*") if is_staffs(path)]
    assert {"admin", "backoffice", "management", "staff"} <= {part for path in places for part in path.parts}
    assert [path for path in places if marked.search(path.read_text())] == []


def is_staffs(path: Path) -> bool:
    """Whether a module or a template is for staff alone, by the folder it is in."""
    parts = set(path.relative_to(settings.ROOT).with_suffix("").parts)
    return path.suffix in {".py", ".html"} and bool(parts & {"admin", "backoffice", "demo", "management", "staff"})


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_left_untranslated(code):
    missing = [texts(message)[0][0] for message in catalog(code) if message.id and not all(texts(message)[1])]
    assert missing == []


@pytest.mark.parametrize("code", CODES)
def test_no_text_is_marked_as_unsure(code):
    assert [message.id for message in catalog(code) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("code", CODES)
def test_placeholders_and_tags_are_kept(code):
    for message in catalog(code):
        source, said = texts(message)
        known = {mark for text in source for mark in PLACEHOLDER.findall(text)}
        for text in said:
            used = set(PLACEHOLDER.findall(text))
            assert used <= known, (source, text)
            assert len(source) > 1 or used == known or not message.id, (source, text)


@pytest.mark.parametrize("code", CODES)
def test_there_are_as_many_plural_forms_as_the_language_has(code):
    found = catalog(code)
    plurals = [message for message in found if isinstance(message.id, tuple | list)]
    assert {len(texts(message)[1]) for message in plurals} <= {found.num_plurals}


@pytest.mark.parametrize("code", CODES)
def test_the_compiled_file_says_what_the_written_one_says(code):
    with (CATALOGS / to_locale(code) / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalog(code):
        source, said = texts(message)
        if message.context:
            assert compiled.pgettext(message.context, source[0]) == said[0]
        elif len(source) > 1:
            assert {compiled.ngettext(source[0], source[1], number) for number in range(1, 30)} <= set(said)
        elif message.id:
            assert compiled.gettext(source[0]) == said[0]
