"""A text browser in a few lines: reads the forms of a page and sends them as a person would; no scripts, no cookies."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


@dataclass
class Form:
    action: str
    values: dict[str, str] = field(default_factory=dict)


class FormReader(HTMLParser):
    """`forms`: every form that posts, with the values it would send; texts of areas included."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.current: Form | None = None
        self.area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.current = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
        elif self.current and tag == "input" and given.get("type") not in {"submit", "checkbox", "radio"}:
            self.current.values[given.get("name", "")] = given.get("value", "")
        elif self.current and tag == "textarea":
            self.area = given.get("name", "")
            self.current.values[self.area] = ""

    def handle_data(self, data: str) -> None:
        if self.current and self.area:
            self.current.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "form" and self.current:
            self.forms.append(self.current)
            self.current = None


def form_with(page: httpx.Response, name: str) -> Form:
    """The form of `page` that has a field of this name, or "" for the first that has no visible text to fill in."""
    reader = FormReader()
    reader.feed(page.text)
    return next(form for form in reader.forms if name in form.values or (not name and "email" not in form.values))


def send(http: httpx.Client, page: httpx.Response, name: str, **changes: str) -> httpx.Response:
    """Fill in and send the form of `page` that has the field `name`; follows redirects."""
    form = form_with(page, name)
    return http.post(urljoin(str(page.url), form.action), data={**form.values, **changes}, follow_redirects=True)
