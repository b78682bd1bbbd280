"""Following the pages of a letter as a browser without scripts would: by the forms they hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from tests.letters.factories import FORM


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)  # where its other buttons lead


class Forms(HTMLParser):
    """The posting forms of a page, with what their fields hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = self.textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.open = Form(given.get("action", ""))
            self.forms.append(self.open)
        if self.open is None:
            return
        if (
            tag == "input"
            and given.get("name")
            and (given.get("type") not in {"radio", "checkbox"} or "checked" in given)
        ):
            self.open.fields[given["name"]] = given.get("value", "")
        if tag == "select":
            self.select = given["name"]
        if tag == "option" and "selected" in given:
            self.open.fields[self.select] = given["value"]
        if tag == "textarea" and "name" in given:
            self.textarea = given["name"]
            self.open.fields[self.textarea] = ""
        if tag == "button" and "formaction" in given:
            self.open.elsewhere.append(given["formaction"])

    def handle_data(self, data: str) -> None:
        if self.textarea and self.open:
            self.open.fields[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea and self.open:
            self.open.fields[self.textarea] = self.open.fields[self.textarea].removeprefix("\n")
            self.textarea = ""
        if tag == "form":
            self.open = None


def form_of(response: Any, part: str) -> Form:
    """The form of the page whose action holds `part`."""
    html = response.content.decode()
    return next(form for form in Forms(html).forms if part in form.action)


def press(client: Any, form: Form, **changes: str) -> Any:
    """Return the page that the post leads to; the redirect itself if it leads on to another one than was posted to."""
    answer = client.post(form.action, {**form.fields, **changes})
    return client.get(answer["Location"]) if "?typed=" in answer.get("Location", "") else answer


def write(client: Client, **about: str) -> Any:
    """The page of the second step."""
    return press(client, form_of(client.get("/letters/support/"), "letters"), **{**FORM, **about})


def preview(client: Client, **texts: str) -> Any:
    return press(client, form_of(write(client), "preview"), **texts)


def send(client: Client, **texts: str) -> Any:
    return press(client, form_of(preview(client, **texts), "submit"))
