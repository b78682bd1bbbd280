"""Mail to constituents: what it says depends on how the letters stand when the mail goes out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import get_language_info, override

from campaign.mail.cooldown import receipt_for
from campaign.mail.handler import Mail, MailHandler
from campaign.outbox.handlers import Item
from campaign.web.links import link_to
from letters.delivery.channel_labels import ways_of
from letters.models import Constituent, Delivery, Letter, Office
from letters.submission import workflow


class LetterConfirmationMail(MailHandler):
    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        wanted = [item.payload["constituent"] for item in items]
        constituents = Constituent.objects.for_mail().in_bulk(wanted)
        for item in items:
            yield item, mail_to_constituent(constituents.get(item.payload["constituent"]), item.secret["address"])


def mail_to_constituent(constituent: Constituent | None, address: str, *, is_reminder: bool = False) -> Mail | None:
    """Holds no word that was typed: the address may be somebody else's. None where there is nothing to confirm."""
    if constituent is None or not (constituent.confirmed_at or has_usable_link(constituent)):
        return None
    name = "letters/already_confirmed" if constituent.confirmed_at else "letters/confirmation"
    written = list(constituent.letters.all())
    ways = ways_of(letter.delivery for letter in written)
    letters = [(one.office, language_told(one), way.words) for one, way in zip(written, ways, strict=True)]
    context = {
        "campaign": constituent.campaign,
        "offices_and_ways": letters,
        "is_in_other_language": any(language for _office, language, _way in letters) and has_own_letter(constituent),
        "expires_at": constituent.confirm_by,
        "is_reminder": is_reminder,
        "site_url": settings.SITE_URL,
        "confirm_url": constituent_link(constituent, "letters:confirm", workflow.confirmation_token(constituent))
        + receipt_for(address),
        "mine_url": constituent_link(constituent, "letters:mine", workflow.confirmation_token(constituent)),
        "track_url": constituent_link(constituent, "letters:track", workflow.track_token(constituent)),
    }
    return Mail(name, language=constituent.language, to=address, context=context)


def has_own_letter(constituent: Constituent) -> bool:
    return constituent.campaign.letter_language(constituent.language) == constituent.language


def language_told(letter: Letter) -> str:
    """Return the name of the letter's language for its writer; empty if the campaign has no other for them."""
    written, own = letter.message.language, letter.constituent.language
    if written == letter.constituent.campaign.letter_language(own):
        return ""
    with override(own):
        return str(get_language_info(written)["name_translated"])


def has_usable_link(constituent: Constituent) -> bool:
    return constituent.campaign.takes_confirmations and bool(constituent.letters.all())


class LetterReminderMail(MailHandler):
    """Once, to those who have not confirmed; the wording of the first mail holds here as well."""

    is_capped = True

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        wanted = [item.payload["constituent"] for item in items]
        waiting = Constituent.objects.for_mail().unconfirmed().filter(expires_at__gt=Now()).in_bulk(wanted)
        for item in items:
            yield (
                item,
                mail_to_constituent(waiting.get(item.payload["constituent"]), item.secret["address"], is_reminder=True),
            )


class LettersMail(MailHandler):
    """The way to one's own letters: because some need one's own hand, or because one asked for it (`wish`)."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        wanted = [item.payload["constituent"] for item in items]
        constituents = Constituent.objects.for_mail().confirmed().in_bulk(wanted)
        by_constituent: dict[int, list[Delivery]] = defaultdict(list)
        for delivery in Delivery.objects.for_hand().with_letter().in_order().filter(letter__constituent__in=wanted):
            by_constituent[delivery.letter.constituent_id].append(delivery)
        for item in items:
            constituent = constituents.get(item.payload["constituent"])
            letters = by_constituent[item.payload["constituent"]]
            if constituent and (letters or item.payload.get("wish")):
                yield item, own_letters_mail(constituent, letters, item.secret["address"])
            else:
                yield item, None


class CancelledMail(MailHandler):
    """Staff cancelled letters: which of them, and where to write anew."""

    def compose(self, items: Sequence[Item]) -> Iterator[tuple[Item, Mail | None]]:
        wanted = [item.payload["constituent"] for item in items]
        constituents = Constituent.objects.for_mail().confirmed().in_bulk(wanted)
        offices: dict[int, list[Office]] = defaultdict(list)
        for delivery in (
            Delivery.objects.cancelled().with_letter().filter(letter__constituent__in=wanted).order_by("pk")
        ):
            offices[delivery.letter.constituent_id].append(delivery.letter.office)
        for item in items:
            constituent = constituents.get(item.payload["constituent"])
            mine = offices[item.payload["constituent"]]
            yield item, cancelled_letters(constituent, mine, item.secret["address"]) if constituent and mine else None


def cancelled_letters(constituent: Constituent, offices: Sequence[Office], address: str) -> Mail:
    campaign = constituent.campaign
    context = {
        "campaign": campaign,
        "offices": offices,
        "write_url": link_to("letters:campaign", campaign.slug, language=constituent.language),
        "site_url": settings.SITE_URL,
    }
    return Mail("letters/cancelled", language=constituent.language, to=address, context=context)


def own_letters_mail(constituent: Constituent, for_hand: Sequence[Delivery], address: str) -> Mail:
    token = workflow.confirmation_token(constituent)
    context = {
        "campaign": constituent.campaign,
        "letters": [
            (d.letter.office, constituent_link(constituent, "letters:by-hand", token, d.delivery_id)) for d in for_hand
        ],
        "have_forms": all(delivery.letter.office.contact_form for delivery in for_hand),
        "mine_url": constituent_link(constituent, "letters:mine", token),
        "site_url": settings.SITE_URL,
    }
    name = "letters/your_hand" if for_hand else "letters/your_letters"
    return Mail(name, language=constituent.language, to=address, context=context)


def constituent_link(constituent: Constituent, view: str, *parts: str) -> str:
    return link_to(view, *parts, language=constituent.language)
