"""What is shown at an address: the content, and what its blocks draw on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import get_language

from campaign.web.errors import Gone
from letters.models import LetterCampaign
from letters.models.recipients.recipient_lists import US_SENATE
from pages.models import Audience, Cosigner, NewsItem, Page, PageBlock, Redirect, SiteSettings, TimelineEntry
from pages.models.blocks import Block, Range
from pages.models.news import Category
from pages.publishing import reading_time
from pages.publishing.publishable import PublishableQuerySet, State
from pages.publishing.translatable import active_language, read_together
from pages.search import searching

NEWS_ON_HOME = FINDINGS_SHOWN = 3
HELP = "how-you-can-help"  # the path of the page with the lists of actions


@dataclass(frozen=True)
class Part:
    """A part of a page that its table of contents names; `language` is that of the heading."""

    anchor: str
    heading: str
    language: str


def found(candidates: PublishableQuerySet, **lookup: str) -> Any:
    """The one published object; 410 for what was retired, 404 for anything else."""
    try:
        candidate = candidates.get(**lookup)
    except ObjectDoesNotExist:
        raise Http404 from None
    if candidate.state == State.RETIRED:
        raise Gone
    if not candidate.is_published:
        raise Http404
    return candidate


def moved(path: str) -> str:
    """The address now of what stood at `path`; 404 if nothing did, or if it is not to be seen."""
    redirect = Redirect.objects.from_path(path).first()
    if redirect is None or not redirect.target.is_published:
        raise Http404
    return str(redirect.target.get_absolute_url())


def of_home(site: SiteSettings) -> dict[str, Any]:
    """The petition and the letter that staff chose for the first page, and the latest news.

    While there is no petition, as on a site that was set up just now, the page with other ways to help stands there.
    """
    petition = site.shown_petition
    letters = LetterCampaign.objects.published().for_display().prefetch_related(None)  # its one text is asked for alone
    letter = letters.filter(pk=site.letter_campaign_id or 0).first()
    return {
        "petition": petition,
        "help_page": None if petition else Page.objects.published().filter(path=HELP).first(),
        "letter": letter,
        "is_letter_to_senators": letter is not None and letter.list_slugs == [US_SENATE],
        "news": NewsItem.objects.published().newest()[:NEWS_ON_HOME],
    }


def findings() -> Iterable[TimelineEntry]:
    """The latest of the record, for pages that name what they rest on."""
    return TimelineEntry.objects.shown().newest()[:FINDINGS_SHOWN]


def evidence_page() -> Page | None:
    """The page that has the whole record."""
    return Page.objects.published().filter(blocks__kind=Block.Kind.TIMELINE).order_by("path").first()


def people() -> Iterable[PageBlock]:
    """Those whom published pages present, in the order in which they do."""
    blocks = PageBlock.objects.filter(kind=Block.Kind.PERSON, page__in=Page.objects.published())
    return blocks.select_related("page", "picture").order_by("page__path", "order", "id")


def of_page(path: str) -> dict[str, Any]:
    page = found(Page.objects.with_blocks(), path=path)
    return {"text_languages": page.shown_languages()} | with_page(page, blocks=page.blocks.all())


def with_page(page: Page, *, blocks: Iterable[Block]) -> dict[str, Any]:
    read_together([page, *blocks])
    return {"page": page, "above": Page.objects.published().above(page.path)} | drawn_on(blocks)


def of_news_item(slug: str) -> dict[str, Any]:
    item = found(NewsItem.objects.with_parts(), slug=slug)
    shown = with_news_item(item, blocks=item.blocks.all(), cosigners=item.cosigners.all())
    return {"text_languages": item.shown_languages()} | shown


def with_news_item(item: NewsItem, *, blocks: Iterable[Block], cosigners: Iterable[Cosigner]) -> dict[str, Any]:
    read_together([item, *blocks, *cosigners])
    related = NewsItem.objects.published().related_to(item)[:NEWS_ON_HOME]
    read = [item.local.summary, *(text for block in blocks for text in (block.local.heading, block.local.body))]
    minutes = reading_time.minutes_to_read(read)
    return {"item": item, "minutes": minutes, "related": related, "cosigners": cosigners} | drawn_on(blocks)


def of_news(category: str, year: int | None, question: str) -> dict[str, Any]:
    """The list, narrowed by what a visitor chose or asked for; the years to choose from."""
    published = NewsItem.objects.published()
    chosen = published.of_category(category).of_year(year).newest()
    return {
        "items": searching.search(chosen, question, get_language() or settings.LANGUAGE_CODE),
        "years": published.years(),
        "category": category,
        "categories": Category.choices,
        "year": year,
        "question": searching.cleaned(question),
    }


def of_audience(slug: str) -> dict[str, Any]:
    audience = found(Audience.objects.with_actions(), slug=slug)
    for action in audience.actions.all():
        read_together(action.rows_of_text())
    shown_in = {row.local.language for row in [audience, *audience.actions.all()]} - {active_language()}
    return {
        "audience": audience,
        "parts": [
            Part(f"action-{action.pk}", action.local.title, action.local.language) for action in audience.actions.all()
        ],
        "audiences": Audience.objects.published(),
        "shown_in": min(shown_in, default=""),
        "text_languages": audience.shown_languages(),
    }


def draw_figures(blocks: Iterable[Block]) -> None:
    """Give a bar to each figure with a number that stands next to another such figure, all of a row to one scale."""
    for is_figure, run in groupby(blocks, key=lambda block: block.kind == Block.Kind.FIGURE and block.most > 0):
        row = list(run)
        if is_figure and len(row) > 1:
            most = max(block.most for block in row)
            for block in row:
                low = (block.low or 0) if block.high else 0
                block.bar = Range(100 * low // most, 100 * block.most // most)


def parts(blocks: Iterable[Block], entries: Iterable[TimelineEntry]) -> Iterator[Part]:
    """What a table of contents lists: the blocks with a heading, and for a timeline its entries."""
    for block in blocks:
        if block.kind == Block.Kind.TIMELINE:
            yield from (Part(f"entry-{entry.pk}", entry.local.title, entry.local.language) for entry in entries)
        elif block.is_part:
            yield Part(block.anchor, block.local.heading, block.local.language)


def drawn_on(blocks: Iterable[Block]) -> dict[str, Any]:
    """What blocks show besides their own text. Querysets are lazy: no block of a kind, no query."""
    kinds = {block.kind for block in blocks}
    draw_figures(blocks)
    for place, block in enumerate(blocks, start=1):
        block.anchor = f"part-{place}"
    entries = TimelineEntry.objects.shown() if Block.Kind.TIMELINE in kinds else ()
    return {
        "blocks": blocks,
        "parts": list(parts(blocks, entries)),
        "entries": entries,
        "audiences": Audience.objects.published() if Block.Kind.ACTIONS in kinds else (),
    }
