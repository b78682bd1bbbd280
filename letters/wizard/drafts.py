"""What somebody has typed so far of their letters.

The page itself carries all of it from step to step, so that nothing is lost when a session ends, the server restarts or
the person goes a step back. Every step checks all of it again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict

from campaign.web.forms.fields import CountrySelect
from letters.constituency.outcomes import Nobody, choice_field
from letters.delivery.channel_labels import as_delivery, ways_of
from letters.models import LetterCampaign, Office
from letters.models.message import render, seal
from letters.models.sender import Sender
from letters.proposals import letter_templates
from letters.submission.workflow import WrittenLetter
from letters.wizard import body_text, salutation
from letters.wizard.forms import AboutForm, TextsForm, name_for

ABOUT = frozenset(AboutForm.base_fields)
CHOSEN = re.compile(r"to_[A-Za-z0-9_-]{1,50}", re.ASCII)
TEXT_FIELDS = re.compile(
    r"subject(?:_[a-z-]{2,10})?|prefix|variation|is_same|reason_[1-3]|text_[A-Za-z0-9-]{1,80}", re.ASCII
)
MOST_CARRIED = 30  # of fields other than texts, of which there is one for each office


@dataclass(frozen=True)
class SeatChange:
    """A senator to whom something was written has left office. `successor`: None if nobody is known to sit there."""

    former: Office
    successor: Office | None
    text: str


def is_about(name: str) -> bool:
    """Return whether a field belongs to the first step."""
    return name in ABOUT or bool(CHOSEN.fullmatch(name))


def with_country(typed: QueryDict) -> QueryDict:
    """Return what was typed, with the country in its own field where only words for it have come."""
    country = CountrySelect().value_from_datadict(typed, {}, "country")
    if country == typed.get("country", ""):
        return typed
    known = typed.copy()
    known["country"] = country
    return known


class Draft:
    def __init__(self, campaign: LetterCampaign, typed: QueryDict | None) -> None:
        self.campaign = campaign
        self.typed = with_country(typed or QueryDict())
        self.about = AboutForm(self.typed, campaign=campaign)

    @cached_property
    def offices(self) -> list[Office]:
        """Return the offices this person writes to, list by list; none if that is not known yet."""
        is_known = self.about.is_valid()
        return [office for found in self.about.found for office in found.offices] if is_known else []

    @property
    def country(self) -> str:
        """Return where the writer lives, as far as it is known; the first form must be valid."""
        of_lists = {one.country for one in self.campaign.recipient_lists}
        return self.about.sender.lives_in or (of_lists.pop() if len(of_lists) == 1 else "")

    @property
    def nobody(self) -> Nobody | None:
        """Return why there is nobody to write to, if a finder says so."""
        return next((outcome for outcome in self.about.outcomes if isinstance(outcome, Nobody)), None)

    @property
    def notes(self) -> list[tuple[Any, str, str]]:
        """Return what is to be known of those who were found: words; field and value that ask for another."""
        return [
            (found.note, choice_field(found.recipients), found.ask_again)
            for found in self.about.found
            if found.note or found.ask_again
        ]

    @cached_property
    def stray_texts(self) -> dict[str, str]:
        """Return, by the senator's id, the texts that are to none of the offices, as after a change in a seat."""
        here = {name_for(office) for office in self.offices}
        strays = [name for name, _value in self.carried() if name.startswith("text_") and name not in here]
        return {name.removeprefix("text_"): str(self.typed[name]) for name in strays} if here else {}

    @cached_property
    def known_strays(self) -> list[Office]:
        return list(Office.objects.filter(directory_id__in=self.stray_texts)) if self.stray_texts else []

    @cached_property
    def seat_changes(self) -> list[SeatChange]:
        """Return what was written to those of this person's areas who have left office since."""
        areas = {(found.recipients.slug, found.area) for found in self.about.found}
        left = [one for one in self.known_strays if not one.is_current and (one.recipient_list_id, one.area) in areas]
        return [SeatChange(one, one.holder, self.stray_texts[one.directory_id]) for one in left]

    @cached_property
    def words(self) -> QueryDict:
        """Return what was typed, with what was written to those who left addressed to their successors."""
        words = self.typed.copy()
        for change in self.seat_changes:
            del words[name_for(change.former)]
            if change.successor and name_for(change.successor) not in words and self.is_own(change):
                text = salutation.readdressed(change.text, change.former, change.successor)
                words[name_for(change.successor)] = text
        unknown = self.stray_texts.keys() - {office.directory_id for office in self.known_strays}
        unwritten = [office for office in self.offices if name_for(office) not in words]
        if len(unknown) == len(unwritten) == 1:  # an import has given a new senator the id that they lacked
            (words[name_for(unwritten[0])],) = words.pop(f"text_{unknown.pop()}")
        return words

    def is_own(self, change: SeatChange) -> bool:
        """Return whether the text is not just the one proposed for the former senator, such as thanks."""
        return body_text.clean_body(change.text) != self.proposal(change.former, self.variation)

    def proposal(self, office: Office, variation: int) -> str:
        sender = self.about.sender
        return body_text.clean_body(
            letter_templates.bodies(self.campaign, [office], sender, variation=variation)[office]
        )

    @cached_property
    def texts(self) -> TextsForm:
        """Return the texts as they were typed, validated."""
        return self.texts_form(self.words)

    @cached_property
    def texts_to_edit(self) -> TextsForm:
        """Return the same form, not validated, with the campaign's proposal where nothing was typed."""
        form = self.texts_form(None)
        words = {name: str(value) for name, value in self.words.items() if name in form.fields}
        for office in self.offices if self.variation else []:  # of another choice of paragraphs, unless words are own
            if body_text.clean_body(words.get(name_for(office), "")) == self.proposal(office, self.variation - 1):
                words.pop(name_for(office), None)
        form.initial = {**form.initial, **words}
        form.show_proposals_for_copies()
        return form

    def texts_form(self, data: QueryDict | None) -> TextsForm:
        return TextsForm(
            data, campaign=self.campaign, offices=self.offices, sender=self.about.sender, variation=self.variation
        )

    @property
    def variation(self) -> int:
        """Return which choice of the campaign's paragraphs is proposed: the first, or one asked for since."""
        typed = self.typed.get("variation", "")
        return int(typed) if re.fullmatch(r"\d{1,3}", typed, re.ASCII) else 0

    @property
    def next_variation(self) -> int | None:
        """Return the number of another choice; None if there are no paragraphs to choose from."""
        return (self.variation + 1) % 1000 if letter_templates.have_paragraphs(self.campaign, self.offices) else None

    @property
    def sender(self) -> Sender:
        """Return the sender; both forms must be valid."""
        return replace(self.about.sender, prefix=self.texts.cleaned_data.get("prefix", ""))

    @cached_property
    def letters(self) -> list[WrittenLetter]:
        """Return exactly what is to be sent; both forms must be valid."""
        texts, sender = self.texts, self.sender
        return [
            WrittenLetter(
                office,
                render(texts.cleaned_data[texts.subject_for(office)], body, sender, texts.languages[office]),
                edited,
            )
            for office, body, edited in texts.bodies()
        ]

    @property
    def shown(self) -> list[tuple[WrittenLetter, Any, letter_templates.Along | None]]:
        """Return each letter, how it goes, and our text in the writer's language if it has another."""
        sender = self.sender
        written = [as_delivery(self.campaign, one.office, one.message, sender) for one in self.letters]
        along = self.texts.read_along
        return [
            (letter, way.words, along.get(letter.office))
            for letter, way in zip(self.letters, ways_of(written), strict=True)
        ]

    @property
    def seal(self) -> str:
        return seal(letter.message.sha256 for letter in self.letters)

    def carried(self) -> list[tuple[str, str]]:
        """Return everything typed that belongs to a letter, as fields of the next page."""
        known = [name for name in self.typed if is_about(name) or TEXT_FIELDS.fullmatch(name)]
        texts = [name for name in known if name.startswith("text_")]
        others = [name for name in known if not name.startswith("text_")]
        kept = others[:MOST_CARRIED] + texts[: self.most_texts if len(texts) > MOST_CARRIED else None]
        return [(name, str(self.typed[name])) for name in kept]

    @cached_property
    def most_texts(self) -> int:
        """Return how many offices the campaign's lists have; of those who left office a text may still be there."""
        return Office.objects.filter(recipient_list__in=self.campaign.recipient_lists).count()

    def carried_beside(self, *forms: AboutForm | TextsForm) -> list[tuple[str, str]]:
        """Return the carried fields that are not fields of the page's own forms."""
        shown = {name for form in forms for name in form.fields}
        if any(isinstance(form, TextsForm) for form in forms):
            shown |= self.typed.keys() - self.words.keys()
        return [(name, value) for name, value in self.carried() if name not in shown]

    def sealed(self) -> Iterator[tuple[str, str]]:
        """Yield the fields of the last submit: the person, and the texts as the preview shows them."""
        yield from ((name, value) for name, value in self.carried() if is_about(name))
        yield from ((name, value) for name, value in [("prefix", self.sender.prefix)] if value)
        yield from [("variation", str(self.variation))] * bool(self.variation)
        yield from ((field.name, self.texts.cleaned_data[field.name]) for field in self.texts.subjects)
        yield from [("is_same", "on")] * self.texts.is_same
        yield from ((f"text_{letter.office.directory_id}", letter.message.body) for letter in self.letters)
        yield "seal", self.seal
