"""The pages with which constituents send a letter themselves, behind the link that only their mailbox has."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from campaign.web.decorators import personal_page
from letters.delivery import notifications
from letters.delivery.paper.pdf import letter_pdf
from letters.models import Constituent, Delivery
from letters.submission import retention, workflow
from letters.tracking.status import is_left_behind, status_of
from letters.tracking.views import unusable_link


def get_constituent(token: str) -> Constituent | None:
    """Return the confirmed constituent of this link, or None."""
    constituent = workflow.find(token)
    return constituent if constituent and constituent.confirmed_at else None


@personal_page
@require_safe
def own_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is stored of a person and their letters."""
    constituent = get_constituent(token)
    if constituent is None:
        return unusable_link(request)
    statuses = [status_of(delivery) for delivery in Delivery.objects.of_constituent(constituent.pk)]
    lines = constituent.sender.lines(get_language() or "en")
    context = {"constituent": constituent, "lines": lines, "statuses": statuses, "token": token}
    return render(request, "letters/mine.html", {**context, "track_token": workflow.track_token(constituent)})


@personal_page
@require_POST
def erase(request: HttpRequest, token: str) -> HttpResponse:
    constituent = get_constituent(token)
    if constituent is None:
        return unusable_link(request)
    retention.erase(constituent)
    return render(request, "letters/erased.html", {"campaign": constituent.campaign})


def get_delivery(token: str, delivery_id: str) -> Delivery | None:
    """Return a letter of the person whom the confirmation link was mailed to, once confirmed; else None."""
    constituent = get_constituent(token)
    if constituent is None:
        return None
    return Delivery.objects.of_constituent(constituent.pk).with_id(delivery_id).first()


@personal_page
@require_safe
def by_hand(request: HttpRequest, token: str, delivery_id: str) -> HttpResponse:
    delivery = get_delivery(token, delivery_id)
    if delivery is None:
        return unusable_link(request)
    letter = delivery.letter
    if delivery.has_senator_left or is_left_behind(delivery):
        return redirect("letters:to-successor", token, delivery_id)
    context = {
        "delivery": delivery,
        "status": status_of(delivery),
        "office": letter.office,
        "message": letter.message,
        "sender": letter.constituent.sender,
        "token": token,
        "track_token": workflow.track_token(letter.constituent),
    }
    return render(request, "letters/by_hand.html", context)


@personal_page
@require_safe
def paper(request: HttpRequest, token: str, delivery_id: str) -> HttpResponse:
    delivery = get_delivery(token, delivery_id)
    if delivery is None:
        return unusable_link(request)
    name = f"letter-{delivery.letter.office.directory_id}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(letter_pdf(delivery), content_type="application/pdf", headers=headers)


@personal_page
@require_POST
def sent(request: HttpRequest, token: str, delivery_id: str) -> HttpResponse:
    """Record that the constituent has sent the letter."""
    delivery = get_delivery(token, delivery_id)
    if delivery is None:
        return unusable_link(request)
    notifications.note_sent_by_hand(delivery)
    address = reverse("letters:track", args=[workflow.track_token(delivery.letter.constituent)])
    return HttpResponseRedirect(address, status=303)
