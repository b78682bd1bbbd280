"""The pages behind mailed links: confirm letters, see what became of them, take one back."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.mail.cooldown import honour
from campaign.web.decorators import personal_page
from letters.delivery import notifications
from letters.delivery.channel_labels import ways_of
from letters.models import Constituent, Delivery, Letter, LetterCampaign, Office
from letters.models.delivery_states import NotAllowed
from letters.models.message import Message
from letters.proposals import letter_templates
from letters.submission import workflow
from letters.tracking.status import status_of


def unusable_link(request: HttpRequest) -> HttpResponse:
    """Answer the same for every link that is wrong, expired or cut short."""
    return render(request, "letters/link_unusable.html", {"campaigns": LetterCampaign.objects.open()}, status=404)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    constituent = workflow.find(token)
    if constituent is None:
        return unusable_link(request)
    if request.method != "POST":
        return confirm_page(request, constituent)
    try:
        workflow.confirm(constituent, shown=request.POST.get("seal"))
    except workflow.Changed:
        return confirm_page(request, constituent, has_changed=True)
    except workflow.TooLate:
        return confirm_page(request, constituent)
    if constituent.confirmed_at is None:  # as it was before confirming
        honour(request.GET.get("receipt", ""))
    return to_tracking(workflow.track_token(constituent))


def confirm_page(request: HttpRequest, constituent: Constituent, *, has_changed: bool = False) -> HttpResponse:
    """Show what the button sends, word for word: the person who opens the mail need not be the one who wrote."""
    deliveries = list(Delivery.objects.of_constituent(constituent.pk).standing())
    context = {
        "campaign": constituent.campaign,
        "constituent": constituent,
        "letters": letters_shown(constituent, deliveries),
        "seat_changes": [change for delivery in deliveries if (change := seat_change(delivery.letter))],
        "seal": workflow.seal_of(deliveries),
        "has_changed": has_changed,
        "track_token": workflow.track_token(constituent) if constituent.confirmed_at else "",
    }
    if not (constituent.confirmed_at or constituent.campaign.takes_confirmations):
        return render(request, "letters/too_late.html", context, status=410)
    return render(request, "letters/confirm.html", context, status=409 if has_changed else 200)


def letters_shown(
    constituent: Constituent, deliveries: Sequence[Delivery]
) -> list[tuple[Office, Message, Any, letter_templates.Along | None]]:
    """Return whom each goes to, the letter, how, and our text in the reader's language if it has another."""
    letters, language = [delivery.letter for delivery in deliveries], get_language() or "en"
    offices = [letter.office for letter in letters]
    along = letter_templates.read_along(constituent.campaign, offices, constituent.sender, language)
    return [
        (letter.office, letter.message, way.words, along.get(letter.office))
        for letter, way in zip(letters, ways_of(deliveries), strict=True)
    ]


def seat_change(letter: Letter) -> tuple[Office, Office | None] | None:
    """Return who has left the letter's seat, and who holds it now."""
    if letter.former_office:
        return letter.former_office, letter.office
    return None if letter.office.is_current else (letter.office, letter.office.holder)


@personal_page
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    return tracking_page(request, token)


@personal_page
@require_POST
def withdraw(request: HttpRequest, token: str, delivery_id: str) -> HttpResponse:
    constituent = workflow.track_by_token(token)
    mine = Delivery.objects.of_constituent(constituent.pk) if constituent else Delivery.objects.none()
    if (delivery := mine.with_id(delivery_id).first()) is None:
        return unusable_link(request)
    try:
        workflow.withdraw(delivery)
    except NotAllowed:
        return tracking_page(request, token, is_too_late=True)
    return to_tracking(token)


@personal_page
@require_POST
def mail_again(request: HttpRequest, token: str) -> HttpResponse:
    """Mail the link to one's own text to one's own mailbox only, so that the tracking page can be shown to others."""
    constituent = workflow.track_by_token(token)
    if constituent is None:
        return unusable_link(request)
    notifications.ask_again(constituent)
    return HttpResponseRedirect(f"{reverse('letters:track', args=[token])}?again=1", status=303)


def to_tracking(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("letters:track", args=[token]), status=303)


def tracking_page(request: HttpRequest, token: str, *, is_too_late: bool = False) -> HttpResponse:
    constituent = workflow.track_by_token(token)
    if constituent is None:
        return unusable_link(request)
    statuses = [status_of(delivery) for delivery in Delivery.objects.of_constituent(constituent.pk)]
    context = {"campaign": constituent.campaign, "token": token, "statuses": statuses, "is_too_late": is_too_late}
    context |= {"is_mailed_again": "again" in request.GET, "needs_hand": any(status.needs_hand for status in statuses)}
    return render(request, "letters/track.html", context, status=409 if is_too_late else 200)
