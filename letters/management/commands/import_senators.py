"""`manage.py import_senators [SOURCE]`: bring the offices in line with a list of senators."""

from argparse import ArgumentParser
from pathlib import Path

from letters.constituency.congress import senators
from letters.constituency.imports.records import LeftOut, OfficeRecord
from letters.management.import_command import ImportCommand
from letters.models.recipients.recipient_lists import US_SENATE


class Command(ImportCommand):
    help = "Show how a list of senators differs from the offices of this site, and apply the difference."
    chamber_slug = US_SENATE
    own_list = "letters/constituency/congress/data/offices.csv"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source",
            nargs="?",
            help="file or https address of legislators-current (YAML or JSON); without it, the project's own list",
        )
        super().add_arguments(parser)

    def read(self, source: str | None) -> tuple[list[OfficeRecord], list[LeftOut]]:
        if source is None:
            return senators.project_records(), []
        return senators.parse(senators.fetch(source) if "://" in source else Path(source).read_text(encoding="utf-8"))
