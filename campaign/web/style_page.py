"""Every component of the site on one page, at /style/ while DEBUG is on."""

from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from campaign.web.statistics.disclosure_control import Day

COLOURS = ("ground", "raised", "sunken", "ink", "soft", "edge", "hair", "accent", "candle", "good", "warning", "error")
SIZES = ("step-4", "step-3", "step-2", "step-1", "step-0", "step--1")
COUNTED_AT = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
ENTRIES = [
    {
        "pk": 1,
        "happened_on": date(2006, 7, 6),
        "shown_date": "July 2006",
        "source_url": "#main",
        "local": {
            "title": "Independent report",
            "who": "David Kilgour, David Matas",
            "source": "The report, 140 pages",
        },
    },
    {
        "pk": 2,
        "happened_on": date(2020, 3, 1),
        "shown_date": "1 March 2020",
        "local": {"title": "Final judgment", "who": "China Tribunal", "source": "Judgment, 562 pages"},
    },
]
DAYS = [Day(date(2026, 11, 19), 180), Day(date(2026, 11, 20), 420), Day(date(2026, 11, 21), 310)]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Full name", max_length=255)
    email = forms.EmailField(label="E-mail address", help_text="To confirm the signature. It is shown to nobody.")
    country = forms.ChoiceField(label="Country", choices=[("", "Choose …"), ("DE", "Germany"), ("US", "United States")])
    reason = forms.CharField(label="A personal reason", widget=forms.Textarea, required=False)
    who = forms.ChoiceField(
        label="Who are you?", choices=[("a", "A doctor"), ("b", "A journalist")], widget=forms.RadioSelect
    )
    updates = forms.BooleanField(
        label="Send me news of this petition", help_text="At most two mails a month.", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset("About you", Row("name", "email"), "country"),
            "reason",
            "who",
            "updates",
            Submit("send", "Sign the petition"),
        )


def style(request: HttpRequest) -> HttpResponse:
    refused = SampleForm({"email": "anna@gmial"}, auto_id="refused_%s")
    context = {"colours": COLOURS, "sizes": SIZES, "counted_at": COUNTED_AT, "days": DAYS, "entries": ENTRIES}
    return render(request, "style.html", context | {"form": SampleForm(), "refused": refused})


urlpatterns = [path("", style, name="style")]
