"""What somebody has typed so far of their letters.

The page itself carries all of it from step to step, so that nothing is lost when a session ends, the server restarts or
the person goes a step back. Every step checks all of it again.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from django.http import QueryDict

from letters.constituency.residence import NoSenators, Resident
from letters.models import LetterCampaign, Office
from letters.models.message import render, seal
from letters.models.sender import Sender
from letters.submission.workflow import WrittenLetter
from letters.wizard.forms import AboutForm, TextsForm

ABOUT = frozenset(AboutForm.base_fields)
TEXT_FIELDS = re.compile(r"subject|prefix|is_same|reason_[1-3]|text_[A-Z]\d{6}", re.ASCII)
MOST_CARRIED = 30


class Draft:
    def __init__(self, campaign: LetterCampaign, typed: QueryDict) -> None:
        self.campaign = campaign
        self.typed = typed
        self.about = AboutForm(typed)

    @cached_property
    def offices(self) -> list[Office]:
        """Return the offices this person writes to: two, or one if a seat is vacant; none if that is not known yet."""
        is_resident = self.about.is_valid() and isinstance(self.about.outcome, Resident)
        return list(Office.objects.of_state(self.about.sender.residence)) if is_resident else []

    @property
    def no_senators(self) -> NoSenators | None:
        return self.about.outcome if isinstance(self.about.outcome, NoSenators) else None

    @cached_property
    def texts(self) -> TextsForm:
        """Return the texts as they were typed, validated."""
        return self.texts_form(self.typed)

    @cached_property
    def texts_to_edit(self) -> TextsForm:
        """Return the same form, not validated, with the campaign's proposal where nothing was typed."""
        form = self.texts_form(None)
        form.initial = {**form.initial, **{name: value for name, value in self.carried() if name in form.fields}}
        form.show_proposals_for_copies()
        return form

    def texts_form(self, data: QueryDict | None) -> TextsForm:
        return TextsForm(data, campaign=self.campaign, offices=self.offices, sender=self.about.sender)

    @property
    def sender(self) -> Sender:
        """Return the sender; both forms must be valid."""
        return replace(self.about.sender, prefix=self.texts.cleaned_data.get("prefix", ""))

    @cached_property
    def letters(self) -> list[WrittenLetter]:
        """Return exactly what is to be sent; both forms must be valid."""
        subject, sender = self.texts.cleaned_data["subject"], self.sender
        return [
            WrittenLetter(office, render(subject, body, sender), edited) for office, body, edited in self.texts.bodies()
        ]

    @property
    def seal(self) -> str:
        return seal(letter.message.sha256 for letter in self.letters)

    def carried(self) -> list[tuple[str, str]]:
        """Return everything typed that belongs to a letter, as fields of the next page."""
        known = [(name, value) for name, value in self.typed.items() if name in ABOUT or TEXT_FIELDS.fullmatch(name)]
        return [(name, str(value)) for name, value in known[:MOST_CARRIED]]

    def carried_beside(self, *forms: AboutForm | TextsForm) -> list[tuple[str, str]]:
        """Return the carried fields that are not fields of the page's own forms."""
        shown = {name for form in forms for name in form.fields}
        return [(name, value) for name, value in self.carried() if name not in shown]

    def sealed(self) -> Iterator[tuple[str, str]]:
        """Yield the fields of the last submit: the person, and the texts as the preview shows them."""
        yield from ((name, value) for name, value in self.carried() if name in ABOUT)
        yield from ((name, value) for name, value in [("prefix", self.sender.prefix)] if value)
        yield "subject", self.texts.cleaned_data["subject"]
        yield from [("is_same", "on")] * self.texts.is_same
        yield from ((f"text_{letter.office.bioguide}", letter.message.body) for letter in self.letters)
        yield "seal", self.seal
