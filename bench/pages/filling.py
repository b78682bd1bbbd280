"""`python -m bench.within bench.pages.filling PAGES ITEMS`: made-up content."""

import random
import sys
from datetime import timedelta
from itertools import batched

from django.utils import timezone

from pages.models import NewsBlock, NewsItem, Page, PageBlock
from pages.search import indexing

SHELF = 100  # pages below one page
BLOCKS = 5
WORDS = [
    f"{first}{last}"
    for first in ("tra", "lo", "mi", "be", "su", "ka", "no", "ri")
    for last in ("nd", "st", "vel", "ra")
]
RARE = "zyxolith"  # in one item of a thousand


def text(words: int) -> str:
    return " ".join(random.choices(WORDS, k=words))


def body() -> str:
    return f"<p>{text(60)}</p>"


def fill_pages(number: int) -> None:
    for start in range(0, number, SHELF):
        shelf = Page.objects.create(slug=f"shelf-{start}", title=text(3), state="published")
        rows = [
            Page(
                slug=f"page-{n}",
                path=f"{shelf.path}/page-{n}",
                title=text(4),
                lede=text(20),
                parent=shelf,
                state="published",
            )
            for n in range(start + 1, min(start + SHELF, number))
        ]
        Page.objects.bulk_create(rows)
        PageBlock.objects.bulk_create(
            PageBlock(page=row, body=body(), heading=text(3), order=place) for row in rows for place in range(BLOCKS)
        )


def fill_news(number: int) -> None:
    today = timezone.now().date()
    categories = ("press-release", "statement", "article")
    for numbers in batched(range(number), 500):
        rows = [
            NewsItem(
                slug=f"item-{n}", title=f"{text(5)} {RARE if n % 1000 == 7 else ''}", summary=text(30),
                category=categories[n % len(categories)], published_on=today - timedelta(days=n), state="published",
            )
            for n in numbers
        ]  # fmt: skip
        NewsItem.objects.bulk_create(rows)
        NewsBlock.objects.bulk_create(
            NewsBlock(item=row, body=body(), order=place) for row in rows for place in range(BLOCKS)
        )
        for row in rows:
            indexing.index(row)


if __name__ == "__main__":
    random.seed(1)
    fill_pages(int(sys.argv[1]))
    fill_news(int(sys.argv[2]))
