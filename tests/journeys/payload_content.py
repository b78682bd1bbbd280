"""Content whose every field holds what somebody with a stolen password would put there; run on the live site.

Written past the forms; formatted text as it is after saving, since every way to the database cleans it (what a page
does with text that was never cleaned: tests/pages/test_richtext.py).
"""

from typing import Any

from django.db import models
from PIL import Image

from campaign.revisions import history
from campaign.revisions.models import Version
from pages.models import Action, Audience, Film, Issue, NewsItem, Page, Picture, SiteSettings, TimelineEntry
from pages.models.blocks import Block
from pages.publishing.richtext import RichTextField, clean
from pages.uploads import pictures
from tests.pages.payloads import PAYLOADS

ALL = " ".join(PAYLOADS)
ADDRESS = "javascript:alert(1)//https://x.example"
KEPT = {
    "slug",
    "path",
    "digest",
    "language",
    "kind",
    "state",
    "category",
    "menu",
    "precision",
    "email",
    "contact_email",
}
SLUG = "payloads"


def poisoned(row: models.Model, turn: int = 0) -> None:
    """Every text of `row`, in the original and in a translation."""
    fields = [field for field in row._meta.concrete_fields if is_text(field) and field.name not in KEPT]
    values = {field.name: value_for(field, turn + place) for place, field in enumerate(fields)}
    names: Any = getattr(row, "translatable", ())
    translated = {"de": {name: values[name] for name in names if name in values} | {"_is_shown": True}} if names else {}
    extra = {"translations": translated} if names else {}
    history.rows_like(row).filter(pk=row.pk).update(**values, **extra)


def is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def value_for(field: Any, turn: int) -> str:
    if isinstance(field, models.URLField):
        return ADDRESS
    if isinstance(field, RichTextField):
        return clean(ALL)
    if not field.max_length:
        return ALL
    return PAYLOADS[turn % len(PAYLOADS)][: field.max_length]


def add() -> None:
    page = Page.objects.create(slug=SLUG, title="x", state="published", menu="footer")
    item = NewsItem.objects.create(slug=SLUG, title="x", summary="x", category="statement", state="published")
    picture, film = add_picture(), add_film()
    for owner in (page, item):
        for turn, kind in enumerate([*Block.Kind.values, *["text"] * 10]):
            poisoned(owner.blocks.create(kind=kind, picture=picture, film=film, source="x", heading="x"), turn)
    for turn in range(len(PAYLOADS)):
        poisoned(item.cosigners.create(organisation="x"), turn)
    audience = Audience.objects.create(slug=SLUG, name="x", state="published")
    actions = [Action.objects.create(audience=audience, title="x", state="published") for _ in PAYLOADS]
    for turn, action in enumerate(actions):
        poisoned(action.sources.create(title="x"), turn)
        poisoned(action.examples.create(place="x", what="x", source="x", happened_on="2020-01-01"), turn)
        poisoned(action, turn)
    entry = TimelineEntry.objects.create(
        title="x", who="x", what="x", source="x", happened_on="2020-01-01", state="published"
    )
    issue = Issue.objects.create(subject="x", body="x")
    for turn, row in enumerate([page, item, picture, audience, actions[-1], entry, issue]):
        poisoned(row, turn)
        history.record(history.rows_like(row).get(pk=row.pk), by=None)
    poison_settings()


def add_picture() -> Picture:
    """With its files, so that nothing is missing on the pages that show it."""
    image = Image.new("RGB", (600, 400))
    made = pictures.renditions_of(image)
    made.keep((50, 50))
    return Picture.objects.create(title="x", alt="x", credit="x", digest=made.digest, width=600, height=400)


def add_film() -> Film:
    """Without its file, which no page loads by itself."""
    facts = {"digest": "f" * 32, "size": 1, "seconds": 1, "width": 600, "height": 400}
    film = Film.objects.create(title="x", captions="x", **facts)
    poisoned(film)
    Film.objects.update(name="film.mp4")  # which no form writes
    film.refresh_from_db()
    return film


def poison_settings() -> None:
    """The name stays: other pages are found by it."""
    site = SiteSettings.load()
    history.record(site, by=None)  # what is written past the forms makes no version
    poisoned(site)
    SiteSettings.objects.update(name=PAYLOADS[0], introduction=ALL)


def remove() -> None:
    for model in (Page, NewsItem, Audience):
        for row in model.objects.filter(slug=SLUG):
            if isinstance(row, Audience):
                row.actions.all().delete()
            row.delete()
    TimelineEntry.objects.filter(source_url=ADDRESS).delete()
    Issue.objects.filter(subject__in=[value[:150] for value in PAYLOADS]).delete()
    for library in (Picture, Film):
        library.objects.filter(width=600, height=400).delete()
    before = Version.objects.of(SiteSettings.load()).shown().first()
    if before:
        history.publish(before, by=None)
