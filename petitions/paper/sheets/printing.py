"""Print sheets for signing on paper: the ask, rows to sign, the privacy sentence, a number, a QR code of the page."""

import io
import itertools
from pathlib import Path
from typing import Any

import segno
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, pgettext

from campaign.database import clock
from campaign.typesetting import typeset
from campaign.web import paragraphs
from campaign.web.links import absolute
from petitions.models import PaperSheet, Petition, PetitionText
from petitions.models.sheet import PRINTED_ROWS
from petitions.signing import consent

SHEET_TEMPLATE = Path(__file__).with_name("sheet.typ")
MOST_SHEETS = 200  # sheets in one PDF


@transaction.atomic
def print_sheets(*, petition: Petition, language: str, copies: int, by: User | None = None) -> bytes:
    """Return a PDF of new sheets, each with its own number."""
    text = petition.text_in(language)
    sheets = PaperSheet.objects.bulk_create(PaperSheet(text=text, printed_by=by) for _ in range(copies))
    return typeset(SHEET_TEMPLATE, data(petition, text, [sheet.pk for sheet in sheets]), made_at=clock.now())


def data(petition: Petition, text: PetitionText, numbers: list[int]) -> dict[str, Any]:
    with translation.override(text.language):
        url = absolute(petition.get_absolute_url())
        return {
            "language": text.language.partition("-")[0],
            "numbers": numbers,
            "rows": PRINTED_ROWS,
            "addressee": text.addressee,
            "title": text.title,
            "halves": halves(paragraphs.on_one_line(text.body)),
            "asked_by": text.who_asks,
            "privacy": consent.wording_on_paper(),
            "url": url,
            "code": qr_code(url),
            "words": {
                "sheet": pgettext("of paper, followed by a number", "Sheet"),
                "online": gettext("Or sign online:"),
                "columns": [
                    gettext("Full name"),
                    gettext("Address"),
                    gettext("Country"),
                    gettext("Email (optional)"),
                    gettext("Signature"),
                ],
                "collected": [gettext("Collected by"), gettext("Place"), gettext("Date")],
            },
        }


def halves(whole: list[str]) -> list[list[str]]:
    """Split the paragraphs into two columns of about the same length."""
    lengths = list(itertools.accumulate(len(paragraph) for paragraph in whole))
    middle = min(range(len(lengths)), key=lambda index: abs(lengths[index] - lengths[-1] / 2)) + 1
    return [whole[:middle], whole[middle:]]


def qr_code(url: str) -> str:
    """Return a QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", border=0)
    return drawn.getvalue().decode()
