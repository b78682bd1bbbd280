"""Every mail with example values, for translators to see and for tests to look at."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from campaign.mail.letterhead import Letterhead

FOLDER = settings.ROOT / "templates" / "emails"
MAILS = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.html") if path.parent.name != "components"
)
REMINDERS = {"letters/confirmation.html", "petitions/confirmation.html"}  # sent once more, in other words

URL = "https://campaign.example/" + "a" * 90 + "/"


class ExamplePetition(SimpleNamespace):
    def __str__(self) -> str:
        return str(self.text.title)


TEXT = SimpleNamespace(title="Act now to end it", addressee="To the United Nations")
CONTEXT: dict[str, Any] = {
    "text": TEXT,
    "petition": ExamplePetition(text=TEXT, get_absolute_url="/petitions/act-now/"),
    "campaign": SimpleNamespace(text=SimpleNamespace(title="Support Senate Resolution 220")),
    "offices": [SimpleNamespace(name="Ben Ray Luján"), SimpleNamespace(name="Martin Heinrich")],
    "offices_and_ways": [
        (
            SimpleNamespace(name="Ben Ray Luján"),
            "",
            "Sent through the Senate's own system for letters from constituents.",
        ),
        (SimpleNamespace(name="Martin Heinrich"), "Deutsch", "This office accepts letters only through its form."),
    ],
    "former": SimpleNamespace(name="Martin Heinrich"),
    "successor": SimpleNamespace(name="Ben Ray Luján"),
    "letters": [(SimpleNamespace(name="Ben Ray Luján"), URL)],
    "milestone": SimpleNamespace(count=100_000),
    "check": SimpleNamespace(number=2),
    "signed_on": date(2026, 11, 1),
    "expires_at": date(2026, 11, 8),
    "code": "482 913",
    "name": "Ana López",
    "email": "ana@example.org",
    "message": "A long question.\n\nIt goes on.",
    "written_in": "es",
    "subject": "News of this week",
    "event": "approved",
    "step": "approved, waits",
    "letterhead": Letterhead("Coalition to End It", "en", "1 Main Street\n10001 New York", "post@example.org"),
    "act": SimpleNamespace(
        title="Hand-over of the signatures of “Act now to end it”",
        summary="ana asked that all confirmed signatures are taken in one file. The reason given: “Geneva”.",
        approved_by="mo",
        opens_at=datetime(2026, 11, 2, 12, tzinfo=UTC),
        warning="The signatures are sealed.",
    ),
    "person": "ana",
    "by": "mo",
    "at": "Nov. 1, 2026, noon UTC",
    "html": SafeString(f'<h2>What was decided</h2><p>It was. <a href="{URL}">Read it</a></p>'),
    "site_url": "https://campaign.example",
    **{f"{name}_url": URL for name in "confirm not_me mine track page stop unsubscribe leave write offer".split()},
    "url": URL,
    "head": "1234567:" + "0f" * 32,
    "entries": 12,
    "failed_logins": 3,
    "role": "Editor",
    "sentence": "Writes pages and news. May not send the newsletter.",
    "fault": "Entry 12 is missing (link 12).",
}
OF_ONE_MAIL: dict[str, dict[str, Any]] = {"pages/newsletter": {"text": f"What was decided\n\nIt was: <{URL}>"}}


def context_of(name: str) -> dict[str, Any]:
    """Return what the mail of that name, without its ending, shows."""
    return CONTEXT | OF_ONE_MAIL.get(name, {})


def html_of(name: str, language: str, **more: Any) -> str:
    return rendered(name, language, more)


def text_of(name: str, language: str, **more: Any) -> str:
    """Return the plain words of the mail whose HTML has that name; the first line is its subject."""
    return rendered(name.replace(".html", ".txt"), language, more)


def rendered(name: str, language: str, more: dict[str, Any]) -> str:
    with translation.override(language):
        context = (
            context_of(name.rpartition(".")[0])
            | {"language": language, "is_rtl": translation.get_language_bidi()}
            | more
        )
        return render_to_string(f"emails/{name}", context)
