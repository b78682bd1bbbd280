"""A petition's plain text as HTML: an empty line begins a paragraph; paragraphs that begin with a number are a list."""

import re
from itertools import groupby

from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString

NUMBER = re.compile(r"\d{1,2}\.\s+")
EMPTY_LINE = re.compile(r"\n\s*\n")


def as_html(text: str) -> SafeString:
    paragraphs = EMPTY_LINE.split(text.replace("\r\n", "\n").strip())
    runs = groupby(paragraphs, key=lambda paragraph: bool(NUMBER.match(paragraph)))
    return format_html_join("\n", "{}", ([run_as_html(list(run), is_list)] for is_list, run in runs))


def run_as_html(paragraphs: list[str], is_list: bool) -> SafeString:
    if not is_list:
        return SafeString(linebreaks("\n\n".join(paragraphs), autoescape=True))
    items = format_html_join("", "<li>{}</li>", ([NUMBER.sub("", item, count=1)] for item in paragraphs))
    return format_html("<ol>{}</ol>", items)
