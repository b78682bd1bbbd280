"""The two forms of a letter: about you, and the texts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import get_language, get_language_info, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaign.web import countries
from campaign.web.forms.fields import AddressField, CountryField, CountrySelect
from campaign.web.languages import name_of
from letters.constituency.finders import FINDERS, fields_asked, find
from letters.constituency.outcomes import Found, Given, Outcome, Question, choice_field
from letters.delivery.channel_labels import Way, as_delivery, ways_of
from letters.models import LetterCampaign, Office
from letters.models.message import render
from letters.models.recipients.us_states import ASSOCIATED, MILITARY, PLACES, STATES, TERRITORIES
from letters.models.sender import Sender
from letters.proposals import letter_templates, placeholders
from letters.wizard import body_text, salutation
from letters.wizard.fields import (
    BodyField,
    ConfirmingButton,
    LetterNameField,
    LineField,
    PostalCodeField,
    ZipField,
)

LONGEST_BODY = 10_000
PREFIXES = ("Ms.", "Mr.", "Mrs.", "Miss", "Dr.")  # those that the Senate accepts
MOST_RADIOS = 8
ADDRESS = {"street", "city", "state", "zip", "country"}
SENDER = {field.name for field in fields(Sender)}
PROMPTS = (
    _("Who are you? For example: I am a nurse in Santa Fe and a mother of two."),
    _("Why does this matter to you, or when did you first hear of it?"),
    _("Is there anything that those you write to in particular should know?"),
)


def state_choices() -> list[tuple[Any, Any]]:
    groups: list[tuple[Any, dict[str, Any]]] = [
        (_("States"), STATES),
        (_("District and territories"), TERRITORIES),
        (_("Military mail"), MILITARY),
        (_("Freely associated states"), ASSOCIATED),
    ]
    return [("", _("Choose a state")), *((label, list(places.items())) for label, places in groups)]


def country_choices() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *countries.names(get_language() or "en").items()]


class AboutForm(forms.Form):
    """Who writes, with as much of the address as the finders of the campaign's lists need.

    `outcomes` tells for each list whom this person writes to; a question of a finder is a field that is required.
    """

    first_name = LetterNameField(
        label=_("First name"), max_length=60, error_messages={"required": _("Enter your first name.")}
    )
    last_name = LetterNameField(
        label=_("Last name"), max_length=60, error_messages={"required": _("Enter your last name.")}
    )
    email = AddressField(
        label=_("Email"),
        help_text=_(
            "We send a link to this email address, so that you can confirm your letters. The offices reply to the "
            "same address."
        ),
    )
    street = LineField(
        label=_("Street and number"),
        min_length=3,
        max_length=100,
        error_messages={"required": _("Enter your street and number.")},
    )
    city = LineField(label=_("City"), min_length=2, max_length=60, error_messages={"required": _("Enter your city.")})
    state = forms.ChoiceField(
        label=pgettext_lazy("of the United States", "State"),
        choices=state_choices,
        error_messages={"required": _("Choose your state.")},
    )
    zip = ZipField(label=_("ZIP code"), max_length=20, error_messages={"required": _("Enter your ZIP code.")})
    country = CountryField(label=_("Country"), choices=country_choices, widget=CountrySelect)
    residence = forms.ChoiceField(
        label=_("Where you live"), choices=list(PLACES.items()), required=False, widget=forms.HiddenInput
    )

    autocomplete = {
        "first_name": "given-name",
        "last_name": "family-name",
        "email": "email",
        "street": "address-line1",
        "city": "address-level2",
        "state": "address-level1",
        "zip": "postal-code",
        "country": "country",
    }
    outcomes: Sequence[Outcome] = ()

    def __init__(self, data: QueryDict | None = None, *, campaign: LetterCampaign, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.campaign = campaign
        self.keep_what_is_asked(fields_asked(campaign), (data if data is not None else self.initial).get("country", ""))
        for name, purpose in self.autocomplete.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = purpose
        if data is not None:
            address = self.typed()
            answer = {"residence": address.pop("residence", "")}
            self.ask(one for one in self.find(address) if is_of_residence(one))  # also once it is answered
            self.ask(self.find({**address, **answer, **self.chosen()}))

    def keep_what_is_asked(self, asked: set[str], typed: str) -> None:
        country = typed if countries.is_known(typed) else ""
        for name in ADDRESS - asked:
            del self.fields[name]
        if "state" in asked:
            return
        del self.fields["residence"]
        if "zip" in asked:
            of_lists = {one.country for one in self.campaign.recipient_lists}
            self.ask_as_the_post_does(country if "country" in asked else of_lists.pop() if len(of_lists) == 1 else "")

    def ask_as_the_post_does(self, country: str) -> None:
        """Name and check postal code and town as the writer's country does, once it is known."""
        code = PostalCodeField(country, error_messages={"required": _("Enter your postal code.")})
        rules, town, self.fields["zip"] = code.rules, self.fields["city"], code
        town.label, town.required = rules.town_label, rules.needs_town
        if not rules.has_postal_codes:
            code.widget = forms.HiddenInput()

    def typed(self) -> dict[str, str]:
        """Return what was typed of what finders ask, or nothing where that is not valid."""
        given = {}
        for name in self.fields.keys() & {*ADDRESS, "residence"}:
            with suppress(forms.ValidationError):
                given[name] = self.fields[name].clean(self.data.get(name, ""))
        return given

    def chosen(self) -> dict[str, str]:
        return {name: self.data[name] for name in map(choice_field, self.campaign.recipient_lists) if name in self.data}

    def find(self, given: Given) -> list[Outcome]:
        """Ask the finders, as far as there is what they ask for."""
        known = [one for one in self.campaign.recipient_lists if given.keys() >= {*FINDERS[one.finder].decided_by}]
        return [find(recipients, given) for recipients in known]

    def ask(self, outcomes: Iterable[Outcome]) -> None:
        """Show the fields in which the finders ask what only the person can tell."""
        for question in outcomes:
            if isinstance(question, Question):
                self.fields[question.field] = question_field(question)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            self.outcomes = self.find({**given, **self.chosen()})
        return given

    @property
    def questions(self) -> list[forms.BoundField]:
        """Return the fields that choose among recipients."""
        return [self[name] for name in self.fields if name.startswith("to_")]

    @property
    def found(self) -> list[Found]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, Found)]

    @property
    def sender(self) -> Sender:
        """Return the sender; the form must be valid."""
        residence = next((found.residence for found in self.found if found.residence), "")
        told = {name: value for name, value in self.cleaned_data.items() if name in SENDER}
        return Sender(**{**told, "residence": residence})


def is_of_residence(outcome: Outcome) -> bool:
    return isinstance(outcome, Question) and outcome.field == "residence"


def question_field(question: Question) -> forms.ChoiceField:
    is_short = len(question.options) <= MOST_RADIOS
    widget: Any = forms.RadioSelect if is_short else forms.Select
    if is_of_residence(question) and len(question.options) == 1:
        (state, name), *_others = question.options
        widget = ConfirmingButton(state, _("It is right, and I live in %(state)s") % {"state": name})
    return forms.ChoiceField(
        label=question.label,
        choices=question.options if is_short else [("", _("Choose one")), *question.options],
        widget=widget,
        error_messages={"required": question.text, "invalid_choice": question.text},
    )


class TextsForm(forms.Form):
    """One editable text for each office, a subject for each language, and three prompts for a personal reason."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        campaign: LetterCampaign,
        offices: Sequence[Office],
        sender: Sender,
        variation: int = 0,
    ) -> None:
        self.proposed = letter_templates.bodies(campaign, offices, sender, variation=variation)
        self.template = letter_templates.templates(campaign)
        self.names = (sender.full_name, sender.first_name, sender.last_name)
        self.source = campaign.language
        self.languages = {office: campaign.letter_language(office.reads) for office in offices}
        self.read_along = letter_templates.read_along(
            campaign, offices, sender, get_language() or "en", variation=variation
        )
        by_office = {office: letter_templates.subject(campaign, office, sender) for office in offices}
        subjects = {self.subject_for(office): by_office[office] for office in reversed(offices)}
        self.ways = self.ways_by_office(campaign, by_office, replace(sender, prefix=PREFIXES[0]))
        super().__init__(data, initial=subjects | self.named(self.proposed))
        for office in offices:
            if (name := self.subject_for(office)) not in self.fields:
                self.fields[name] = subject_field(self.languages[office], is_only=len(subjects) == 1)
        for number, prompt in enumerate(PROMPTS, start=1):
            self.fields[f"reason_{number}"] = own_reason_field(prompt, self.languages[offices[0]])
        if strict := [office.name for office, way in self.ways.items() if way.needs_prefix]:
            self.fields["prefix"] = prefix_field(strict)
        offers_same = len(offices) > 1 and self.is_english  # salutations of other languages are not known
        is_same = offers_same and bool(data and data.get("is_same"))
        for office in offices:
            is_used = not is_same or office == offices[0]
            self.fields[name_for(office)] = body_field(office, self.languages[office], is_used=is_used)
        if offers_same:
            self.fields["is_same"] = same_field(offices[0])

    def subject_for(self, office: Office) -> str:
        """Return the name of the field of its subject: the same for all whose letters are in one language."""
        language = self.languages[office]
        return "subject" if language == self.source else f"subject_{language}"

    @property
    def subjects(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("subject")]

    @property
    def is_english(self) -> bool:
        return {*self.languages.values()} == {"en"}

    def ways_by_office(
        self, campaign: LetterCampaign, subjects: Mapping[Office, str], sender: Sender
    ) -> dict[Office, Way]:
        """Return how each letter goes, as far as it is known before it is written; a title can still be asked for."""
        written = [
            as_delivery(campaign, office, render(subjects[office], body, sender, self.languages[office]), sender)
            for office, body in self.proposed.items()
        ]
        return dict(zip(self.proposed, ways_of(written), strict=True))

    def named(self, texts: Mapping[Office, str]) -> dict[str, str]:
        return {name_for(office): text for office, text in texts.items()}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        used = [name for name in map(name_for, self.proposed) if self.fields[name].required]
        for name in [*(field.name for field in self.subjects), *used]:
            for leftover in placeholders.left_in(given.get(name, ""), self.template):
                self.add_error(name, forms.ValidationError(leftover_message(leftover), code="placeholder"))
        if not self.errors:
            for name, fault in [*self.unsent_words(), *self.other_names(), *self.too_long()]:
                self.add_error(name, fault)
        return given

    @property
    def is_same(self) -> bool:
        """Return whether the first text goes to both offices; the form must be valid."""
        return bool(self.cleaned_data.get("is_same"))

    def unsent_words(self) -> Iterator[tuple[str, forms.ValidationError]]:
        """Yield an error for own words to the second senator, which would be lost if the first letter goes to both."""
        for office, body, _is_own in list(self.bodies())[1:] if self.is_same else []:
            if self.cleaned_data[name_for(office)] not in {"", body_text.clean_body(self.proposed[office]), body}:
                yield "is_same", forms.ValidationError(unsent_message(office), code="unsent")

    def other_names(self) -> Iterator[tuple[str, forms.ValidationError]]:
        """Yield an error for each letter that greets the other senator in place of its own."""
        for office, body, _is_own in self.bodies():
            for other in self.proposed:
                if other != office and salutation.miscalled(body, office, other):
                    yield name_for(office), forms.ValidationError(called_message(office, other), code="name")

    def too_long(self) -> Iterator[tuple[str, forms.ValidationError]]:
        """Yield an error for each letter that is too long once the personal reasons are in it."""
        for office, body, _is_own in self.bodies():
            try:
                MaxLengthValidator(LONGEST_BODY)(body)
            except forms.ValidationError as error:
                yield name_for(office), error

    def show_proposals_for_copies(self) -> None:
        """Show the proposal instead of a mere copy, since one text for both comes back from the preview as two."""
        (first, *others) = self.proposed
        body = body_text.clean_body(self.initial[name_for(first)])
        for office in others if self.initial.get("is_same") else []:
            if body_text.clean_body(self.initial[name_for(office)]) == salutation.readdressed(body, first, office):
                self.initial[name_for(office)] = self.proposed[office]

    def cards(self) -> Iterator[tuple[Office, forms.BoundField, str, letter_templates.Along | None]]:
        """Yield each office, its field, how letters reach it, and what is proposed in the writer's own language."""
        return (
            (office, self[name_for(office)], way.words, self.read_along.get(office))
            for office, way in self.ways.items()
        )

    def bodies(self) -> Iterator[tuple[Office, str, bool]]:
        """Yield each office, its text with the personal reasons in it, and whether any of it is the person's own."""
        reasons = [self.cleaned_data[f"reason_{number}"] for number in range(1, len(PROMPTS) + 1)]
        first = next(iter(self.proposed))
        for office, proposed in self.proposed.items():
            is_copy = self.is_same and office != first
            typed = body_text.without_closing(self.cleaned_data[name_for(first if is_copy else office)], self.names)
            body = body_text.with_reasons(typed, reasons)
            if is_copy:
                body = salutation.readdressed(body, first, office)
            yield office, body, body != body_text.without_closing(body_text.clean_body(proposed), self.names)


def name_for(office: Office) -> str:
    """Return the name of the field for this office's text, independent of the other offices."""
    return f"text_{office.directory_id}"


def subject_field(language: str, *, is_only: bool) -> LineField:
    label = _("Subject") if is_only else _("Subject (%(language)s)") % {"language": name_of(language)}
    return LineField(
        label=label,
        min_length=6,
        max_length=150,
        widget=forms.TextInput(attrs=in_language(language)),
        error_messages={"required": _("Enter a subject.")},
    )


def in_language(language: str) -> dict[str, str]:
    """Return the attributes of a field in which this language is written, whatever that of the page."""
    return {"lang": language, "dir": "rtl" if get_language_info(language)["bidi"] else "ltr"}


def body_field(office: Office, language: str, *, is_used: bool) -> BodyField:
    """Build the field for one letter; `is_used` is False if the other letter goes to both offices."""
    return BodyField(
        label=_("Your letter to %(name)s") % {"name": office.name},
        required=is_used,
        min_length=20 if is_used else None,
        max_length=LONGEST_BODY,
        error_messages={"required": _("Write your letter to %(name)s.") % {"name": office.name}},
        widget=forms.Textarea(attrs={**in_language(language), "rows": 16, "spellcheck": "true"}),
    )


def own_reason_field(prompt: Any, language: str) -> BodyField:
    widget = forms.TextInput(attrs=in_language(language))
    return BodyField(label=prompt, required=False, max_length=400, widget=widget)


def same_field(first: Office) -> forms.BooleanField:
    label = _("Use the letter to %(name)s for all of them, changing only the name") % {"name": first.name}
    return forms.BooleanField(label=label, required=False)


def prefix_field(names: Sequence[str]) -> forms.ChoiceField:
    told = names[0]
    if len(names) > 1:
        told = gettext("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}
    return forms.ChoiceField(
        label=_("Your title"),
        help_text=_("The office's system does not accept letters to %(names)s without a title.") % {"names": told},
        choices=[("", _("Choose one")), *((prefix, prefix) for prefix in PREFIXES)],
        error_messages={"required": _("Choose your title.")},
    )


def unsent_message(office: Office) -> Any:
    text = _(
        "You have also changed the letter to %(name)s, and those changes would not be sent. Clear "
        "that letter, or untick this box."
    )
    return text % {"name": office.name}


def called_message(office: Office, other: Office) -> Any:
    text = _("The letter to %(name)s would say “%(other)s”. Correct that, or write two different letters.")
    return text % {"name": office.name, "other": other.last_name}


def leftover_message(leftover: str) -> Any:
    return _("Replace “%(text)s” with your own words, or delete it.") % {"text": leftover}
