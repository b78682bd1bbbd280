"""Fill an empty site with its first pages, news, action lists and timeline; content that exists is never changed."""

import tomllib
from collections.abc import Callable
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from campaign.revisions import history
from letters.models import LetterCampaign
from pages.models import Action, Audience, NewsItem, Page, SiteSettings, TimelineEntry
from pages.publishing.publishable import State
from pages.publishing.translatable import text_digest
from pages.translation.editor import translation_data
from petitions.models import Petition

FOLDER = Path(__file__).parent / "data"
FIRST = "first content"  # what its versions are noted as
STEP = 10  # between the places of two neighbours, so that something fits between them


@transaction.atomic
def seed_pages(*, is_demo: bool = False) -> list[str]:
    """Fill each kind of content of which there is none; return the names of these kinds."""
    parts: dict[str, tuple[Any, Callable[[], None]]] = {
        "site settings": (SiteSettings, partial(seed_settings, is_demo=is_demo)),
        "pages": (Page, seed_page_tree),
        "action lists": (Audience, seed_actions),
        "timeline": (TimelineEntry, seed_timeline),
        "news": (NewsItem, seed_news),
    }
    empty = {name: fill for name, (model, fill) in parts.items() if not model.objects.exists()}
    for name, fill in empty.items():
        fill()
        for content in parts[name][0].objects.all():
            history.record(content, by=None, note=FIRST)
    return list(empty)


def seed_settings(*, is_demo: bool) -> None:
    """Create the settings; the first petition and letter campaign, if there are any, go on the home page.

    Whoever writes to a real site reaches the sender of its mail, until staff enter another address.
    """
    chosen = {"petition": Petition.objects.first(), "letter_campaign": LetterCampaign.objects.first()}
    reached = {} if is_demo else {"contact_email": parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    SiteSettings.objects.create(**read_seed("site.toml") | chosen | reached)


def seed_page_tree() -> None:
    rows = [row for name in ("pages", "privacy", "accessibility") for row in read_seed(f"{name}.toml")["pages"]]
    for row in rows:
        blocks = row.pop("blocks")
        add_blocks(Page.objects.create(**row, state=State.PUBLISHED), blocks)


def seed_actions() -> None:
    for place, row in enumerate(read_seed("actions.toml")["audiences"], start=1):
        actions = row.pop("actions")
        audience = Audience.objects.create(**row, order=place * STEP, state=State.PUBLISHED)
        for order, action in enumerate(actions, start=1):
            add_action(audience, order * STEP, action)


def add_action(audience: Audience, order: int, row: dict[str, Any]) -> None:
    sources, examples = row.pop("sources", []), row.pop("examples", [])
    action = Action.objects.create(audience=audience, order=order, state=State.PUBLISHED, **targeted(row))
    for place, (title, url) in enumerate(sources, start=1):
        action.sources.create(title=title, url=url, order=place * STEP)
    for example in examples:
        action.examples.create(**example)


def seed_timeline() -> None:
    for row in read_seed("timeline.toml")["entries"]:
        TimelineEntry.objects.create(**row, state=State.PUBLISHED)


def seed_news() -> None:
    for row in read_seed("news.toml")["items"]:
        blocks, cosigners = row.pop("blocks"), row.pop("cosigners", [])
        item = NewsItem.objects.create(**row, state=State.PUBLISHED)
        add_blocks(item, blocks)
        for place, cosigner in enumerate(cosigners, start=1):
            item.cosigners.create(**cosigner, order=place * STEP)


def add_blocks(owner: Page | NewsItem, rows: list[dict[str, Any]]) -> None:
    for place, row in enumerate(rows, start=1):
        owner.blocks.create(**targeted(row), order=place * STEP)


def targeted(row: dict[str, Any]) -> dict[str, Any]:
    """Return `row` with the object that its `call` names: `petition`, `letter` or the path of a page."""
    call = row.pop("call", None)
    match call:
        case None:
            return row
        case "petition":
            return row | {"petition": Petition.objects.first()}
        case "letter":
            return row | {"letter_campaign": LetterCampaign.objects.first()}
        case path:
            return row | {"target_page": Page.objects.filter(path=path).first()}


def read_seed(name: str) -> dict[str, Any]:
    """Return the content of one file with its translations; `data/<language>/` has files of the same structure."""
    content = load_file(FOLDER / name)
    for file in sorted(FOLDER.glob(f"*/{name}")):
        add_translation(content, load_file(file), file.parent.name)
    return content


def add_translation(row: dict[str, Any], words: dict[str, Any], language: str) -> None:
    """Add what `words` has in `language` to `row` and to the rows within it.

    If a list has another length in `words`, its rows stay untranslated; tests/pages/test_seeding.py notices that.
    """
    texts = {name: text for name, text in words.items() if isinstance(text, str) and name != "slug"}
    if texts:
        fields = [(name, text, text_digest(row[name])) for name, text in texts.items()]
        row.setdefault("translations", {})[language] = translation_data(fields, is_shown=True)
    for name, rows in words.items():
        if isinstance(rows, list) and len(rows) == len(row[name]):
            for inner, its_words in zip(row[name], rows, strict=True):
                add_translation(inner, its_words, language)


def load_file(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
