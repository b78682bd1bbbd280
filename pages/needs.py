"""What waits for somebody of the staff, as the first page of the admin lists it; bounded, however much there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.outbox.models import Item
from campaign.protection.models import SitePause
from letters.models import ChannelStatus, Delivery, Office
from pages.models import Issue, Version
from petitions.models import Decision, HandOver, Petition, Signature, Voice
from petitions.overview import MOST_HELD

LATE = timedelta(minutes=10)
MANY_REFUSED = 100  # a few a day are addresses that were mistyped; this many may be our own server's fault
MOST_VOICES = 1000


@dataclass(frozen=True)
class Need:
    """Something for somebody to look at, and where."""

    text: str
    url: str


def of(user: Any) -> list[Need]:
    """What waits for a decision, most pressing first, each only for those who may decide."""
    return [need for permission, find in NEEDS if user.has_perm(permission) for need in find()]


def paused_site() -> Iterator[Need]:
    for pause in SitePause.objects.on():
        yield Need(f"{pause}.", reverse("admin:protection_sitepause_change", args=[pause.pk]))


def paused_petitions() -> Iterator[Need]:
    for petition in Petition.objects.visible().paused():
        text = _("Nobody can sign, as it is paused: %s") % petition
        yield Need(text, reverse("admin:petitions_petition_change", args=[petition.pk]))


def handovers_to_approve() -> Iterator[Need]:
    for handover in HandOver.objects.waiting():
        text = _("A second person must agree: %s") % handover
        yield Need(text, reverse("admin:petitions_handover_change", args=[handover.pk]))


def stuck_decisions() -> Iterator[Need]:
    for decision in Decision.objects.stuck():
        text = _("A decision by filter stopped half-way: %s") % decision
        yield Need(text, reverse("admin:petitions_decision_change", args=[decision.pk]))


def dead_work() -> Iterator[Need]:
    if number := Item.objects.dead().count():
        text = ngettext("%(number)d piece of work was given up.", "%(number)d pieces of work were given up.", number)
        yield Need(text % {"number": number}, reverse("admin:outbox_item_changelist") + "?state__exact=dead")


def refused_mail() -> Iterator[Need]:
    number = Item.objects.refused().due_lately().count()
    if number >= MANY_REFUSED:
        text = _("%(number)d mails were refused within a day. Is the mail server set up rightly?")
        yield Need(text % {"number": number}, reverse("admin:outbox_item_changelist") + "?state__exact=refused")


def waiting_mail() -> Iterator[Need]:
    if first := Item.objects.first_of_outage():
        since = formats.date_format(timezone.localtime(first.created_at), "DATETIME_FORMAT")
        text = _("Mail goes out later, the oldest has been waiting since %(since)s: %(reason)s.")
        words = {"since": since, "reason": first.reason}
        yield Need(text % words, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def late_work() -> Iterator[Need]:
    oldest = Item.objects.oldest_due_at()
    if oldest and oldest < timezone.now() - LATE:
        minutes = int((timezone.now() - oldest).total_seconds() // 60)
        text = _("Work, such as mail, has been waiting for %(minutes)d minutes. Is the relay running?")
        yield Need(text % {"minutes": minutes}, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def held_signatures() -> Iterator[Need]:
    if number := Signature.objects.held()[:MOST_HELD].count():
        text = ngettext("%(number)d signature is held.", "%(number)d signatures are held.", number)
        yield Need(text % {"number": number}, reverse("admin:petitions_heldsignature_changelist"))


def voices_to_read() -> Iterator[Need]:
    if number := Voice.objects.to_read()[:MOST_VOICES].count():
        text = ngettext(
            "%(number)d reason of a signer is to be read.", "%(number)d reasons of signers are to be read.", number
        )
        yield Need(text % {"number": number}, reverse("admin:petitions_voice_changelist"))


def stuck_letters() -> Iterator[Need]:
    if number := Delivery.objects.stuck().count():
        text = ngettext("%(number)d letter is stuck.", "%(number)d letters are stuck.", number)
        yield Need(text % {"number": number}, reverse("admin:letters_delivery_changelist") + "?needs=staff")


def paused_channels() -> Iterator[Need]:
    for channel in ChannelStatus.objects.paused():
        text = _("Letters by this channel wait, it is paused: %(channel)s (%(why)s)")
        words = {"channel": channel, "why": channel.paused_because}
        yield Need(text % words, reverse("admin:letters_channelstatus_changelist"))


def unreachable_channels() -> Iterator[Need]:
    for channel in ChannelStatus.objects.holding_up():
        since = formats.date_format(timezone.localtime(channel.unreachable_at), "DATETIME_FORMAT")
        text = _("Letters by this channel wait, it cannot be reached since %(since)s: %(channel)s (%(why)s)")
        words = {"since": since, "channel": channel, "why": channel.unreachable_because}
        yield Need(text % words, reverse("admin:letters_channelstatus_changelist"))


def senators_to_check() -> Iterator[Need]:
    if number := Office.objects.term_over().count():
        text = ngettext("The term of %(number)d senator is over.", "The terms of %(number)d senators are over.", number)
        yield Need(text % {"number": number}, reverse("admin:letters_office_changelist"))


def stranded_drafts() -> Iterator[Need]:
    for version in Version.objects.stranded():
        where = f"admin:{version.content_type.app_label}_{version.content_type.model}_history"
        text = _("A scheduled draft could not be published: %s.") % version.content
        yield Need(text, reverse(where, args=[version.object_id]))


def unsure_issues() -> Iterator[Need]:
    for issue in Issue.objects.with_unknown():
        text = _("Of “%s” it is not known whether some subscribers got it.") % issue
        yield Need(text, reverse("admin:pages_issue_change", args=[issue.pk]))


NEEDS = [
    ("protection.change_sitepause", paused_site),
    ("petitions.change_petition", paused_petitions),
    ("petitions.export_signatures", handovers_to_approve),
    ("outbox.change_item", dead_work),
    ("outbox.change_item", refused_mail),
    ("outbox.view_item", waiting_mail),
    ("outbox.view_item", late_work),
    ("petitions.change_decision", stuck_decisions),
    ("petitions.moderate_signature", held_signatures),
    ("petitions.moderate_signature", voices_to_read),
    ("letters.change_channelstatus", paused_channels),
    ("letters.change_channelstatus", unreachable_channels),
    ("letters.change_delivery", stuck_letters),
    ("letters.change_office", senators_to_check),
    ("pages.change_page", stranded_drafts),
    ("pages.send_issue", unsure_issues),
]
