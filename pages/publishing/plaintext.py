"""Prepare formatted text for mails: as plain text, or with links that work outside the site."""

import re
from html.parser import HTMLParser

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

BREAKS = {
    "p": "\n\n",
    "h2": "\n\n",
    "h3": "\n\n",
    "ul": "\n",
    "ol": "\n",
    "blockquote": "\n\n",
    "li": "\n- ",
    "br": "\n",
}


def absolute_links(html: str) -> SafeString:
    """Return `html`, which must be clean already, with the site's name in front of links within the site."""
    return mark_safe(re.sub(r'href="/(?!/)', f'href="{settings.SITE_URL}/', html))  # noqa: S308  # adds our own address


def html_to_text(html: str) -> str:
    """Return the text of `html`, each link followed by its address.

    >>> html_to_text('<h2>News</h2><p>Read <a href="https://example.org/">this</a>.</p>')
    'News\\n\\nRead this <https://example.org/>.'
    """
    reader = Reader()
    reader.feed(html)
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(BREAKS.get(tag, ""))
        if tag == "a":
            self.link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            self.parts.append(f" <{self.link}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))
