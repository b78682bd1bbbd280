"""Typeset the signatures as a PDF book: a cover letter with the ask and totals, then who signed from where and when.

Below a name stands the reason that the signer gave: the form says that it goes to the addressee. Mail addresses do not.
The same file, language and day give the same bytes. A very large petition becomes several volumes.
"""

import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.typesetting import typeset_numbered
from campaign.web import countries, paragraphs
from campaign.web.languages import readable_languages
from petitions.handover.export_file import Manifest
from petitions.handover.unseal import Signer
from petitions.models.signature import Channel

BOOK_TEMPLATE = Path(__file__).with_name("signature_book.typ")
BOOK_FONTS = ["Noto Serif", "Droid Sans Fallback", "Noto Naskh Arabic"]
SIGNATURES_PER_PART = 500  # signatures laid out at a time
VOLUME = 20_000  # signatures in one file


def volumes(signers: Iterable[Signer], manifest: Manifest, *, language: str, day: date) -> Iterator[bytes]:
    """Yield the PDF of each volume; the first begins with the letter."""
    with translation.override(language):
        made_at = datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
        for parts in volume_parts(signers, manifest, day):
            yield typeset_numbered(BOOK_TEMPLATE, parts, made_at=made_at)


def volume_parts(signers: Iterable[Signer], manifest: Manifest, day: date) -> Iterator[tuple[dict[str, Any], ...]]:
    """Yield what each volume holds; the first has the letter along with as many signatures as any other."""
    listed = people(signers, manifest)
    yield (letter(manifest, day), *itertools.islice(listed, VOLUME // SIGNATURES_PER_PART))
    yield from itertools.batched(listed, VOLUME // SIGNATURES_PER_PART)


def common(manifest: Manifest) -> dict[str, Any]:
    text = book_wording(manifest)
    return {
        "language": (translation.get_language() or "en").partition("-")[0],
        "fonts": BOOK_FONTS,
        "title": text["title"],
        "asked_by": text.get("asked_by") or manifest.head["asked_by"],
        "footer": text["title"],
        "words": {
            "by_country": gettext("By country"),
            "by_channel": gettext("How they signed"),
            "checksum": gettext("SHA-256 of the file of sealed signatures:"),
            "name": gettext("Name and reason"),
            "country": gettext("Country"),
            "day": gettext("Day"),
            "page": gettext("Page %(number)s of %(total)s"),
        },
    }


def book_wording(manifest: Manifest) -> dict[str, Any]:
    """Return the newest text in the active language, else in its stand-in, else in the language of the oldest text."""
    texts = sorted(manifest.head["texts"].values(), key=lambda text: text["version"])
    newest = {text["language"]: text for text in texts}
    oldest = min(texts, key=lambda text: text["pk"])
    wanted = [*readable_languages(translation.get_language() or SOURCE_LANGUAGE), oldest["language"]]
    return next(newest[language] for language in wanted if language in newest)


def letter(manifest: Manifest, day: date) -> dict[str, Any]:
    text, totals = book_wording(manifest), manifest.totals
    by_country = sorted(totals["by_country"].items(), key=lambda item: (-item[1], item[0]))
    return {
        **common(manifest),
        "letter": {
            "addressee": text["addressee"],
            "title": text["title"],
            "paragraphs": paragraphs.on_one_line(text["body"]),
        },
        "total": ngettext("%(number)s signature", "%(number)s signatures", totals["total"])
        % {"number": number_format(totals["total"], force_grouping=True)},
        "confidence": gettext("Names and reasons are for the addressee alone and are not to be published."),
        "cleared": without_names(totals.get("cleared", 0)),
        "day": date_format(day),
        "by_country": [(countries.name_of(code), number_format(n, force_grouping=True)) for code, n in by_country],
        "by_channel": [
            (str(Channel(code).label), number_format(n, force_grouping=True))
            for code, n in sorted(totals["by_channel"].items())
        ],
        "sha256": totals["sha256"],
    }


def without_names(cleared: int) -> str:
    """Return the letter's sentence on signatures that count but are not listed; empty if all are listed."""
    if not cleared:
        return ""
    said = ngettext(
        "%(number)s of them is not listed: the name was deleted at the end of its retention period.",
        "%(number)s of them are not listed: the names were deleted at the end of their retention period.",
        cleared,
    )
    return said % {"number": number_format(cleared, force_grouping=True)}


def people(signers: Iterable[Signer], manifest: Manifest) -> Iterator[dict[str, Any]]:
    shared = {**common(manifest), "letter": None}
    for index, part in enumerate(itertools.batched(signers, SIGNATURES_PER_PART)):
        yield {**shared, "first": index * SIGNATURES_PER_PART + 1, "rows": [row(signer) for signer in part]}


def row(signer: Signer) -> dict[str, Any]:
    """Return what stands in the book of one signer; what they wrote keeps the direction of its script."""
    reason = " ".join(signer.reason.split())
    return {
        "name": signer.name,
        "country": countries.name_of(signer.country),
        "day": signer.confirmed_on,
        "reason": reason,
        "reason_direction": direction(reason),
    }


def direction(text: str) -> str:
    """Return in which direction a text runs, by its first letter.

    >>> direction("1. Because"), direction("1. لأن"), direction("שלום world")
    ('ltr', 'rtl', 'rtl')
    """
    strong = (kind for letter in text if (kind := unicodedata.bidirectional(letter)) in {"L", "R", "AL"})
    return "ltr" if next(strong, "L") == "L" else "rtl"
