"""The alerts of the dashboard: what waits for staff. Finding them is bounded work, however much waits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import capfirst

from backoffice import counts
from campaign.database import clock, grants
from campaign.journal import recovery
from campaign.journal.models import Position
from campaign.outbox import monitoring
from campaign.outbox.heartbeats import SitePart
from campaign.protection.limits import lookup_budget
from campaign.protection.models import SitePause
from campaign.revisions.models import Version
from campaign.secrecy.periods import rotation
from campaign.staff.dual_control.models import DualControlled
from campaign.staff.login import failed_logins
from campaign.supporters.models import SubscriberExport
from campaign.translation import for_staff, for_staff_lazy, for_staff_plural
from letters.constituency.congress.chambers import CHAMBERS
from letters.constituency.congress.new_congress import congress_on
from letters.delivery.channel_labels import out_of_reach
from letters.models import ChannelStatus, Delivery, LetterCampaign, Office
from pages.models import Issue
from pages.translation import overview
from petitions.counting.overview import MOST_HELD
from petitions.models import Decision, HandOver, KeyReplacement, Petition, Rekeying, Signature, Voice

LATE = timedelta(minutes=2)
BACKUP_LATE = timedelta(days=2)
MANY_REFUSED = 100  # a few a day are addresses that were mistyped; this many may be our own server's fault
MOST_VOICES = 1000
MOST_SHEETS = 5  # each with a line of its own
MOST_LETTERS = 10_000
MOST_OFFICES = 5  # each with a line of its own
MOST_LISTS = 5  # each with a line of its own
MOST_OUTDATED = 5  # texts, each with a line of its own


@dataclass(frozen=True)
class Need:
    """Something that staff should look at, and where."""

    text: str
    url: str = ""
    asked_by: int | None = None  # whoever asked for it is told, and cannot act on it
    to_asker: str = ""

    def told_to(self, user: Any) -> "Need":
        return replace(self, text=self.to_asker) if self.asked_by == user.pk and self.to_asker else self


def of(user: Any) -> list[Need]:
    """Return what waits for staff, most pressing first, limited to what the user may act on.

    Everybody is told what stands still, since whoever sees it first calls.
    """
    found = (need for permission, find in NEEDS if user.has_perm(permission) for need in find())
    return [*standstill(), *(need.told_to(user) for need in found)]


def standstill() -> Iterator[Need]:
    for part, seen in monitoring.silent_parts().items():
        since = (
            for_staff("for %(minutes)s") % {"minutes": minutes_since(seen)}
            if seen
            else for_staff("since this site was set up")
        )
        yield Need(STANDSTILL[part] % {"since": since} + " " + for_staff("Call whoever runs the server."))


STANDSTILL = {
    SitePart.RELAY: for_staff_lazy(
        "Mail and letters do not go out: the relay has not been seen %(since)s. They wait and are not lost."
    ),
    SitePart.SCHEDULER: for_staff_lazy(
        "The public count, scheduled news and letters stand still: the scheduler has not been seen %(since)s."
    ),
    SitePart.WORKER: for_staff_lazy(
        "Mail, letters and the public count stand still: no worker has been seen %(since)s. Nothing of it is lost."
    ),
}


def minutes_since(moment: datetime) -> str:
    minutes = int((clock.now() - moment).total_seconds() // 60)
    return for_staff_plural("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def paused_site() -> Iterator[Need]:
    for pause in SitePause.objects.on():
        yield Need(f"{pause}.", reverse("admin:protection_sitepause_change", args=[pause.pk]))


def paused_petitions() -> Iterator[Need]:
    for petition in Petition.objects.visible().paused():
        text = for_staff("Nobody can sign, as it is paused: %(petition)s") % {"petition": petition}
        yield Need(text, reverse("admin:petitions_petition_change", args=[petition.pk]))


def dual_control(kind: type[DualControlled]) -> Iterator[Need]:
    for act in kind.objects.to_look_at().for_work():
        text = for_staff("A second person must agree: %(act)s") % {"act": act}
        to_asker = for_staff("Waits for a colleague: %(act)s") % {"act": act}
        if act.opens_at:
            since = formats.date_format(timezone.localtime(act.opens_at), "DATETIME_FORMAT")
            text = for_staff("Approved, and done from %(since)s on unless somebody stops it: %(act)s") % {
                "since": since,
                "act": act,
            }
            to_asker = ""
        yield Need(text, act.page, act.requested_by_id, to_asker)


def stuck_decisions() -> Iterator[Need]:
    for decision in Decision.objects.stuck():
        text = for_staff("A decision by filter stopped half-way: %(decision)s") % {"decision": decision}
        yield Need(text, reverse("admin:petitions_decision_change", args=[decision.pk]))


def dead_work() -> Iterator[Need]:
    if number := monitoring.number_dead():
        text = for_staff_plural(
            "%(number)s piece of work was given up.", "%(number)s pieces of work were given up.", number
        )
        yield Need(
            text % {"number": counts.in_words(number)}, reverse("admin:outbox_item_changelist") + "?state__exact=dead"
        )


def refused_mail() -> Iterator[Need]:
    number = monitoring.number_refused()
    if number >= MANY_REFUSED:
        text = for_staff("%(number)s mails were refused within a day. Is the mail server set up rightly?")
        yield Need(
            text % {"number": counts.in_words(number)},
            reverse("admin:outbox_item_changelist") + "?state__exact=refused",
        )


def waiting_mail() -> Iterator[Need]:
    if first := monitoring.first_of_outage():
        since = formats.date_format(timezone.localtime(first.created_at), "DATETIME_FORMAT")
        text = for_staff("Mail goes out later, the oldest has been waiting since %(since)s: %(reason)s.")
        words = {"since": since, "reason": first.reason}
        yield Need(text % words, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def short_server() -> Iterator[Need]:
    if first := monitoring.first_of_shortage():
        since = formats.date_format(timezone.localtime(first.created_at), "DATETIME_FORMAT")
        trouble = first.reason.partition(": ")[2]
        text = for_staff("%(trouble)s: work such as mail waits until that is mended, the oldest since %(since)s.")
        words = {"since": since, "trouble": trouble[:1].upper() + trouble[1:]}
        yield Need(text % words, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def mail_beyond_budget() -> Iterator[Need]:
    waiting = monitoring.beyond_budget()
    if waiting.until:
        text = for_staff_plural(
            "%(number)d mail waits for room in the budget of its network or domain, and goes out by %(last)s.",
            "%(number)d mails wait for room in the budget of their network or domain, the last until %(last)s.",
            waiting.number,
        )
        last = formats.date_format(timezone.localtime(waiting.until), "DATETIME_FORMAT")
        words = {"number": waiting.number, "last": last}
        yield Need(text % words, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def faulty_work() -> Iterator[Need]:
    if first := monitoring.first_of_fault():
        since = formats.date_format(timezone.localtime(first.created_at), "DATETIME_FORMAT")
        text = for_staff("Work waits for a fault of this program to be mended, the oldest since %(since)s: %(reason)s.")
        words = {"since": since, "reason": first.reason}
        yield Need(text % words, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def keys_away() -> Iterator[Need]:
    if first := monitoring.first_without_key():
        text = for_staff("Mail waits, since a worker cannot read the folder of keys (KEY_FOLDER): %(reason)s.") % {
            "reason": first.reason
        }
        yield Need(text, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def late_keys() -> Iterator[Need]:
    if late := rotation.late():
        since = formats.date_format(timezone.localtime(min(period.opened_at for period in late)), "DATETIME_FORMAT")
        text = for_staff(
            "A key that should have been destroyed is still in use, since %(since)s: what was done since "
            "then could still be read. Are the scheduler and the workers running, and can they write to "
            "KEY_FOLDER?"
        ) % {"since": since}
        yield Need(text, reverse("admin:outbox_item_changelist"))


def late_work() -> Iterator[Need]:
    oldest = monitoring.oldest_due_at()
    if oldest is None or oldest > clock.now() - LATE:
        return
    if not recovery.is_halted() and not monitoring.silent_parts():
        text = for_staff("Work, such as mail, has been waiting for %(minutes)s: more comes in than goes out.") % {
            "minutes": minutes_since(oldest)
        }
        yield Need(text, reverse("admin:outbox_item_changelist") + "?state__exact=waiting")


def journal_trouble() -> Iterator[Need]:
    for position in Position.objects.in_trouble():
        since = formats.date_format(timezone.localtime(position.trouble_at), "DATETIME_FORMAT")
        text = for_staff(
            "The journal has a gap, last at %(since)s: %(why)s. Should a backup from before then be restored, what"
            " is missing there cannot be done again: mend it, then make a new backup."
        )
        words = {"since": since, "why": position.trouble}
        yield Need(text % words, reverse("admin:journal_restoration_changelist"))


def held_signatures() -> Iterator[Need]:
    if number := counts.count(Signature.objects.held(), most=MOST_HELD):
        text = for_staff_plural("%(number)s signature is held.", "%(number)s signatures are held.", number)
        yield Need(
            text % {"number": counts.in_words(number, most=MOST_HELD)},
            reverse("admin:petitions_heldsignature_changelist"),
        )


def rows_to_settle() -> Iterator[Need]:
    batches = list(
        Rekeying.objects.differing().order_by("batch").values_list("batch", flat=True).distinct()[:MOST_SHEETS]
    )
    for batch in batches:
        text = for_staff("Rows differ between first and second typing: look them up on the paper of batch %(batch)d.")
        yield Need(text % {"batch": batch}, reverse("admin:petitions_paper_again", args=[batch]))


def voices_to_read() -> Iterator[Need]:
    if number := counts.count(Voice.objects.to_read(), most=MOST_VOICES):
        text = for_staff_plural(
            "%(number)s reason of a signer is to be read.", "%(number)s reasons of signers are to be read.", number
        )
        yield Need(
            text % {"number": counts.in_words(number, most=MOST_VOICES)}, reverse("admin:petitions_voice_changelist")
        )


def stuck_letters() -> Iterator[Need]:
    if number := counts.count(Delivery.objects.stuck()):
        text = for_staff_plural("%(number)s letter is stuck.", "%(number)s letters are stuck.", number)
        yield Need(
            text % {"number": counts.in_words(number)}, reverse("admin:letters_delivery_changelist") + "?needs=staff"
        )


def offices_out_of_reach() -> Iterator[Need]:
    offices = {office.pk: office for office in out_of_reach(Office.objects.current())}
    waiting = sorted(Delivery.objects.ready_by_office(offices, most=MOST_LETTERS).items(), key=lambda one: -one[1])
    for pk, number in waiting[:MOST_OFFICES]:
        text = for_staff_plural(
            "Nothing reaches %(office)s, and %(number)d letter waits: enter a contact form or an address.",
            "Nothing reaches %(office)s, and %(number)d letters wait: enter a contact form or an address.",
            number,
        )
        yield Need(text % {"office": offices[pk], "number": number}, reverse("admin:letters_office_change", args=[pk]))
    if number := len(waiting[MOST_OFFICES:]):
        text = for_staff_plural(
            "So it is with %(number)d other office.", "So it is with %(number)d other offices.", number
        )
        yield Need(text % {"number": number}, reverse("admin:letters_office_changelist"))


def returned_mail() -> Iterator[Need]:
    """Tell of offices whose mail came back: the letters took another way, or wait for staff."""
    for office in Office.objects.with_mail_returned().order_by("-email_returned_at")[:MOST_OFFICES]:
        text = for_staff("Mail came back from %(office)s: %(reason)s. Ask the office whether its address still holds.")
        words = {"office": office, "reason": office.email_returned_because}
        yield Need(text % words, reverse("admin:letters_office_change", args=[office.pk]))


def letters_to_print() -> Iterator[Need]:
    if number := counts.count(Delivery.objects.to_print()):
        text = for_staff_plural("%(number)s letter is to be printed.", "%(number)s letters are to be printed.", number)
        yield Need(text % {"number": counts.in_words(number)}, reverse("admin:letters_printrun_changelist"))


def paused_channels() -> Iterator[Need]:
    for channel in ChannelStatus.objects.paused():
        text = for_staff("Letters by this channel wait, it is paused: %(channel)s (%(why)s)")
        words = {"channel": channel, "why": channel.paused_because}
        yield Need(text % words, reverse("admin:letters_channelstatus_changelist"))


def unreachable_channels() -> Iterator[Need]:
    for channel in ChannelStatus.objects.holding_up():
        since = formats.date_format(timezone.localtime(channel.unreachable_at), "DATETIME_FORMAT")
        text = for_staff("Letters by this channel wait, it cannot be reached since %(since)s: %(channel)s (%(why)s)")
        words = {"since": since, "channel": channel, "why": channel.unreachable_because}
        yield Need(text % words, reverse("admin:letters_channelstatus_changelist"))


def members_to_check() -> Iterator[Need]:
    of_lists = Office.objects.term_over().order_by("recipient_list__name").values_list("recipient_list__name")
    for name, number in of_lists.annotate(number=Count("pk"))[:MOST_LISTS]:
        text = for_staff_plural(
            "%(list)s: the term of %(number)d member is over.",
            "%(list)s: the terms of %(number)d members are over.",
            number,
        )
        words = {"list": name, "number": number}
        yield Need(text % words, reverse("admin:letters_office_changelist") + "?term=over")


def terms_to_end() -> Iterator[Need]:
    """Tell weeks before that terms end: letters to whoever leaves will wait until the list is imported anew."""
    of_lists = Office.objects.term_ending().order_by("recipient_list__name")
    found = of_lists.values_list("recipient_list", "recipient_list__name")
    for slug, name, number, first_day in found.annotate(number=Count("pk"), day=Min("term_ends_on"))[:MOST_LISTS]:
        text, page = TERMS_END, reverse("admin:letters_office_changelist") + "?term=ending"
        if slug in CHAMBERS:
            text, page = CONGRESS_ENDS, reverse("admin:letters_office_new_congress")
        yield Need(text % {"list": name, "number": number, "day": formats.date_format(first_day)}, page)


TERMS_END = for_staff_lazy(
    "%(list)s: terms of members end from %(day)s on, %(number)s in all. Letters to those who leave wait from then on:"
    " import the new list that week."
)
CONGRESS_ENDS = for_staff_lazy(
    "%(list)s: terms of members end from %(day)s on, %(number)s in all. Letters to those who leave wait from then on:"
    " have the new list imported that week, and look at the letter campaigns, whose bills lapse."
)


def lapsed_bills() -> Iterator[Need]:
    for campaign in LetterCampaign.objects.open().filter(bill_congress__lt=congress_on(clock.now().date())):
        text = for_staff("Its bill lapsed with its Congress, and people still write for it: %(campaign)s")
        yield Need(text % {"campaign": campaign}, reverse("admin:letters_lettercampaign_change", args=[campaign.pk]))


def stranded_drafts() -> Iterator[Need]:
    for version in Version.objects.stranded():
        text = for_staff("A scheduled draft could not be published: %(content)s.") % {"content": version.content}
        yield Need(text, version.history_page)


def outdated_translations() -> Iterator[Need]:
    found = list(overview.outdated())
    for each in found[:MOST_OUTDATED]:
        where = f"admin:pages_{each.content._meta.model_name}_translations"
        kind = capfirst(each.content._meta.verbose_name)
        words = {"kind": kind, "content": each.content, "languages": ", ".join(each.languages)}
        text = for_staff(
            "%(kind)s “%(content)s” was changed after it was translated, and says what it said before in:"
            " %(languages)s."
        )
        yield Need(text % words, reverse(where, args=[each.content.pk]))
    if number := len(found[MOST_OUTDATED:]):
        yield Need(
            for_staff_plural("So does %(number)s other text.", "So do %(number)s other texts.", number)
            % {"number": number}
        )


def unsure_issues() -> Iterator[Need]:
    for issue in Issue.objects.with_unknown():
        text = for_staff("Of “%(issue)s” it is not known whether some subscribers got it.") % {"issue": issue}
        yield Need(text, reverse("admin:pages_issue_change", args=[issue.pk]))


def many_failed_logins() -> Iterator[Need]:
    for failures in failed_logins.many():
        since = formats.date_format(timezone.localtime(failures["since"]), "DATETIME_FORMAT")
        name = failures["name"] or for_staff("names that no account has")
        entries = reverse("admin:audit_entry_changelist") + "?on=login"
        yield Need(
            for_staff("%(number)s failed logins for %(name)s since %(since)s.")
            % {"number": failures["number"], "name": name, "since": since},
            entries,
        )


def lookups_beyond_budget() -> Iterator[Need]:
    for refused in lookup_budget.refused_lately():
        last = formats.date_format(timezone.localtime(refused["last"]), "DATETIME_FORMAT")
        entries = reverse("admin:audit_entry_changelist") + f"?who__exact={quote(refused['who'])}"
        yield Need(
            for_staff("%(who)s asked to look up more addresses than one person may, lastly %(last)s.")
            % {"who": refused["who"], "last": last},
            entries,
        )


def late_backup() -> Iterator[Need]:
    """Tell when the site's own backups have stopped; one that is backed up otherwise has no BACKUP_KEY."""
    if not settings.BACKUP_KEY:
        return
    seen = monitoring.backed_up_at()
    if seen is None or seen < clock.now() - BACKUP_LATE:
        day = formats.date_format(timezone.localtime(seen), "DATETIME_FORMAT") if seen else for_staff("never")
        text = for_staff("The last backup was made: %(day)s. Call whoever runs the server.") % {"day": day}
        yield Need(text, reverse("admin:outbox_item_changelist"))


def one_role() -> Iterator[Need]:
    if not (settings.DEBUG or settings.DEMO) and grants.may_rewrite():
        text = for_staff(
            "The role of this site in the database could change the audit: part it from the owner's (docs/deploy.md)."
        )
        yield Need(text, reverse("admin:audit_entry_changelist"))


NEEDS: list[tuple[str, Callable[[], Iterator[Need]]]] = [
    ("protection.change_sitepause", paused_site),
    ("petitions.change_petition", paused_petitions),
    *((kind.permission, partial(dual_control, kind)) for kind in (HandOver, KeyReplacement, SubscriberExport)),
    ("audit.view_entry", many_failed_logins),
    ("audit.view_entry", lookups_beyond_budget),
    ("outbox.change_item", dead_work),
    ("outbox.change_item", refused_mail),
    ("outbox.view_item", short_server),
    ("outbox.view_item", waiting_mail),
    ("outbox.view_item", mail_beyond_budget),
    ("outbox.view_item", faulty_work),
    ("outbox.view_item", keys_away),
    ("outbox.view_item", late_keys),
    ("outbox.view_item", late_work),
    ("journal.view_restoration", journal_trouble),
    ("outbox.view_item", late_backup),
    ("audit.view_entry", one_role),
    ("petitions.change_decision", stuck_decisions),
    ("petitions.moderate_signature", held_signatures),
    ("petitions.moderate_signature", voices_to_read),
    ("petitions.add_paperbatch", rows_to_settle),
    ("letters.change_channelstatus", paused_channels),
    ("letters.change_channelstatus", unreachable_channels),
    ("letters.change_delivery", stuck_letters),
    ("letters.change_office", offices_out_of_reach),
    ("letters.change_office", returned_mail),
    ("letters.read_letter", letters_to_print),
    ("letters.change_office", members_to_check),
    ("letters.change_office", terms_to_end),
    ("letters.change_lettercampaign", lapsed_bills),
    ("pages.change_page", stranded_drafts),
    ("pages.change_page", outdated_translations),
    ("pages.send_issue", unsure_issues),
]
