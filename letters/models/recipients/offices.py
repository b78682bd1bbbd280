"""Offices: whom letters go to, and how they can be reached."""

import secrets
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils.translation import get_language

from campaign.database import clock
from campaign.translation import for_staff_lazy
from campaign.web import countries
from letters.models.recipients.recipient_lists import (
    LANGUAGE_CODE,
    US_SENATE,
    FinderName,
    RecipientList,
    validate_names_a_person,
)
from letters.models.recipients.us_states import PARTIES, STATES, name_of

PROVISIONAL = "new"  # how ids begin that the directory of Congress has not given
ENDING_SOON = timedelta(days=45)
OFFICE_ORDER = ("recipient_list", "area", "seat", "last_name", "pk")
RETURNED_LATELY = timedelta(days=7)
LONGEST_REASON = 300
HTTPS = URLValidator(schemes=["https"], message=for_staff_lazy("Enter an address that begins with https://."))


class ChannelName(models.TextChoices):
    """The channels, in the order in which they are tried unless staff set another."""

    SENATE_API = "senate_api", for_staff_lazy("Senate API")
    HOUSE_API = "house_api", for_staff_lazy("House API")
    EMAIL = "email", for_staff_lazy("e-mail")
    CONTACT_FORM = "contact_form", for_staff_lazy("contact form, by the constituent")
    PRINT = "print", for_staff_lazy("print and post")
    SANDBOX = "sandbox", for_staff_lazy("sandbox (rehearsal: nothing is sent)")


class TermsEnding(NamedTuple):
    """Terms that end soon."""

    number: int
    first_day: date


class OfficeQuerySet(models.QuerySet["Office"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def on_list(self, recipients: RecipientList) -> Self:
        return self.current().filter(recipient_list=recipients)

    def in_area(self, recipients: RecipientList, area: str) -> Self:
        return self.on_list(recipients).filter(area=area)

    def in_region(self, recipients: RecipientList, region: str) -> Self:
        """Return those whose areas are in a state or country."""
        return self.on_list(recipients).filter(area__startswith=f"{region}-")

    def of_state(self, state: str) -> Self:
        """Return the senators of a state."""
        return self.current().filter(recipient_list=US_SENATE, area=state)

    def former(self) -> Self:
        return self.filter(is_current=False)

    def of_seat(self, recipients: str, area: str, seat: int | None) -> Self:
        """Return whoever holds this seat or has held it; nobody if seats are not told apart."""
        return self.filter(recipient_list=recipients, area=area, seat=seat) if seat is not None else self.none()

    def with_mail_returned(self) -> Self:
        """Return those in office whose mail came back lately, or has come back for good."""
        lately = Q(email_returned_at__gt=clock.now() - RETURNED_LATELY)
        return self.current().filter(lately | Q(is_email_stopped=True, email_returned_at__isnull=False))

    def term_over(self, on: date | None = None) -> Self:
        """Return offices whose term has ended although they are still marked as current: for staff to look into."""
        return self.current().filter(term_ends_on__lt=on or clock.now().date())

    def in_term(self) -> Self:
        """Return offices of a list that is current; of single ones the dashboard tells that their term is over."""
        return self.current().filter(term_ends_on__gte=clock.now().date())

    def term_ending(self) -> Self:
        """Return offices whose term ends soon."""
        today = clock.now().date()
        return self.current().filter(term_ends_on__gte=today, term_ends_on__lte=today + ENDING_SOON)

    def next_ending(self) -> "TermsEnding | None":
        """Return how many terms end soon, and the first day; None if none does."""
        found = self.term_ending().aggregate(number=Count("pk"), first_day=Min("term_ends_on"))
        return TermsEnding(**found) if found["number"] else None


class OfficeManager(models.Manager["Office"]):
    def get_queryset(self) -> OfficeQuerySet:
        """With the list, by which each is addressed."""
        return OfficeQuerySet(self.model, using=self._db).select_related("recipient_list")


class Office(models.Model):
    """The office of one recipient. A successor gets another row; the old one stays with the letters it received.

    A seat is one of an area, such as a senator's class; None where an area's seats are not told apart, and nobody has a
    successor.
    """

    # The default is for the release before, which knows senators alone.
    recipient_list: models.ForeignKey[Any, RecipientList] = models.ForeignKey(
        RecipientList,
        on_delete=models.PROTECT,
        to_field="slug",
        db_default=US_SENATE,
        related_name="offices",
        verbose_name=for_staff_lazy("list"),
        help_text=for_staff_lazy("The list of recipients that this is one of."),
    )
    area = models.CharField(
        for_staff_lazy("area"),
        max_length=40,
        blank=True,
        db_column="state",
        help_text=for_staff_lazy(
            "Code of the area whose residents write here, such as NM, NM-03 or DE; what stands before the hyphen is"
            " the state or country."
        ),
    )
    area_name = models.CharField(
        for_staff_lazy("name of the area"),
        max_length=80,
        blank=True,
        db_default="",
        help_text=for_staff_lazy("As it is written in letters."),
    )
    seat = models.PositiveSmallIntegerField(
        for_staff_lazy("seat"),
        null=True,
        blank=True,
        db_column="senate_class",
        help_text=for_staff_lazy(
            "A senator's class; 1 where an area has one seat. Whoever holds the seat next is the successor."
        ),
    )
    name = models.CharField(
        for_staff_lazy("name"),
        max_length=100,
        help_text=for_staff_lazy("As the person uses it, such as “Ben Ray Luján”."),
    )
    first_name = models.CharField(for_staff_lazy("first name"), max_length=60)
    last_name = models.CharField(
        for_staff_lazy("last name"), max_length=60, help_text=for_staff_lazy("As after “Dear”.")
    )
    party = models.CharField(for_staff_lazy("party"), max_length=60, blank=True)
    language = models.CharField(
        for_staff_lazy("language"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        validators=[LANGUAGE_CODE],
        help_text=for_staff_lazy("Its code: the one in which letters to this person are written; empty: the list's."),
    )
    form_of_address = models.CharField(
        for_staff_lazy("form of address"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        validators=[validate_names_a_person],
        help_text=for_staff_lazy("As after “Dear”, such as “Dr. {last_name}”; empty: the list's."),
    )
    directory_id = models.CharField(
        for_staff_lazy("ID in the directory"),
        max_length=80,
        unique=True,
        blank=True,
        db_column="bioguide",
        validators=[RegexValidator(r"^[A-Za-z0-9-]*$")],
        help_text=for_staff_lazy(
            "A senator's Bioguide ID; of other lists, the list's short name and the source's ID. Leave it empty if"
            " there is none yet: the import that brings it finds the person by seat and name."
        ),
    )
    term_starts_on = models.DateField(
        for_staff_lazy("term starts on"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("The first day of this term, if there are terms."),
    )
    term_ends_on = models.DateField(
        for_staff_lazy("term ends on"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("The last day of this term; then the office is listed to be looked into."),
    )
    is_current = models.BooleanField(
        for_staff_lazy("in office"),
        default=True,
        help_text=for_staff_lazy(
            "Off: gets no letters. Those that wait are cancelled once the successor is entered, and their writers"
            " are offered to send them to the successor."
        ),
    )

    website = models.URLField(for_staff_lazy("website"), blank=True, validators=[HTTPS])
    contact_form = models.URLField(
        for_staff_lazy("contact form"),
        validators=[HTTPS],
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Its address, for constituents who send their letter themselves."),
    )
    message_limit = models.PositiveIntegerField(
        for_staff_lazy("length limit"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("Characters that the contact form takes, if it says so."),
    )
    needs_prefix = models.BooleanField(
        for_staff_lazy("form requires a prefix"),
        default=False,
        help_text=for_staff_lazy("Such as Mr. or Ms.; constituents are told beforehand."),
    )
    needs_phone = models.BooleanField(
        for_staff_lazy("form requires a phone number"),
        default=False,
        help_text=for_staff_lazy("Constituents are told beforehand."),
    )
    needs_topic = models.BooleanField(
        for_staff_lazy("form requires a topic"),
        default=False,
        help_text=for_staff_lazy("Constituents are told beforehand."),
    )
    is_congress_api_stopped = models.BooleanField(
        for_staff_lazy("no letters by the Senate's or House's API"),
        db_column="is_senate_api_stopped",
        default=False,
        help_text=for_staff_lazy("The office asked for it: letters that wait go another way at once."),
    )
    postal_address = models.CharField(
        for_staff_lazy("postal address"),
        max_length=200,
        blank=True,
        help_text=for_staff_lazy("It stands on printed letters."),
    )
    phone = models.CharField(for_staff_lazy("phone"), max_length=20, blank=True)
    email = models.EmailField(
        for_staff_lazy("e-mail"),
        blank=True,
        help_text=for_staff_lazy("Only an address that this office itself gave for constituents' letters."),
    )
    email_given_by = models.CharField(
        for_staff_lazy("e-mail given by"),
        max_length=200,
        blank=True,
        help_text=for_staff_lazy("Who in the office gave it, and to whom."),
    )
    email_given_on = models.DateField(
        for_staff_lazy("e-mail given on"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("The day on which the office gave it."),
    )
    is_email_stopped = models.BooleanField(
        for_staff_lazy("no letters by e-mail"),
        default=False,
        db_default=False,
        help_text=for_staff_lazy(
            "Mail came back because there is no such address, or was called spam: letters go another way."
        ),
    )
    email_returned_at = models.DateTimeField(for_staff_lazy("mail came back at"), null=True, blank=True, editable=False)
    email_returned_because = models.CharField(
        for_staff_lazy("mail came back because"),
        max_length=LONGEST_REASON,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    channels = ArrayField(
        models.CharField(max_length=20, choices=ChannelName),
        verbose_name=for_staff_lazy("channels"),
        default=list,
        blank=True,
        help_text=for_staff_lazy(
            "In order of preference, separated by commas, out of: senate_api, house_api, email, contact_form,"
            " print, sandbox."
            " Empty: this order."
        ),
    )
    corrected_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)

    objects = OfficeManager.from_queryset(OfficeQuerySet)()

    class Meta:
        verbose_name = for_staff_lazy("office")
        verbose_name_plural = for_staff_lazy("offices")
        ordering = OFFICE_ORDER
        constraints = [
            models.UniqueConstraint(
                name="office_one_in_each_seat",
                fields=["recipient_list", "area", "seat"],
                condition=Q(is_current=True),
                violation_error_message=for_staff_lazy("This seat already has somebody in office."),
            ),
            models.CheckConstraint(
                name="office_class_is_1_to_3",
                condition=~Q(recipient_list=US_SENATE) | Q(seat__isnull=False, seat__in=[1, 2, 3]),
            ),
            models.CheckConstraint(
                name="office_state_has_senators",
                condition=~Q(recipient_list=US_SENATE) | Q(area__in=list(STATES)),
            ),
            models.CheckConstraint(
                name="office_email_has_a_giver",
                condition=Q(email="") | (~Q(email_given_by="") & Q(email_given_on__isnull=False)),
                violation_error_message=for_staff_lazy("Say who in the office gave the e-mail address, and when."),
            ),
        ]

    def __str__(self) -> str:
        party = self.party[:1] if self.party in PARTIES else self.party
        where = "-".join(filter(None, [party, self.area]))
        return f"{self.name} ({where})" if where else self.name

    def clean(self) -> None:
        """Give somebody whom the directory does not have yet an id to go on with."""
        self.directory_id = self.directory_id or f"{PROVISIONAL}{secrets.randbelow(10_000):04}"

    def note_mail_returned(self, reason: str, *, is_for_good: bool) -> None:
        """Record that a letter came back from its address; no further one goes there if that is for good."""
        mine = Office.objects.filter(pk=self.pk, email=self.email)  # staff may have entered another meanwhile
        words = {"email_returned_at": Now(), "email_returned_because": " ".join(reason.split())[:LONGEST_REASON]}
        mine.update(**words, **({"is_email_stopped": True} if is_for_good else {}))
        self.is_email_stopped |= is_for_good

    @property
    def title_and_name(self) -> str:
        """Return the name as in “Dear …”; in the list's language, since it goes into letters."""
        return self.named(self.addressed_as)

    @property
    def full_title(self) -> str:
        """Return the title with the whole name, such as “Senator Ben Ray Luján”."""
        return self.named(self.addressed_as.replace("{last_name}", "{name}"))

    @property
    def addressed_as(self) -> str:
        return self.form_of_address or self.recipient_list.form_of_address

    @property
    def reads(self) -> str:
        """Return the code of the language in which letters to this person are written."""
        return self.language or self.recipient_list.language

    def named(self, form: str) -> str:
        """Return a form of address with this person's name in it."""
        named = form.replace("{first_name}", self.first_name).replace("{last_name}", self.last_name)
        return named.replace("{name}", self.name)

    @property
    def region(self) -> str:
        """Return the code of the state or country that the area is in, or the area's own.

        >>> Office(area="NM-03").region, Office(area="NM").region
        ('NM', 'NM')
        """
        return self.area.partition("-")[0]

    @property
    def region_name(self) -> str:
        """Return the name of the region, as far as it is known; in English, since it goes into letters."""
        if self.recipient_list.country == "US":
            return name_of(self.region)
        return self.area_name if self.area == self.region and self.area_name else self.region

    @property
    def area_in_words(self) -> str:
        return self.area_name or self.region_name

    def area_named_in(self, language: str) -> str:
        """Return the name of the area; of a country, in this language."""
        is_country = self.recipient_list.finder == FinderName.COUNTRY and self.area == self.region
        return countries.name_in(self.area, language) if is_country else self.area_in_words

    @property
    def area_as_shown(self) -> str:
        return self.area_named_in(get_language() or "en")

    @property
    def party_name(self) -> str:
        return str(PARTIES.get(self.party, self.party))

    @property
    def code(self) -> str:
        """Return what a receiving system calls the office, such as SNM02."""
        form = self.recipient_list.office_code.replace("{area}", self.area.replace("-", ""))
        return form.replace("{seat}", str(self.seat)) or self.directory_id

    @property
    def is_provisional(self) -> bool:
        """Return whether the id is only one to go on with."""
        return self.directory_id.startswith(PROVISIONAL)

    @property
    def holder(self) -> "Office | None":
        """Return the office of whoever holds this seat now; None if nobody does, as far as is known."""
        return Office.objects.current().of_seat(self.recipient_list_id, self.area, self.seat).first()

    @property
    def is_term_over(self) -> bool:
        return self.is_current and self.term_ends_on is not None and self.term_ends_on < clock.now().date()


class ImportFormat(models.TextChoices):
    """How the entries of an upload are read (letters/constituency/imports/)."""

    LEGISLATORS = "legislators", for_staff_lazy("“legislators-current” of unitedstates/congress-legislators")
    MEMBERS = "members", for_staff_lazy("table of members")
    AREAS = "areas", for_staff_lazy("table of postal codes and their areas")


class OfficeImport(models.Model):
    """An upload for a list: its `entries` until it is applied, and from then on what it changed, as history."""

    # The defaults are for the release before, which knows senators alone.
    recipient_list: models.ForeignKey[Any, RecipientList] = models.ForeignKey(
        RecipientList,
        on_delete=models.PROTECT,
        to_field="slug",
        db_default=US_SENATE,
        db_index=False,
        verbose_name=for_staff_lazy("list"),
        help_text=for_staff_lazy("Which list is brought in line with it."),
    )
    format = models.CharField(
        for_staff_lazy("kind"),
        max_length=12,
        choices=ImportFormat,
        db_default=ImportFormat.LEGISLATORS,
        help_text=for_staff_lazy("What stands in the file."),
    )
    source = models.CharField(
        for_staff_lazy("source"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Where it comes from, such as the parliament's website; empty: the name of the file."),
    )
    as_of = models.DateField(
        for_staff_lazy("as of"), null=True, blank=True, help_text=for_staff_lazy("The day of the source.")
    )
    uploaded_at = models.DateTimeField(for_staff_lazy("uploaded at"), db_default=Now())
    entries = models.JSONField(for_staff_lazy("entries"), null=True, editable=False)
    # The default is for the release before, which knows no list that waits.
    applied_at = models.DateTimeField(for_staff_lazy("applied at"), null=True, db_default=Now())
    changes = models.JSONField(for_staff_lazy("changes"), default=list)

    class Meta:
        verbose_name = for_staff_lazy("import of recipients")
        verbose_name_plural = for_staff_lazy("imports of recipients")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.source

    @property
    def is_overtaken(self) -> bool:
        """Return whether another upload of this kind for the list was applied after this one had come."""
        later = OfficeImport.objects.filter(recipient_list=self.recipient_list, applied_at__gt=self.uploaded_at)
        of_areas = Q(format=ImportFormat.AREAS)
        return later.filter(of_areas if self.is_of_areas else ~of_areas).exists()

    @property
    def is_of_areas(self) -> bool:
        return self.format == ImportFormat.AREAS
