"""Where recipients stand, from a table that staff upload: all of it is put down, or nothing."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaign.admin.spreadsheets import GivenTable
from campaign.protection.inputs.csv_records import Unusable
from campaign.protection.inputs.encodings import UTF8, guess_encoding
from campaign.translation import for_staff
from letters.constituency.imports.headers import STAND_HEADINGS
from letters.constituency.imports.members import MOST_MEMBERS
from letters.constituency.imports.records import as_date
from letters.constituency.imports.tables import FAULT, LINE, Entry, read_table
from letters.models import LetterCampaign, Office, Position, Stance
from letters.models.sender import fold

MOST_FAULTS = 20
SPELLINGS = {"opposed": Stance.OPPOSES, "supporter": Stance.SUPPORTS, "co-sponsor": Stance.COSPONSOR}


def positions_in(file: UploadedFile, campaign: LetterCampaign) -> list[Position]:
    """Return what the table says, not stored yet. Raises ValidationError with all that is wrong in it."""
    offices, found, faults = by_name(campaign), dict[int, Position](), list[str]()
    for entry in entries_of(file):
        try:
            position = position_of(entry, campaign, offices)
            if position.office_id in found:
                raise ValidationError(for_staff("stands there twice"))
            found[position.office_id] = position
        except ValidationError as error:
            what = {"line": entry[LINE], "why": "; ".join(error.messages)}
            faults.append(for_staff("Line %(line)s: %(why)s") % what)
    if faults or not found:
        raise ValidationError(faults[:MOST_FAULTS] or for_staff("No line of it names anybody."))
    return list(found.values())


def entries_of(file: UploadedFile) -> list[Entry]:
    table = GivenTable(file)
    try:
        encoding = UTF8 if table.is_spreadsheet else guess_encoding(table.pieces(), "en")
        return read_table(table.pieces(), STAND_HEADINGS, encoding=encoding, most=MOST_MEMBERS)
    except Unusable as error:
        raise ValidationError(str(error)) from error


def by_name(campaign: LetterCampaign) -> dict[str, Office]:
    """Return those in office by their IDs, and by their names but for namesakes."""
    everybody = list(Office.objects.current().filter(recipient_list__in=campaign.recipient_lists))
    named = Counter(fold(one.name) for one in everybody)
    ids = {one.directory_id.casefold(): one for one in everybody}
    return ids | {fold(one.name): one for one in everybody if named[fold(one.name)] == 1}


def position_of(entry: Entry, campaign: LetterCampaign, offices: Mapping[str, Office]) -> Position:
    if FAULT in entry:
        text = for_staff("This row cannot be read: a quotation mark is not closed, or a character is broken.")
        raise ValidationError(text)
    given, name = entry.get("id", ""), entry.get("name", "")
    office = offices.get(given.casefold() if given else fold(name))
    if office is None:
        text = for_staff("%(who)s is not in office on a list of this campaign")
        raise ValidationError(text % {"who": given or name or "-"})
    word = entry.get("stance", "").casefold()
    stance = SPELLINGS.get(word, word)
    if stance not in Stance.values:
        raise ValidationError(for_staff("“%(word)s” is none of the stances") % {"word": entry.get("stance", "")})
    source, day = entry.get("source", ""), day_of(entry.get("date", ""))
    if stance != Stance.UNKNOWN and not (source and day):
        raise ValidationError(for_staff("source and date are missing"))
    position = Position(campaign=campaign, office=office, stance=stance, source=source, as_of=day)
    position.clean_fields()
    return position


def day_of(text: str) -> date | None:
    try:
        return as_date(text) if text else None
    except ValueError as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def put_down(positions: list[Position]) -> int:
    """Store all of them; return of how many offices."""
    for one in positions:
        said = {"stance": one.stance, "source": one.source, "as_of": one.as_of}
        Position.objects.update_or_create(campaign=one.campaign, office=one.office, defaults=said)
    return len(positions)
