"""Lists of recipients: a chamber, a ministry, a board. A letter campaign addresses one or several of them."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.translation import for_staff, for_staff_lazy

US_SENATE = "us-senate"  # the list of all offices and campaigns that were there before there were lists
COUNTRY_CODE = RegexValidator("^[A-Z]{2}$")
LANGUAGE_CODE = RegexValidator("^[a-z]{2,3}(-[a-z]{2,8})?$", for_staff_lazy("Enter its code, such as de or zh-hant."))
NAME_WORDS = ("{name}", "{first_name}", "{last_name}")


class FinderName(models.TextChoices):
    """How writers find their recipients on a list (letters/constituency/)."""

    US_STATE = "us_state", for_staff_lazy("U.S. Congress: everybody of the writer's state")
    US_DISTRICT = "us_district", for_staff_lazy("U.S. Congress: whoever holds the writer's district")
    EVERYBODY = "everybody", for_staff_lazy("everybody on the list")
    COUNTRY = "country", for_staff_lazy("by the writer's country")
    POSTAL_CODE = "postal_code", for_staff_lazy("by postal code, from a table of areas")
    CHOICE = "choice", for_staff_lazy("the writer chooses")


def validate_names_a_person(text: str) -> None:
    """Refuse a form of address that leaves the name out."""
    if not any(word in text for word in NAME_WORDS):
        raise ValidationError(for_staff("It needs {last_name}, {first_name} or {name}."))


class RecipientList(models.Model):
    """Recipients who are addressed alike, come from one source, and are found in one way."""

    slug = models.SlugField(
        for_staff_lazy("short name"),
        unique=True,
        help_text=for_staff_lazy("Such as us-senate. It cannot be changed later."),
    )
    name = models.CharField(
        for_staff_lazy("name"),
        max_length=120,
        help_text=for_staff_lazy("Of the body, as it stands on an envelope: “United States Senate”."),
    )
    country = models.CharField(
        for_staff_lazy("country"),
        max_length=2,
        blank=True,
        validators=[COUNTRY_CODE],
        help_text=for_staff_lazy("Its code, such as US, if the body belongs to one; writers then live there."),
    )
    language = models.CharField(
        for_staff_lazy("language"),
        max_length=10,
        default=SOURCE_LANGUAGE,
        validators=[LANGUAGE_CODE],
        help_text=for_staff_lazy("Its code: the one in which letters to this list are written."),
    )
    form_of_address = models.CharField(
        for_staff_lazy("form of address"),
        max_length=80,
        default="{name}",
        validators=[validate_names_a_person],
        help_text=for_staff_lazy(
            "As after “Dear”: “Senator {last_name}”. {name}, {first_name} and {last_name} are replaced."
        ),
    )
    name_on_envelope = models.CharField(
        for_staff_lazy("name on envelopes"),
        max_length=80,
        default="{name}",
        validators=[validate_names_a_person],
        help_text=for_staff_lazy("As “The Honorable {name}”."),
    )
    finder = models.CharField(
        for_staff_lazy("how writers find theirs"),
        max_length=20,
        choices=FinderName,
        default=FinderName.EVERYBODY,
        help_text=for_staff_lazy("The form asks for what this needs, and for nothing else."),
    )
    office_code = models.CharField(
        for_staff_lazy("codes of offices"),
        max_length=40,
        blank=True,
        help_text=for_staff_lazy(
            "Under which a receiving system knows them, such as S{area}0{seat}; empty: the ID in the directory."
        ),
    )
    fewest_members = models.PositiveSmallIntegerField(
        for_staff_lazy("fewest members"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("An upload with fewer is refused, since it must be broken."),
    )
    members_per_area = models.PositiveSmallIntegerField(
        for_staff_lazy("members of each area"),
        null=True,
        blank=True,
        help_text=for_staff_lazy("If all areas have the same number, such as 2; an upload warns of any other."),
    )
    source = models.CharField(
        for_staff_lazy("source"),
        max_length=300,
        blank=True,
        help_text=for_staff_lazy("Where its members come from."),
    )
    as_of = models.DateField(
        for_staff_lazy("as of"), null=True, blank=True, help_text=for_staff_lazy("The day of the source.")
    )

    class Meta:
        verbose_name = for_staff_lazy("list of recipients")
        verbose_name_plural = for_staff_lazy("lists of recipients")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
