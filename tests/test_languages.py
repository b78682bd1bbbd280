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
SOURCES = ("campaign", "letters", "pages", "petitions", "templates")
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
    """As `make messages` collects them, in a copy. Needs GNU gettext, which the gate installs."""
    if not shutil.which("xgettext"):
        pytest.skip("no GNU gettext")
    for name in SOURCES:
        (tmp_path / name).symlink_to(settings.ROOT / name)
    shutil.copytree(CATALOGS / "de", tmp_path / "locale" / "de")
    program = str(Path(sys.executable).with_name("django-admin"))
    ignored = [part for pattern in staff_only() for part in ("--ignore", pattern)]
    command = [program, "makemessages", "--locale=de", "--symlinks", "--no-obsolete", *ignored]
    environment = {"PATH": os.environ["PATH"]}  # without settings, as `make messages` has none
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    with (tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        collected = asked_for(pofile.read_po(file))
    differing = {code: collected ^ asked_for(catalog(code)) for code in CODES}
    assert {code: texts for code, texts in differing.items() if texts} == {}


def asked_for(messages: Catalog) -> set[tuple[object, object]]:
    return {(message.context, message.id) for message in messages}


def staff_only() -> list[str]:
    """What `make messages` leaves out."""
    found = re.search(r"^STAFF_ONLY = (.*?)\n\n", (settings.ROOT / "Makefile").read_text(), re.DOTALL | re.MULTILINE)
    assert found
    return found[1].replace("\\\n", " ").split()


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
