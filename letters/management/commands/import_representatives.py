"""`manage.py import_representatives`: bring the House of Representatives in line with the project's own list."""

from letters.constituency.congress.chambers import US_HOUSE
from letters.constituency.congress.representatives import house_records
from letters.constituency.imports.records import LeftOut, OfficeRecord
from letters.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Show how the list of representatives differs from the offices of this site, and apply the difference."
    chamber_slug = US_HOUSE
    own_list = "letters/constituency/congress/data/representatives.csv"

    def read(self, source: str | None) -> tuple[list[OfficeRecord], list[LeftOut]]:
        return house_records(), []
