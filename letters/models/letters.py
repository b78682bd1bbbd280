"""Constituents and their letters.

Names, addresses and texts are encrypted with the server's keys until they are erased; the rows that remain show nothing
but state, office and day.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now

from campaign.journal import journal
from campaign.secrecy.encryption import EncryptedJSONField
from campaign.secrecy.periods.keys import Purpose
from campaign.supporters.models import Consent
from campaign.translation import for_staff_lazy
from letters.models.campaigns import LetterCampaign
from letters.models.message import ENGLISH, Message, render
from letters.models.recipients.offices import OFFICE_ORDER, Office
from letters.models.recipients.us_states import STATES, TERRITORIES, name_of
from letters.models.sender import Sender


class ConstituentQuerySet(models.QuerySet["Constituent"]):
    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=True)

    def expired(self) -> Self:
        """Return constituents who have not confirmed and whose link has expired."""
        return self.unconfirmed().filter(expires_at__lt=Now())

    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of_person(self, campaign: LetterCampaign, person: bytes) -> Self:
        return self.filter(campaign=campaign, person=person)

    def for_mail(self) -> Self:
        standing = Letter.objects.standing().select_related("office__recipient_list", "campaign", "delivery")
        letters = Prefetch("letters", standing.in_order())
        return self.filter(private__isnull=False).select_related("campaign").prefetch_related(letters)

    def to_confirm(self, token_digest: bytes) -> Self:
        """Return the constituent of this link; a confirmed one too, since a link may be opened twice."""
        has_letters = Exists(Letter.objects.standing().filter(constituent=OuterRef("pk")))
        live = Q(confirmed_at__isnull=False) | Q(has_letters, expires_at__gt=Now())
        return self.filter(live, confirm_digest=token_digest, private__isnull=False).select_related("campaign")

    def to_track(self, token_digest: bytes) -> Self:
        return self.confirmed().filter(track_digest=token_digest, private__isnull=False).select_related("campaign")


class Constituent(models.Model):
    """One person's letters of one submission.

    `person` is a keyed hash of the normalised address and the folded name: two people of one household differ.
    `private` holds the fields of a Sender.
    """

    campaign = models.ForeignKey(LetterCampaign, on_delete=models.PROTECT, verbose_name=for_staff_lazy("campaign"))
    state = models.CharField(
        for_staff_lazy("state"),
        max_length=2,
        choices=list({**STATES, **TERRITORIES}.items()),
        blank=True,
        help_text=for_staff_lazy("Of the United States, where they live, or live by law; empty: abroad."),
    )
    language = models.CharField(for_staff_lazy("language"), max_length=10)
    person = models.BinaryField(null=True, editable=False)
    private: models.Field[Any, Any] = EncryptedJSONField(null=True, editable=False, purpose=Purpose.LONG)
    nonce = models.BinaryField(editable=False)
    confirm_digest = models.BinaryField(unique=True, editable=False)
    track_digest = models.BinaryField(unique=True, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, verbose_name=for_staff_lazy("consent"))
    created_at = models.DateTimeField(for_staff_lazy("created at"), db_default=Now())
    expires_at = models.DateTimeField(for_staff_lazy("link expires at"))
    confirmed_at = models.DateTimeField(for_staff_lazy("confirmed at"), null=True, blank=True)
    hand_asked_at = models.DateTimeField(null=True, editable=False)  # last mail asking them to send one themselves

    objects = ConstituentQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("constituent")
        verbose_name_plural = for_staff_lazy("constituents")
        constraints = [
            models.UniqueConstraint(
                name="constituent_waits_once",
                fields=["campaign", "person"],
                condition=Q(confirmed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="constituent_erased_as_a_whole",
                condition=Q(person__isnull=True, private__isnull=True) | Q(person__isnull=False, private__isnull=False),
            ),
            models.CheckConstraint(
                name="constituent_state_is_a_state", condition=Q(state__in=["", *STATES, *TERRITORIES])
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(confirmed_at__isnull=True), name="constituent_waits"),
            models.Index(fields=["person", "id"], condition=Q(person__isnull=False), name="constituent_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    def note_asked(self, pause: timedelta) -> bool:
        """Record that the constituent is asked now; return False and do nothing if that was less than `pause` ago."""
        is_rested = Q(hand_asked_at__isnull=True) | Q(hand_asked_at__lt=Now() - pause)
        return bool(Constituent.objects.filter(is_rested, pk=self.pk).update(hand_asked_at=Now()))

    @property
    def mark(self) -> str:
        """What tells them in the journal from another who got their number after a restore."""
        return journal.mark("constituent", self.pk, bytes(self.confirm_digest).hex())

    @property
    def sender(self) -> Sender:
        return Sender(**self.private)

    @property
    def state_name(self) -> str:
        return name_of(self.state)

    @property
    def confirm_by(self) -> datetime:
        return self.campaign.confirmed_by(self.expires_at)


class LetterQuerySet(models.QuerySet["Letter"]):
    def standing(self) -> Self:
        """Return letters that were neither taken back nor cancelled."""
        return self.filter(withdrawn_at__isnull=True)

    def of_person(self, campaign: LetterCampaign, person: bytes) -> Self:
        return self.filter(campaign=campaign, person=person)

    def in_order(self) -> Self:
        """Order by office."""
        return self.order_by(*(f"office__{name}" for name in OFFICE_ORDER))

    def offices(self) -> set[int]:
        return set(self.values_list("office", flat=True))


class Letter(models.Model):
    """What one constituent wrote to one senator; `content` holds subject and body.

    `campaign` and `person` are the constituent's, copied here so that the database can allow only one letter for each
    person, campaign and office.
    """

    constituent = models.ForeignKey(Constituent, on_delete=models.CASCADE, related_name="letters")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="letters", verbose_name=for_staff_lazy("office")
    )
    campaign = models.ForeignKey(LetterCampaign, on_delete=models.PROTECT, verbose_name=for_staff_lazy("campaign"))
    person = models.BinaryField(null=True, editable=False)
    content: models.Field[Any, Any] = EncryptedJSONField(null=True, editable=False, purpose=Purpose.LONG)
    is_edited = models.BooleanField(
        for_staff_lazy("own words"),
        default=False,
        help_text=for_staff_lazy("The constituent changed the text that the campaign proposed."),
    )
    withdrawn_at = models.DateTimeField(for_staff_lazy("withdrawn at"), null=True, blank=True)
    # Whom the text was written to, if it was readdressed to the one who holds the seat since.
    former_office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = for_staff_lazy("letter")
        verbose_name_plural = for_staff_lazy("letters")
        permissions = [("read_letter", "Can read the text of letters (each reading is logged)")]
        constraints = [
            models.UniqueConstraint(
                name="letter_one_per_person_campaign_office",
                fields=["person", "campaign", "office"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="letter_erased_as_a_whole",
                condition=Q(person__isnull=True, content__isnull=True) | Q(person__isnull=False, content__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_erased(self) -> bool:
        return self.person is None  # and with it the content, which need not be decrypted for this

    @property
    def message(self) -> Message:
        said = self.content
        return render(said["subject"], said["body"], self.constituent.sender, said.get("language", ENGLISH))
