"""A petition's plain text: an empty line begins a paragraph, and in HTML numbered paragraphs become a list."""

import re
from itertools import groupby

from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString

NUMBER = re.compile(r"\d{1,2}\.\s+")
EMPTY_LINE = re.compile(r"\n\s*\n")


def split(text: str) -> list[str]:
    """Return the paragraphs; lines may end as browsers send them."""
    return EMPTY_LINE.split(text.replace("\r\n", "\n").strip())


def on_one_line(text: str) -> list[str]:
    """Return each paragraph without line ends, for paper."""
    return [" ".join(paragraph.split()) for paragraph in split(text)]


def as_html(text: str) -> SafeString:
    runs = groupby(split(text), key=lambda paragraph: bool(NUMBER.match(paragraph)))
    return format_html_join("\n", "{}", ([run_as_html(list(run), is_list)] for is_list, run in runs))


def run_as_html(paragraphs: list[str], is_list: bool) -> SafeString:
    if not is_list:
        return SafeString(linebreaks("\n\n".join(paragraphs), autoescape=True))
    items = format_html_join("", "<li>{}</li>", ([NUMBER.sub("", item, count=1)] for item in paragraphs))
    return format_html("<ol>{}</ol>", items)
