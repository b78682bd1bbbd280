"""What somebody has typed so far. It travels whole from step to step in the page itself, so a lost session, a
restarted server or a step back loses nothing; every step checks all of it anew."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from django.http import QueryDict

from letters.forms import AboutForm, TextsForm
from letters.lookup import NoSenators, Resident
from letters.models import LetterCampaign, Office
from letters.rendering import render, seal
from letters.senders import Sender
from letters.writing import Written

ABOUT = frozenset(AboutForm.base_fields)
TEXTS = re.compile(r"subject|prefix|is_same|reason_[1-3]|text_[A-Z]\d{6}", re.ASCII)
MOST_CARRIED = 30


class Draft:
    def __init__(self, campaign: LetterCampaign, typed: QueryDict) -> None:
        self.campaign = campaign
        self.typed = typed
        self.about = AboutForm(typed)

    @cached_property
    def offices(self) -> list[Office]:
        """Whom this person writes to: two, or one where a seat is vacant; none if it cannot be told yet."""
        is_resident = self.about.is_valid() and isinstance(self.about.outcome, Resident)
        return list(Office.objects.of_state(self.about.sender.residence)) if is_resident else []

    @property
    def no_senators(self) -> NoSenators | None:
        return self.about.outcome if isinstance(self.about.outcome, NoSenators) else None

    @cached_property
    def texts(self) -> TextsForm:
        """The texts as they were typed, checked."""
        return self.texts_form(self.typed)

    @cached_property
    def texts_to_edit(self) -> TextsForm:
        """The same, unchecked and with the campaign's proposal where nothing was typed."""
        form = self.texts_form(None)
        form.initial = {**form.initial, **{name: value for name, value in self.carried() if name in form.fields}}
        return form

    def texts_form(self, data: QueryDict | None) -> TextsForm:
        return TextsForm(data, campaign=self.campaign, offices=self.offices, sender=self.about.sender)

    @property
    def sender(self) -> Sender:
        """Of valid forms."""
        return replace(self.about.sender, prefix=self.texts.cleaned_data.get("prefix", ""))

    @cached_property
    def letters(self) -> list[Written]:
        """Of valid forms: exactly what is to be sent."""
        subject, sender = self.texts.cleaned_data["subject"], self.sender
        return [Written(office, render(subject, body, sender), edited) for office, body, edited in self.texts.bodies()]

    @property
    def seal(self) -> str:
        return seal(letter.message.sha256 for letter in self.letters)

    def carried(self) -> list[tuple[str, str]]:
        """Everything typed that belongs to a letter, as fields of the next page."""
        known = [(name, value) for name, value in self.typed.items() if name in ABOUT or TEXTS.fullmatch(name)]
        return [(name, str(value)) for name, value in known[:MOST_CARRIED]]

    def carried_beside(self, *forms: AboutForm | TextsForm) -> list[tuple[str, str]]:
        """What the page's own fields do not hold."""
        shown = {name for form in forms for name in form.fields}
        return [(name, value) for name, value in self.carried() if name not in shown]

    def sealed(self) -> Iterator[tuple[str, str]]:
        """The fields of the last submit: the person, and the texts as the preview shows them."""
        yield from ((name, value) for name, value in self.carried() if name in ABOUT)
        yield from ((name, value) for name, value in [("prefix", self.sender.prefix)] if value)
        yield "subject", self.texts.cleaned_data["subject"]
        yield from ((f"text_{letter.office.bioguide}", letter.message.body) for letter in self.letters)
        yield "seal", self.seal
