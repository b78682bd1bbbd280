"""The book of signatures as PDF: a cover letter with the ask and the totals, then everybody with name, country and day.

The same parcel, language and day give the same bytes. A very large petition becomes several volumes.
"""

import itertools
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from campaign import countries
from campaign.typesetting import typeset_parts
from petitions import paragraphs
from petitions.handover.parcels import Manifest
from petitions.handover.unsealing import Signer
from petitions.models.signature import Channel

TEMPLATE = Path(__file__).parent / "book.typ"
FONTS = ["Noto Serif", "Droid Sans Fallback", "Noto Naskh Arabic"]
PART = 500  # signatures laid out at a time
VOLUME = 20_000  # signatures in one file


def volumes(signers: Iterable[Signer], manifest: Manifest, *, language: str, day: date) -> Iterator[bytes]:
    """One PDF or more; the first begins with the letter."""
    with translation.override(language):
        made_at = datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
        for parts in volume_parts(signers, manifest, day):
            yield typeset_parts(TEMPLATE, parts, made_at=made_at)


def volume_parts(signers: Iterable[Signer], manifest: Manifest, day: date) -> Iterator[tuple[dict[str, Any], ...]]:
    """What each volume holds: the first the letter and as many signatures as any other."""
    listed = people(signers, manifest)
    yield (letter(manifest, day), *itertools.islice(listed, VOLUME // PART))
    yield from itertools.batched(listed, VOLUME // PART)


def common(manifest: Manifest) -> dict[str, Any]:
    text = wording(manifest)
    return {
        "language": (translation.get_language() or "en").partition("-")[0],
        "fonts": FONTS,
        "title": text["title"],
        "asked_by": text.get("asked_by") or manifest.head["asked_by"],
        "footer": text["title"],
        "words": {
            "by_country": gettext("By country"),
            "by_channel": gettext("How they signed"),
            "checksum": gettext("SHA-256 of the file of sealed signatures:"),
        },
    }


def wording(manifest: Manifest) -> dict[str, Any]:
    """The newest text in the active language, else in the first language that there is."""
    texts = sorted(manifest.head["texts"].values(), key=lambda text: -text["version"])
    language = translation.get_language()
    return next((text for text in texts if text["language"] == language), min(texts, key=lambda text: text["pk"]))


def letter(manifest: Manifest, day: date) -> dict[str, Any]:
    text, totals = wording(manifest), manifest.totals
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
    """What the letter says of signatures that count and are not listed; empty if all are."""
    if not cleared:
        return ""
    said = ngettext(
        "%(number)s of them is not listed: its name was deleted at the end of the time for keeping it.",
        "%(number)s of them are not listed: their names were deleted at the end of the time for keeping them.",
        cleared,
    )
    return said % {"number": number_format(cleared, force_grouping=True)}


def people(signers: Iterable[Signer], manifest: Manifest) -> Iterator[dict[str, Any]]:
    shared = {**common(manifest), "letter": None}
    for index, part in enumerate(itertools.batched(signers, PART)):
        rows = [(signer.name, countries.name_of(signer.country), signer.confirmed_on) for signer in part]
        yield {**shared, "first": index * PART + 1, "rows": rows}
