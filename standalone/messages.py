"""`make messages`: texts for translators collected and compiled.

What visitors read goes into locale/, in every language; what staff alone read, which stands in for_staff() and in
their templates, into backoffice/locale/, in fewer. A text of both is visitors'.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import compilemessages, makemessages

from standalone.paths import Trouble

FOR_VISITORS, FOR_STAFF = Path("locale"), Path("backoffice/locale")
STAFFS = ("backoffice", "templates/admin/*", "templates/emails/staff/*")
HEADERS_OF_THE_DAY = re.compile(r'^"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', re.MULTILINE)


class CollectForStaff(makemessages.Command):
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *("--keyword=for_staff", "--keyword=for_staff_lazy", "--keyword=for_staff_plural:1,2"),
        f"--exclude-file={FOR_VISITORS / 'de' / 'LC_MESSAGES' / 'django.po'}",
    ]
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]  # a guess is worse than English

    def find_files(self, root: str) -> list[Any]:
        files = super().find_files(root)
        self.locale_paths = [str(FOR_STAFF.resolve())]
        for file in files:
            file.locale_dir = self.locale_paths[0]
        return files


def collect_and_compile() -> int:
    if not shutil.which("xgettext"):
        raise Trouble("GNU gettext is missing: install the package gettext")
    settings.configure()  # those of the site need a database
    collect(makemessages.Command(), FOR_VISITORS, ignored=STAFFS)
    collect(CollectForStaff(), FOR_STAFF, ignored=())
    call_command(compilemessages.Command(), ignore_patterns=[".venv"])
    return 0


def collect(command: makemessages.Command, catalogues: Path, *, ignored: Sequence[str]) -> None:
    locales = sorted(path.name for path in catalogues.iterdir() if path.is_dir())
    layout = {"no_location": True, "no_wrap": True, "no_obsolete": True}
    call_command(command, locale=locales, ignore_patterns=[".venv", "tests", "var", *ignored], **layout)
    for written in catalogues.glob("*/LC_MESSAGES/django.po"):
        written.write_text(HEADERS_OF_THE_DAY.sub("", written.read_text()))
