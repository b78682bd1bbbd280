"""Senators' offices: whom letters go to, and how they can be reached."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.places import PARTIES, STATES, name_of


class ChannelName(models.TextChoices):
    """In the order in which a letter takes them where staff set no other."""

    SENATE_API = "senate_api", _("Senate API")
    EMAIL = "email", _("e-mail")
    CONTACT_FORM = "contact_form", _("contact form, by the constituent")
    PRINT = "print", _("print and post")
    SANDBOX = "sandbox", _("sandbox (rehearsal: nothing is sent)")


class OfficeQuerySet(models.QuerySet["Office"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def of_state(self, state: str) -> Self:
        return self.current().filter(state=state).order_by("senate_class")

    def term_over(self, on: date | None = None) -> Self:
        """Current by the data, although the term has ended: for staff to look into."""
        return self.current().filter(term_ends_on__lt=on or timezone.now().date())


class Office(models.Model):
    """One senator's office. A successor is another office; the old one stays with the letters it got."""

    state = models.CharField(_("state"), max_length=2, choices=list(STATES.items()))
    senate_class = models.PositiveSmallIntegerField(
        _("Senate class"),
        choices=[(1, "1"), (2, "2"), (3, "3")],
        help_text=_("Those of a class are elected in the same year."),
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("As the senator uses it, such as “Ben Ray Luján”."))
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60, help_text=_("As in “Dear Senator …”."))
    party = models.CharField(_("party"), max_length=30)
    bioguide = models.CharField(
        _("Bioguide ID"), max_length=7, unique=True, help_text=_("The person's number in the directory of Congress.")
    )
    term_starts_on = models.DateField(_("term starts on"), help_text=_("The first day of this term."))
    term_ends_on = models.DateField(
        _("term ends on"), help_text=_("The last day of this term; then the office is listed to be looked into.")
    )
    is_current = models.BooleanField(
        _("in office"), default=True, help_text=_("Off: gets no new letters; those that wait are held for staff.")
    )

    website = models.URLField(_("website"), blank=True)
    contact_form = models.URLField(
        _("contact form"),
        max_length=300,
        blank=True,
        help_text=_("Its address, for constituents who send their letter themselves."),
    )
    message_limit = models.PositiveIntegerField(
        _("length limit"), null=True, blank=True, help_text=_("Characters that the contact form takes, if it says so.")
    )
    needs_prefix = models.BooleanField(
        _("form requires a prefix"), default=False, help_text=_("Such as Mr. or Ms.; constituents are told beforehand.")
    )
    needs_phone = models.BooleanField(
        _("form requires a phone number"), default=False, help_text=_("Constituents are told beforehand.")
    )
    needs_topic = models.BooleanField(
        _("form requires a topic"), default=False, help_text=_("Constituents are told beforehand.")
    )
    is_senate_api_stopped = models.BooleanField(
        _("no letters by the Senate API"),
        default=False,
        help_text=_("The office asked for it: letters that wait go another way at once."),
    )
    postal_address = models.CharField(
        _("postal address"), max_length=200, blank=True, help_text=_("It stands on printed letters.")
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Only an address that this office itself gave for constituents' letters.")
    )
    email_given_by = models.CharField(
        _("e-mail given by"), max_length=200, blank=True, help_text=_("Who in the office gave it, and to whom.")
    )
    email_given_on = models.DateField(
        _("e-mail given on"), null=True, blank=True, help_text=_("The day on which the office gave it.")
    )
    channels = ArrayField(
        models.CharField(max_length=20, choices=ChannelName),
        verbose_name=_("channels"),
        default=list,
        blank=True,
        help_text=_(
            "In order of preference, separated by commas, out of: senate_api, email, contact_form, print, sandbox."
            " Empty: this order."
        ),
    )
    corrected_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["state", "senate_class"]
        constraints = [
            models.UniqueConstraint(
                name="office_one_in_each_seat",
                fields=["state", "senate_class"],
                condition=Q(is_current=True),
                violation_error_message=_("This seat already has a senator in office."),
            ),
            models.CheckConstraint(name="office_class_is_1_to_3", condition=Q(senate_class__in=[1, 2, 3])),
            models.CheckConstraint(name="office_state_has_senators", condition=Q(state__in=list(STATES))),
            models.CheckConstraint(
                name="office_email_has_a_giver",
                condition=Q(email="") | (~Q(email_given_by="") & Q(email_given_on__isnull=False)),
                violation_error_message=_("Say who in the office gave the e-mail address, and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.party[:1]}-{self.state})"

    @property
    def title_and_name(self) -> str:
        """As in “Dear …”; English, since it goes into letters."""
        return f"Senator {self.last_name}"

    @property
    def state_name(self) -> str:
        return name_of(self.state)

    @property
    def party_name(self) -> str:
        return str(PARTIES.get(self.party, self.party))

    @property
    def code(self) -> str:
        """The Senate's own code of the seat, such as SNM02."""
        return f"S{self.state}0{self.senate_class}"

    @property
    def is_term_over(self) -> bool:
        return self.is_current and self.term_ends_on < timezone.now().date()


class OfficeImport(models.Model):
    """What an import of senators changed, kept as history."""

    source = models.CharField(_("source"), max_length=300)
    applied_at = models.DateTimeField(_("applied at"), db_default=Now())
    changes = models.JSONField(_("changes"), default=list)

    class Meta:
        verbose_name = _("import of senators")
        verbose_name_plural = _("imports of senators")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.source
